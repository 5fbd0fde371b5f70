"""Requests to appoint or dismiss officers: the event, with name and password in rows; also the first admin at the first start."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.auth.accounts import persons, queries
from services.auth.accounts.persons import Person
from services.auth.officers import request_details
from services.auth.officers.domain import Context, officer_decider
from services.auth.officers.request_details import Details
from services.auth.sign_in import credentials, recovery
from services.auth.sign_in.credentials import Passwords
from shared import provinces
from shared.contract.auth import commands, events
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records, handle

FIRST_ADMIN = "admin"
FIRST_APPOINTMENT = UUID("5d2d3c1a-6f0e-4b8e-9c55-0a6c1d2f7e11")
"""The namespace of the first appointment's id, so that two starts at once appoint once."""


def stream_of(officer: str) -> str:
    return f"officer/{officer}"


def appoint(records: Records, passwords: Passwords, command: commands.AppointOfficer, caller: Passport) -> None:
    """Request that an officer is appointed, or that what an officer may do is changed."""
    require_allowed(caller, command)
    record(records, passwords, command, caller)


def require_allowed(caller: Passport, command: commands.AppointOfficer) -> None:
    """An admin gives only provinces of their own, and does not lock themselves out."""
    if not set(command.provinces) <= provinces.PROVINCES.keys():
        raise Refused(Reason.BAD_INPUT, {"provinces": "enum"})
    caller.must_have(Role.ADMIN)
    gives_up_admin = command.officer == caller.subject and Role.ADMIN not in command.roles
    if gives_up_admin or not caller.provinces.issuperset(command.provinces):
        raise Refused(Reason.NOT_ALLOWED)


def record(records: Records, passwords: Passwords, command: commands.AppointOfficer, caller: Passport | None) -> None:
    """Append the request, with name and password in a row; or the appointment, where nobody else could grant it."""
    account = f"officer:{command.officer}"
    password = command.password.get_secret_value() if command.password else None
    if password is not None:
        credentials.require_strong(password, account, (command.full_name, *command.provinces))
    password_hash = passwords.hash(credentials.canonical(password)) if password is not None else None
    details = Details(command.full_name, password_hash)
    log = records.own_log()

    def work(connection: Connection, metadata: Metadata) -> bool:
        log.lock(connection)
        decider = officer_decider(context_of(connection, caller))
        handled = handle(connection, log, stream_of(command.officer), command, decider, metadata)
        if handled.is_new and isinstance(handled.recorded[0].event, events.AppointmentRequested):
            request_details.save(connection, command.id, details)
        elif handled.is_new:
            put_in_force(connection, command.officer, details, command.at)
        return handled.is_new

    is_new = records.transact(command, work)
    if password is not None and not is_new:
        require_same_password(records, passwords, command, password)


def context_of(connection: Connection, caller: Passport | None) -> Context:
    """What a request rests on; without a caller it is the first admin's appointment."""
    if caller is None:
        return Context(is_only_admin=True)
    return Context(caller.provinces, is_only_admin=queries.admins(connection) == [caller.subject])


def require_same_password(
    records: Records, passwords: Passwords, command: commands.AppointOfficer, password: str
) -> None:
    """Refuse a repeated command that has another password: its digest leaves the password out, so the hash decides."""
    with records.read() as connection:
        waiting = request_details.find(connection, command.id)
    if waiting is None:
        credentials.require_same_password(records, passwords, f"officer:{command.officer}", password)
    elif not passwords.verify(waiting.password_hash, credentials.canonical(password)):
        raise Refused(Reason.CONFLICT, {"id": ID_TAKEN})


def put_in_force(connection: Connection, officer: str, details: Details, at: datetime) -> None:
    """The name, and where there is one the new password, with which all access of before ends."""
    account = f"officer:{officer}"
    persons.save(connection, account, Person(last_name=details.full_name))
    if details.password_hash is not None:
        is_first = credentials.find(connection, account).password_hash is None
        credentials.save_hash(connection, account, details.password_hash, at, is_own=True)
        recovery.end_access(connection, account)
        if not is_first:
            recovery.notice_reset(connection, account, at)


def dismiss(records: Records, command: commands.DismissOfficer, caller: Passport) -> None:
    """Request that all roles are taken from an officer."""
    caller.must_have(Role.ADMIN)
    if command.officer == caller.subject:
        raise Refused(Reason.NOT_ALLOWED)
    records.handle(stream_of(command.officer), command, officer_decider(Context(caller.provinces)))


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
    record(records, passwords, command, caller=None)
    return True
