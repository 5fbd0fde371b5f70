"""Compatibility of the contract: no change breaks what is on record, and each addition is recorded and in the generated pages."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.services import SERVICES
from tests.contract import record, schemas
from tests.contract.compatibility import breaks
from tests.contract.schemas import Contract

STALE = "run `make contract` and look at what it changes"


@pytest.fixture(scope="module")
def now() -> Contract:
    """Made in the process that runs these tests, not in each that collects them."""
    return schemas.contract()


def test_nothing_breaks_what_was_promised(now: Contract) -> None:
    assert breaks(record.promised(), now) == []


@pytest.mark.parametrize("path", record.FILES, ids=lambda path: path.name)
def test_what_follows_from_the_contract_is_not_stale(path: Path, now: Contract) -> None:
    assert path.read_text(encoding="utf-8") == record.FILES[path](now), STALE


def test_the_contract_on_record_can_be_read_again(now: Contract) -> None:
    assert json.loads(record.written(now)) == json.loads(json.dumps(now))


# ---------------------------------------------------------------- the gate itself

Change = Callable[[Contract], object]


def fields(contract: Contract, kind: str, word: str) -> dict[str, Any]:
    found: dict[str, Any] = contract[kind][word]["fields"]
    return found


def renamed(contract: Contract) -> None:
    of = fields(contract, "events", "RenewalApproved")
    of["accepted_at"] = {name: value for name, value in of.pop("approved_at").items() if name != "required"}


DESK = "POST /api/renewal/list_desk"
BREAKING: dict[str, Change] = {
    "events: PaymentSettled is gone": lambda now: now["events"].pop("PaymentSettled"),
    "asks: ApproveRenewal is gone": lambda now: now["asks"].pop("ApproveRenewal"),
    "reasons: no_tariff is gone": lambda now: now["reasons"].pop("no_tariff"),
    "samples: PaymentSettled.v1.json is gone": lambda now: now["samples"].pop("PaymentSettled.v1.json"),
    "samples: PaymentSettled.v1.json has another sha256: 0 instead of ": (
        lambda now: now["samples"]["PaymentSettled.v1.json"].update(sha256="0")
    ),
    "events: RenewalApproved.approved_at is gone": renamed,
    "answers: Capacity.fields[].used_units is gone": (
        lambda now: fields(now, "answers", "Capacity").pop("fields[].used_units")
    ),
    "events: InvoiceIssued.amount_rials has another type: string instead of integer": (
        lambda now: fields(now, "events", "InvoiceIssued")["amount_rials"].update(type="string")
    ),
    "events: RenewalApproved.jobs[].kind can no longer be teaching_theory": (
        lambda now: fields(now, "events", "RenewalApproved")["jobs[].kind"]["enum"].remove("teaching_theory")
    ),
    "events: InvoiceIssued.schema_version can no longer be 2": (
        lambda now: fields(now, "events", "InvoiceIssued")["schema_version"].update(enum=[1])
    ),
    "events: MemberEnrolled.paid_through has another nullable: None instead of True": (
        lambda now: fields(now, "events", "MemberEnrolled")["paid_through"].pop("nullable")
    ),
    "events: InvoiceIssued has another source: bank instead of payment": (
        lambda now: now["events"]["InvoiceIssued"].update(source="bank")
    ),
    "asks: SignIn has another method: log_in instead of sign_in": (
        lambda now: now["asks"]["SignIn"].update(method="log_in")
    ),
    "events: PaymentHeld.held_by is new and has no default": (
        lambda now: fields(now, "events", "PaymentHeld").update(held_by={"type": "string", "required": True})
    ),
    "asks: SubmitDeclaration.form.jobs[].hours is new and has no default": (
        lambda now: fields(now, "asks", "SubmitDeclaration").update({"form.jobs[].hours": {"required": True}})
    ),
    "asks: SetCalendarDay.opens has lost its default": (
        lambda now: fields(now, "asks", "SetCalendarDay")["opens"].update(required=True)
    ),
    "asks: ReturnRenewal.reason is held to a narrower minLength: 20 instead of 10": (
        lambda now: fields(now, "asks", "ReturnRenewal")["reason"].update(minLength=20)
    ),
    "asks: SignIn.name is held to a narrower maxLength: 20 instead of 40": (
        lambda now: fields(now, "asks", "SignIn")["name"].update(maxLength=20)
    ),
    "asks: WithdrawRenewal.member has another pattern: ^[1-9]+$ instead of ^[0-9]{3,12}$": (
        lambda now: fields(now, "asks", "WithdrawRenewal")["member"].update(pattern="^[1-9]+$")
    ),
    "asks: IssuePassports.services[] has another pattern: ^(auth|other)$ instead of ": (
        lambda now: fields(now, "asks", "IssuePassports")["services[]"].update(pattern="^(auth|other)$")
    ),
    "api: POST /api/renewal/list_desk is gone": lambda now: now["api"].pop(DESK),
    "api: POST /api/renewal/list_desk.status can no longer be 429": (
        lambda now: fields(now, "api", DESK)["status"]["enum"].remove(429)
    ),
    "api: POST /api/payment/get_tariff has another needs_session: True instead of False": (
        lambda now: now["api"]["POST /api/payment/get_tariff"].update(needs_session=True)
    ),
    "api: POST /api/renewal/approve_renewal.header Idempotency-Key is gone": (
        lambda now: fields(now, "api", "POST /api/renewal/approve_renewal").pop("header Idempotency-Key")
    ),
    "api: POST /api/renewal/list_desk.header X-Purpose is new and has no default": (
        lambda now: fields(now, "api", DESK).update({"header X-Purpose": {"required": True}})
    ),
    "asks: ListDesk.limit has another default: 10 instead of 50": (
        lambda now: fields(now, "asks", "ListDesk")["limit"].update(default=10)
    ),
    "asks: ListDesk.flag can no longer be none": lambda now: fields(now, "asks", "ListDesk")["flag"]["enum"].remove(
        "none"
    ),
    "asks: SubmitDeclaration.form.jobs[].quantity is held to a narrower exclusiveMinimum: 5 instead of 0": (
        lambda now: fields(now, "asks", "SubmitDeclaration")["form.jobs[].quantity"].update(exclusiveMinimum=5)
    ),
    "asks: SetDeputy.deputy is held to a narrower minLength: 3 instead of None": (
        lambda now: fields(now, "asks", "SetDeputy")["deputy"].update(minLength=3)
    ),
    "asks: SaveDraft.fields is held to a narrower maxProperties: 4 instead of 400": (
        lambda now: fields(now, "asks", "SaveDraft")["fields"].update(maxProperties=4)
    ),
    "asks: SaveDraft.fields{} is held to a narrower maxLength: 10 instead of 1000": (
        lambda now: fields(now, "asks", "SaveDraft")["fields{}"].update(maxLength=10)
    ),
    "asks: SaveDraft.fields{name} has another pattern: ^x$ instead of ": (
        lambda now: fields(now, "asks", "SaveDraft")["fields{name}"].update(pattern="^x$")
    ),
    "asks: AddWebhook.events can no longer hold the same twice": (
        lambda now: fields(now, "asks", "AddWebhook")["events"].update(uniqueItems=True)
    ),
    "answers: Desk.total is no longer always there": (
        lambda now: fields(now, "answers", "Desk")["total"].pop("required")
    ),
    "answers: Webhooks.webhooks[].state is no longer one of some names": (
        lambda now: fields(now, "answers", "Webhooks")["webhooks[].state"].pop("enum")
    ),
    "answers: Webhooks.webhooks[].state can no longer be failing": (
        lambda now: fields(now, "answers", "Webhooks")["webhooks[].state"]["enum"].remove("failing")
    ),
    "answers: Webhooks.webhooks[].made_at has another format: date instead of date-time": (
        lambda now: fields(now, "answers", "Webhooks")["webhooks[].made_at"].update(format="date")
    ),
    "api: POST /api/renewal/list_desk has another operation_id: desk instead of renewal_list_desk": (
        lambda now: now["api"][DESK].update(operation_id="desk")
    ),
    "api: POST /api/renewal/list_desk.scope can no longer be desk:read": (
        lambda now: fields(now, "api", DESK)["scope"]["enum"].remove("desk:read")
    ),
    "api: POST /api/renewal/list_desk.header Accept-Language has lost its default": (
        lambda now: fields(now, "api", DESK)["header Accept-Language"].update(required=True)
    ),
    "api: POST /api/renewal/approve_renewal.header Idempotency-Key has another format: date instead of uuid": (
        lambda now: fields(now, "api", "POST /api/renewal/approve_renewal")["header Idempotency-Key"].update(
            format="date"
        )
    ),
    "api: POST /api/renewal/list_desk.answer header X-Correlation-Id is no longer always there": (
        lambda now: fields(now, "api", DESK)["answer header X-Correlation-Id"].update(always=False)
    ),
    "api: POST /api/renewal/list_desk.answered as can no longer be application/json": (
        lambda now: fields(now, "api", DESK)["answered as"].update(enum=["text/csv"])
    ),
    "problems: 429.answer header Retry-After is gone": (
        lambda now: fields(now, "problems", "429").pop("answer header Retry-After")
    ),
    "problems: 409.refused can no longer be conflict": (
        lambda now: fields(now, "problems", "409")["refused"]["enum"].remove("conflict")
    ),
    "forms: /api/oauth/token.client_id is gone": lambda now: fields(now, "forms", "/api/oauth/token").pop("client_id"),
    "forms: /api/oauth/token.scope has lost its default": (
        lambda now: fields(now, "forms", "/api/oauth/token")["scope"].update(required=True)
    ),
    "tokens: AccessToken.expires_in is no longer always there": (
        lambda now: fields(now, "tokens", "AccessToken")["expires_in"].pop("required")
    ),
    "tokens: Error.error can no longer be invalid_scope": (
        lambda now: fields(now, "tokens", "Error")["error"]["enum"].remove("invalid_scope")
    ),
    "scopes: desk:read.operation can no longer be renewal.get_timeline": (
        lambda now: fields(now, "scopes", "desk:read")["operation"]["enum"].remove("renewal.get_timeline")
    ),
    "webhooks: RenewalApproved is gone": lambda now: now["webhooks"].pop("RenewalApproved"),
    "notices: BankNotice.status can no longer be 202": (
        lambda now: fields(now, "notices", "BankNotice")["status"]["enum"].remove(202)
    ),
    "notices: BankNotice.kind is new and has no default": (
        lambda now: fields(now, "notices", "BankNotice").update(kind={"type": "string", "required": True})
    ),
    "notices: BankNotice.authority has another pattern: ^A$ instead of ": (
        lambda now: fields(now, "notices", "BankNotice")["authority"].update(pattern="^A$")
    ),
    "notices: BankCallback.Status can no longer be NOK": (
        lambda now: fields(now, "notices", "BankCallback")["Status"]["enum"].remove("NOK")
    ),
    "messages: WebhookMessage.header webhook-id is gone": (
        lambda now: fields(now, "messages", "WebhookMessage").pop("header webhook-id")
    ),
    "messages: Refusal.refused can no longer be no_tariff": (
        lambda now: fields(now, "messages", "Refusal")["refused"]["enum"].remove("no_tariff")
    ),
    "messages: Refusal.details is gone": lambda now: fields(now, "messages", "Refusal").pop("details"),
}
ADDING: dict[str, Change] = {
    "an event": lambda now: now["events"].update(RenewalReopened={"source": "renewal", "fields": {}}),
    "a reason": lambda now: now["reasons"].update(too_early={}),
    "a sample": lambda now: now["samples"].update({"PaymentSettled.v2.json": {"sha256": "0"}}),
    "a field with a default": lambda now: fields(now, "events", "PaymentHeld").update(held_by={"type": "string"}),
    "a field of an answer": lambda now: fields(now, "answers", "Desk").update(late={"required": True}),
    "a part with a default, whatever is needed within it": lambda now: fields(now, "asks", "SignIn").update(
        {"client": {"type": "object"}, "client.name": {"required": True}}
    ),
    "a version of an event's data": (
        lambda now: fields(now, "events", "InvoiceIssued")["schema_version"].update(enum=[3])
    ),
    "a choice": lambda now: fields(now, "events", "RenewalApproved")["jobs[].kind"]["enum"].append("tunnelling"),
    "a status": lambda now: fields(now, "api", DESK)["status"]["enum"].append(410),
    "a path": lambda now: now["api"].update({"POST /api/renewal/reopen_renewal": {"fields": {}}}),
    "a service": lambda now: fields(now, "asks", "IssuePassports")["services[]"].update(
        pattern=f"^({'|'.join((*SERVICES, 'archive'))})$"
    ),
    "a first upper bound": lambda now: fields(now, "asks", "SetDeputy")["deputy"].update(maxLength=900),
    "a scope of an operation": lambda now: fields(now, "api", DESK)["scope"]["enum"].append("desk:count"),
    "an operation of a scope": lambda now: fields(now, "scopes", "desk:read")["operation"]["enum"].append("a.b"),
    "a header of an answer": lambda now: fields(now, "api", DESK).update({"answer header ETag": {"always": False}}),
    "room": lambda now: fields(now, "asks", "SignIn")["name"].update(maxLength=80),
    "a default": lambda now: fields(now, "asks", "SubmitDeclaration")["form.postal_code"].pop("required"),
}


@pytest.mark.parametrize(("sentence", "change"), BREAKING.items(), ids=BREAKING)
def test_a_change_that_breaks_is_named(sentence: str, change: Change, now: Contract) -> None:
    changed = copy.deepcopy(now)
    change(changed)
    (found,) = breaks(now, changed)
    assert found.startswith(sentence)


@pytest.mark.parametrize("change", ADDING.values(), ids=ADDING)
def test_an_addition_breaks_nothing(change: Change, now: Contract) -> None:
    changed = copy.deepcopy(now)
    change(changed)
    assert changed != now
    assert breaks(now, changed) == []
