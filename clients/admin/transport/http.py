"""RPC over the gateway's HTTP API as JSON, by httpx."""

from typing import TypeVar

import httpx

from clients.admin.transport import client
from shared.contract.base import Answer, Message

A = TypeVar("A", bound=Answer)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
GATEWAY_ERRORS = {502, 503, 504}
"""Status codes of a proxy in front when nothing answers behind it."""


class HttpServer:
    """The gateway's JSON API: `POST {url}/api/{service}/{method}`, with the session as a bearer token."""

    def __init__(self, url: str, session: str | None, seconds: float) -> None:
        self._seconds = seconds
        # a proxy for the world outside must not see what goes to this very machine
        has_proxies = httpx.URL(url).host not in LOOPBACK
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {session}"} if session else {},
            trust_env=has_proxies,
            verify=has_proxies or httpx.URL(url).scheme == "https",  # reading the authorities takes a while
        )

    def call(self, message: Message[A], service: str | None = None) -> A:
        correlation_id = client.correlation_of(message)
        response = self._post(message, service, correlation_id)
        body = client.parse_json(response.content)
        if response.is_success:
            return client.read_answer(message, body, correlation_id)
        if isinstance(body, dict) and "refused" in body:
            raise client.refusal_from(body["refused"], body.get("details"), correlation_id)
        if response.status_code in GATEWAY_ERRORS:
            raise client.no_answer(server=f"HTTP {response.status_code}")
        server_id = body.get("correlation_id") if isinstance(body, dict) else None
        raise client.InternalError(f"HTTP {response.status_code}", str(server_id or correlation_id))

    def _post(self, message: Message[A], service: str | None, correlation_id: str) -> httpx.Response:
        wait = client.timeout_of(message, self._seconds) + client.GRACE_SECONDS
        try:
            return self._client.post(
                f"api/{service or message.service}/{message.method}",
                content=message.model_dump_json(exclude_defaults=True),  # an earlier version does not know every field
                headers={"Content-Type": "application/json", "X-Correlation-Id": correlation_id},
                timeout=httpx.Timeout(wait, connect=client.CONNECT_SECONDS),
            )
        except httpx.TransportError as error:
            raise client.no_answer(server=str(error) or type(error).__name__) from error

    def close(self) -> None:
        self._client.close()
