"""The contract as plain data in a form that can be compared: each word with its fields."""

import hashlib
from pathlib import Path
from typing import Any

from clients.bank.notices import receiver
from clients.gateway.api.problems import InternalError, Refusal
from deploy.reference import programs, webhooks
from shared.contract.bank.notices import BankCallback, BankNotice
from shared.contract.catalogue import ANSWERS, EVENTS
from shared.contract.envelope import CloudEvent
from shared.contract.notification import webhook_events
from shared.contract.notification.webhook_events import WebhookMessage
from shared.contract.passport import Passport
from shared.contract.refusals import Reason
from shared.policies.scopes import SCOPES
from tests.contract import http_api
from tests.contract.shapes import Field, fields

SAMPLES = Path(__file__).parent / "samples"
PROBLEMS = (Refusal, InternalError)

Word = dict[str, Any]
Contract = dict[str, dict[str, Any]]


def contract() -> Contract:
    """Everything that crosses a boundary, as it is now; facts and answers as they are written, asks as they are read."""
    messages = programs.all_messages()
    answer_types = ANSWERS.values()
    return {
        "events": {
            name: {"source": event.source, "fields": fields(event, "serialization")} for name, event in EVENTS.items()
        },
        "asks": {
            call.__name__: {
                "service": getattr(call, "service", "*"),
                "method": call.method,
                "answer": call.answer().__name__,
                "fields": fields(call, "validation"),
            }
            for call in messages
        },
        "answers": {word.__name__: {"fields": fields(word, "serialization")} for word in answer_types},
        "messages": {
            CloudEvent.__name__: {"fields": fields(CloudEvent, "serialization")},
            Passport.__name__: {"fields": fields(Passport, "serialization")},
            WebhookMessage.__name__: {"fields": {**fields(WebhookMessage, "serialization"), **headers()}},
            **{problem.__name__: {"fields": fields(problem, "serialization")} for problem in PROBLEMS},
        },
        **http_api.words(),
        "notices": notices(),
        "webhooks": {name: {"source": source} for name, source in webhook_events.SOURCES.items()},
        "scopes": {name: {"fields": {"operation": {"enum": list(those)}}} for name, those in SCOPES.items()},
        "reasons": {reason.value: {} for reason in Reason},
        "samples": {path.name: {"sha256": digest(path)} for path in sorted(SAMPLES.iterdir())},
    }


def notices() -> dict[str, Word]:
    """What banks send, and with which status a notice is answered."""
    answers = {"status": {"enum": list(receiver.ANSWERS)}}
    return {
        BankNotice.__name__: {"fields": {**fields(BankNotice, "validation"), **headers(), **answers}},
        BankCallback.__name__: {"fields": fields(BankCallback, "validation")},
    }


def headers() -> dict[str, Field]:
    """Of a signed message over HTTP."""
    return {f"header {name}": {"required": True} for name in webhooks.HEADERS}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
