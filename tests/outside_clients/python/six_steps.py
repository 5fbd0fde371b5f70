"""The six steps of a renewal by the client that openapi-python-client has generated from the description."""

import importlib
import json
import os
import time
from typing import Any

import requests
from tamdid_json_api_client import AuthenticatedClient, Client

PORTAL, MEMBER, YEAR = os.environ["PORTAL"], os.environ["MEMBER"], int(os.environ["YEAR"])
NOT_YET_FOLLOWED = {"unknown_member", "not_allowed", "no_invoice", "no_capacity", "not_settled", "nothing_to_confirm"}
PATIENCE_SECONDS = 40
PAUSE_SECONDS = 0.2


def call(client: Any, operation: str, **fields: Any) -> Any:
    """The generated answer of a generated call; repeated while a service has not followed what was done at another."""
    service, _, method = operation.partition(".")
    module = importlib.import_module(f"tamdid_json_api_client.api.{service}.{service}_{method}")
    body = module.sync_detailed.__annotations__["body"]
    kind = next(one for one in getattr(body, "__args__", (body,)) if hasattr(one, "from_dict"))
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = module.sync_detailed(client=client, body=kind.from_dict(fields))
        if answer.status_code == 200:
            return answer.parsed
        refused = answer.parsed.refused
        if refused not in NOT_YET_FOLLOWED or time.monotonic() > until:
            raise SystemExit(
                f"{operation}: {int(answer.status_code)} {refused} {json.dumps(answer.parsed.details.to_dict())}"
            )
        time.sleep(PAUSE_SECONDS)


def signed_in(principal_kind: str, name: str, password: str) -> AuthenticatedClient:
    with Client(base_url=PORTAL) as nobody:
        session = call(nobody, "auth.sign_in", principal_kind=principal_kind, name=name, password=password)
    return AuthenticatedClient(base_url=PORTAL, token=session.token)


about = {"member": MEMBER, "year": YEAR}
member = signed_in("member", MEMBER, os.environ["CODE"])
call(member, "renewal.request_renewal", **about)
call(member, "renewal.submit_declaration", **about, form=json.loads(os.environ["DECLARATION"]))
manager = signed_in("officer", os.environ["MANAGER"], os.environ["PASSWORD"])
desk = call(manager, "renewal.list_desk", province="isfahan")
assert MEMBER in [one.member for one in desk.renewals]
call(manager, "renewal.approve_renewal", **about, declaration_version=1)
while not (invoices := call(member, "payment.get_invoices", member=MEMBER).invoices):
    time.sleep(PAUSE_SECONDS)
started = call(member, "payment.start_payment", **about)
back = requests.post(started.redirect_url, data={"do": "pay"}, allow_redirects=False, timeout=20)
requests.get(back.headers["Location"], timeout=20)
until = time.monotonic() + PATIENCE_SECONDS
while call(member, "payment.get_invoices", member=MEMBER).invoices[0].status != "settled" and time.monotonic() < until:
    time.sleep(PAUSE_SECONDS)
call(manager, "payment.confirm_payment", **about, amount_rials=invoices[0].amount_rials)
while (capacity := call(member, "capacity.get_capacity", **about)).status != "active" and time.monotonic() < until:
    time.sleep(PAUSE_SECONDS)
print(
    f"request, declaration, approval, payment of {invoices[0].amount_rials:,} rials, confirmation; capacity {capacity.status}"
)
