"""Appointing and dismissing officers: the event, and name and password in rows; also the first admin at the first start."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.auth.accounts import persons, queries
from services.auth.accounts.persons import Person
from services.auth.officers.domain import officer_decider
from services.auth.sign_in import credentials, known_devices, sessions, throttle
from services.auth.sign_in.credentials import Passwords
from shared import provinces
from shared.contract.auth import commands
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records

FIRST_ADMIN = "admin"
FIRST_APPOINTMENT = UUID("5d2d3c1a-6f0e-4b8e-9c55-0a6c1d2f7e11")
"""The namespace of the first appointment's id, so that two starts at once appoint once."""


def appoint(records: Records, passwords: Passwords, command: commands.AppointOfficer, caller: Passport) -> None:
    """Appoint an officer, or change what an officer may do."""
    require_allowed(caller, command)
    record_appointment(records, passwords, command, caller.provinces)


def require_allowed(caller: Passport, command: commands.AppointOfficer) -> None:
    """An admin gives only provinces of their own, and does not lock themselves out."""
    if not set(command.provinces) <= provinces.PROVINCES.keys():
        raise Refused(Reason.BAD_INPUT, {"provinces": "enum"})
    caller.must_have(Role.ADMIN)
    gives_up_admin = command.officer == caller.subject and Role.ADMIN not in command.roles
    if gives_up_admin or not caller.provinces.issuperset(command.provinces):
        raise Refused(Reason.NOT_ALLOWED)


def record_appointment(
    records: Records, passwords: Passwords, command: commands.AppointOfficer, reach: frozenset[str] | None
) -> None:
    """Append the appointment, with name and password in rows."""
    account = f"officer:{command.officer}"
    password = command.password.get_secret_value() if command.password else None
    if password is not None:
        credentials.require_strong(password, account, (command.full_name, *command.provinces))
    password_hash = passwords.hash(credentials.canonical(password)) if password is not None else None

    def save(connection: Connection, _: object) -> None:
        if password_hash is not None:
            credentials.save_hash(connection, account, password_hash, command.at, is_own=True)
            sessions.end_all(connection, account)
            known_devices.forget_all(connection, account)
            throttle.unlock(connection, account)

    handled = records.handle(f"officer/{command.officer}", command, officer_decider(reach), save)
    if password is not None and handled.recorded and not handled.is_new:
        credentials.require_same_password(records, passwords, account, password)
    if handled.is_new or not handled.recorded:
        person = Person(last_name=command.full_name)
        records.write(lambda connection: persons.save(connection, account, person))


def dismiss(records: Records, command: commands.DismissOfficer, caller: Passport) -> None:
    """Take all roles from an officer, who is signed out at once."""
    account = f"officer:{command.officer}"
    caller.must_have(Role.ADMIN)
    if command.officer == caller.subject:
        raise Refused(Reason.NOT_ALLOWED)

    def delete(connection: Connection, _: object) -> None:
        credentials.delete_hash(connection, account)
        sessions.end_all(connection, account)

    records.handle(f"officer/{command.officer}", command, officer_decider(caller.provinces), delete)


def appoint_first(records: Records, passwords: Passwords, password: str | None, at: datetime) -> bool:
    """While there is no officer, appoint one who may appoint others everywhere; whether that was done."""
    with records.read() as connection:
        if not password or queries.has_officers(connection):
            return False
    command = commands.AppointOfficer(
        id=uuid5(FIRST_APPOINTMENT, FIRST_ADMIN),
        deadline=at,
        at=at,
        actor="program:auth",
        officer=FIRST_ADMIN,
        full_name="مدیر سامانه",
        roles=(Role.ADMIN,),
        provinces=tuple(provinces.PROVINCES),
        password=password,  # type: ignore[arg-type]  # pydantic makes the secret
    )
    record_appointment(records, passwords, command, reach=None)
    return True
