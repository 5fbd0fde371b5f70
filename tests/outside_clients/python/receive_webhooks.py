"""Standard Webhooks and Svix verify the same messages of a webhook of ours; a changed body neither of them believes."""

import json
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import standardwebhooks
import svix.webhooks

VERIFIERS = (standardwebhooks.Webhook(os.environ["SECRET"]), svix.webhooks.Webhook(os.environ["SECRET"]))
PATIENCE_SECONDS = 120
FAILURES = (standardwebhooks.WebhookVerificationError, svix.webhooks.WebhookVerificationError)
awaited = set(os.environ["EVENTS"].split())
seen: list[str] = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        for verifier in VERIFIERS:
            verifier.verify(body, headers)
            try:
                verifier.verify(body.replace("{", "{ ", 1), headers)
            except FAILURES:
                continue
            raise SystemExit("a changed body is believed")
        event = json.loads(body)
        assert event["data"]["id"] == headers["webhook-id"]
        kind = event["type"]
        if kind in awaited:
            awaited.remove(kind)
            seen.append(kind)
        self.send_response(204)
        self.end_headers()


server = HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Receiver)
server.timeout, until = 5, time.monotonic() + PATIENCE_SECONDS
while awaited and time.monotonic() < until:
    server.handle_request()
assert not awaited, f"nothing came of {awaited}"
print(f"both verify {', '.join(sorted(seen))}, and refuse a changed body")
