"""A request of each operation whose answer the sample services know: its needed fields by their names, and what differs."""

from typing import Any

from shared.contract.auth import commands as auth_commands
from shared.contract.base import Message
from shared.contract.notification import commands as notification_commands
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from tests.clients.gateway import samples, webhook_samples

FIELDS: dict[str, Any] = {
    "address": "09131234567",
    "amount_rials": 9_000_000,
    "attempt": str(samples.ATTEMPT),
    "bank_reference": "14050907-118",
    "browser": "secret-of-this-browser",
    "captcha_id": str(samples.ATTEMPT),
    "code": "123456",
    "current": "koohe-sefid-1405",
    "decision": str(samples.TASK),
    "declaration_version": 1,
    "degree": 4,
    "deputy": "sara",
    "events": ["PaymentConfirmed", "RenewalApproved"],
    "employment": samples.DECLARATION.employment.model_dump(mode="json"),
    "fields": {"city": "اصفهان"},
    "first_line": 1,
    "form": samples.DECLARATION.model_dump(mode="json"),
    "from_on": "2026-12-01",
    "full_name": "سارا یزدی",
    "is_on": True,
    "jobs": [samples.JOB.job.model_dump(mode="json")],
    "kind": "mine_technical_manager",
    "label": "تعطیلی هوای آلوده",
    "manual_payment": str(samples.SLIP),
    "member": samples.MEMBER,
    "member_class": "grade_2",
    "members": [samples.MEMBER],
    "month": 9,
    "name": "maryam",
    "new": "derakht-e-toot-1406",
    "notice": str(samples.NOTICE),
    "notices": [str(samples.NOTICE)],
    "officer": "maryam",
    "officers": ["maryam"],
    "on": "2026-12-01",
    "paid_on": "2026-11-28",
    "passkey": "{}",
    "passkey_id": "ab" * 32,
    "password": "koohe-sefid-1405",
    "principal_kind": "officer",
    "program": "desk-helper",
    "province": "isfahan",
    "provinces": ["isfahan"],
    "quiet_from": "22:00",
    "quiet_to": "08:00",
    "reason": "در مدرک پیوست، تاریخ پایان خوانا نیست.",
    "request": str(samples.TASK),
    "roles": ["manager"],
    "scopes": ["desk:read", "desk:approve"],
    "session": "manager-session",
    "session_id": "0" * 32,
    "slip": "88412",
    "starts_on": "2026-12-01",
    "statement": "ab" * 32,
    "text": "کد کاداستر را تلفنی پرسیدم.",
    "to_on": "2026-12-03",
    "total_rials": 9_000_000,
    "url": "https://hesabdari.example.ir/tamdid",
    "wants_reminders": True,
    "way": "sms",
    "ways": ["sms"],
    "webhook": str(webhook_samples.WEBHOOK),
    "year": samples.YEAR,
}
DIFFERENT: dict[type[Message[Any]], dict[str, Any]] = {
    auth_commands.AppointOfficer: {"officer": "sara", "password": "derakht-e-toot-1406"},
    operations_queries.ReadEvents: {"after": 0, "limit": 100},
    notification_commands.ReplayDeliveries: {"since": "2026-11-28T00:00:00+03:30"},
    payment_commands.OpenStatement: {"lines": 3},
    payment_commands.AddStatementLines: {
        "lines": [
            {
                "authority": samples.AUTHORITY,
                "amount_rials": 9_000_000,
                "paid_at": "2026-11-28T10:30:00+03:30",
                "status": "verified",
            }
        ]
    },
    renewal_commands.ReturnRenewal: {"fields": [{"field": "city", "fault": "wrong", "note": "نام شهر را بنویسید"}]},
    renewal_commands.HandOverRenewal: {"officer": "sara"},
    renewal_queries.ListDesk: {"limit": 3},
}
"""Beside the needed fields, or instead of them."""


def request(kind: type[Message[Any]]) -> dict[str, Any]:
    """What a caller sends of a message."""
    own = DIFFERENT.get(kind, {})
    given = {"id", "deadline"}
    needed = [name for name, field in kind.model_fields.items() if field.is_required() and name not in given]
    return {name: own[name] if name in own else FIELDS[name] for name in needed} | own
