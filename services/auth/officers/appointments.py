"""Officers: appointed and dismissed by admins within the provinces they serve, and the first admin, whom nobody could appoint."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.auth.accounts import projection
from services.auth.accounts.persons import Person
from services.auth.register import domain
from services.auth.sign_in import credentials, sessions, throttle
from services.auth.sign_in.credentials import Passwords
from shared import provinces
from shared.contract.auth import commands
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records

FIRST_ADMIN = "admin"
NOBODY_YET = UUID("5d2d3c1a-6f0e-4b8e-9c55-0a6c1d2f7e11")
"""The namespace of the first appointment's id, so that two starts at once appoint once."""


def appoint(records: Records, passwords: Passwords, command: commands.AppointOfficer, caller: Passport) -> None:
    """Appoint an officer, or change what an officer may do."""
    must_be_allowed(caller, command)
    put(records, passwords, command, caller.actor, caller.provinces)


def must_be_allowed(caller: Passport, command: commands.AppointOfficer) -> None:
    """An admin gives only provinces of their own, and does not lock themselves out."""
    if not set(command.provinces) <= provinces.PROVINCES.keys():
        raise Refused(Reason.BAD_INPUT, {"provinces": "enum"})
    caller.must_have(Role.ADMIN)
    given_up = command.officer == caller.subject and Role.ADMIN not in command.roles
    if given_up or not caller.provinces.issuperset(command.provinces):
        raise Refused(Reason.NOT_ALLOWED)


def put(
    records: Records,
    passwords: Passwords,
    command: commands.AppointOfficer,
    actor: str,
    reach: frozenset[str] | None = None,
) -> None:
    """Record an appointment, and keep name and password beside it."""
    account = f"officer:{command.officer}"
    password = command.password.get_secret_value() if command.password else None
    if password is not None:
        credentials.must_be_strong(password, account, None)
    password_hash = passwords.hash(credentials.canonical(password)) if password is not None else None
    person = Person("", command.full_name, None)

    def keep(connection: Connection, _: object) -> None:
        if password_hash is not None:
            credentials.keep(connection, account, password_hash, command.at, is_own=True)
            sessions.end_all(connection, account)
            throttle.unlock(connection, account)

    change = domain.Appoint(
        id=command.id,
        at=command.at,
        actor=actor,
        officer=command.officer,
        roles=command.roles,
        provinces=command.provinces,
        new_password=password is not None,
        reach=reach,
    )
    handled = records.handle(f"officer/{command.officer}", change, domain.OFFICER, also=keep, asked=command)
    if password is not None and handled.recorded and not handled.fresh:
        credentials.must_have_been_set(records, passwords, account, password)
    if handled.fresh or not handled.recorded:
        records.write(lambda connection: projection.put_person(connection, account, person))


def dismiss(records: Records, command: commands.DismissOfficer, caller: Passport) -> None:
    """Take all roles from an officer, who is signed out at once."""
    account = f"officer:{command.officer}"
    caller.must_have(Role.ADMIN)
    if command.officer == caller.subject:
        raise Refused(Reason.NOT_ALLOWED)

    def keep(connection: Connection, _: object) -> None:
        credentials.drop(connection, account)
        sessions.end_all(connection, account)

    change = domain.Dismiss(
        id=command.id, at=command.at, actor=caller.actor, officer=command.officer, reach=caller.provinces
    )
    records.handle(f"officer/{command.officer}", change, domain.OFFICER, also=keep, asked=command)


def appoint_first(records: Records, passwords: Passwords, password: str | None, at: datetime) -> bool:
    """While there is no officer, appoint one who may do everything everywhere; tells whether that was done."""
    with records.read() as connection:
        if not password or projection.has_officers(connection):
            return False
    command = commands.AppointOfficer(
        id=uuid5(NOBODY_YET, FIRST_ADMIN),
        deadline=at,
        at=at,
        officer=FIRST_ADMIN,
        full_name="مدیر سامانه",
        roles=tuple(Role),
        provinces=tuple(provinces.PROVINCES),
        password=password,  # type: ignore[arg-type]  # pydantic makes the secret
    )
    put(records, passwords, command, actor="program:auth")
    return True
