"""Invented people for the tests of auth, and what is asked of it about them."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from services.auth.officers import appointments, grants
from services.auth.sign_in.credentials import Passwords
from shared.contract.auth import commands
from shared.contract.base import Command
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Role
from shared.event_store.command_handler import Records

C = TypeVar("C", bound=Command[Any])

NOON = datetime(2026, 4, 18, 8, 30, tzinfo=UTC)
"""Saturday 29 Farvardin 1405, 12:00 in Tehran."""
MONTH = timedelta(days=30)
ADMIN = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="admin",
    roles=frozenset({Role.ADMIN}),
    provinces=frozenset({"isfahan", "fars"}),
)
SECOND = ADMIN.model_copy(update={"subject": "rahbar"})
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


def by(passport: Passport, command: C) -> C:
    """A command as it is stamped for another caller."""
    return command.model_copy(update={"actor": passport.actor})


def start_with_two_admins(records: Records, passwords: Passwords, at: datetime = NOON) -> None:
    """The first admin, and the second one whom the first one appoints alone."""
    if appointments.appoint_first(records, passwords, "the first password", at):
        appointments.appoint(records, passwords, appointment("rahbar", at, roles=[Role.ADMIN]), ADMIN)


def appoint(records: Records, passwords: Passwords, command: commands.AppointOfficer) -> None:
    """Appoint by two: the second admin requests it, the first one grants it."""
    start_with_two_admins(records, passwords)
    appointments.appoint(records, passwords, by(SECOND, command), SECOND)
    grant(records, command.officer, command.id)


def dismiss(records: Records, officer: str) -> None:
    """Dismiss by two; of the second admin the first one has requested it."""
    command = commands.DismissOfficer(**stamps(), officer=officer)
    asker, granter, at = (SECOND, ADMIN, NOON) if officer != SECOND.subject else (ADMIN, SECOND, NOON + MONTH)
    appointments.dismiss(records, by(asker, command), asker)
    grant(records, officer, command.id, granter, at)


def grant(records: Records, officer: str, request: UUID, granter: Passport = ADMIN, at: datetime = NOON) -> None:
    command = commands.GrantOfficerRequest(**stamps(at), officer=officer, request=request)
    grants.decide(records, by(granter, command), granter)


def appointment(officer: str = "modir", at: datetime = NOON, **more: Any) -> commands.AppointOfficer:
    fields = {
        "officer": officer,
        "full_name": "مدیر كارتابل",
        "roles": [Role.MANAGER],
        "provinces": ["isfahan"],
        "password": "a long enough one",
    }
    return commands.AppointOfficer(**{**stamps(at), **fields, **more})
