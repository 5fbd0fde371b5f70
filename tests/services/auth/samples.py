"""Invented people for the tests of auth, and what is asked of it about them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contract.auth import commands
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Role

NOON = datetime(2026, 4, 18, 8, 30, tzinfo=UTC)
"""Saturday 29 Farvardin 1405, 12:00 in Tehran."""
ADMIN = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="admin",
    roles=frozenset({Role.ADMIN}),
    provinces=frozenset({"isfahan", "fars"}),
)
ROW = {
    "membership_no": "۰۱۲-۳۴۵",
    "national_code": "19378653",
    "first_name": "آرمين",
    "last_name": "سنگ‌تراش",
    "province": "isfahan",
    "member_class": "grade_2",
    "licence_fields": "extraction; exploration",
    "licence_expires_on": "۱۴۰۶/۱۲/۲۹",
    "paid_through": "۱۴۰۴",
}
OTHER = ROW | {"membership_no": "012346", "national_code": "1275260187", "first_name": "نگار"}


def stamps(at: datetime = NOON, id: UUID | None = None) -> dict[str, Any]:  # noqa: A002 - the field's name
    return {"id": id or uuid4(), "deadline": at + timedelta(seconds=10), "at": at, "actor": ADMIN.actor}


def import_of(*rows: dict[str, str], at: datetime = NOON, **more: Any) -> commands.ImportMembers:
    return commands.ImportMembers(**{**stamps(at), "rows": rows, **more})


def sign_in(name: str, password: str, at: datetime = NOON, **more: Any) -> commands.SignIn:
    return commands.SignIn(**{**stamps(at), "principal_kind": "member", "name": name, "password": password, **more})


def appointment(officer: str = "modir", at: datetime = NOON, **more: Any) -> commands.AppointOfficer:
    fields = {
        "officer": officer,
        "full_name": "مدیر كارتابل",
        "roles": [Role.MANAGER],
        "provinces": ["isfahan"],
        "password": "a long enough one",
    }
    return commands.AppointOfficer(**{**stamps(at), **fields, **more})
