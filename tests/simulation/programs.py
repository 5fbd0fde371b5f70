"""The cluster's programs with their real decisions, views and processes, as each `service.py` and the bank's receiver join them."""

from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from clients.bank import tables as bank_tables
from clients.bank.notices import domain as notices
from services.auth import tables as auth_tables
from services.auth.accounts import projection as auth_projection
from services.auth.register import import_batch
from services.auth.sign_in.domain import PASSWORD
from services.capacity import startup
from services.capacity import subscriptions as capacity_subscriptions
from services.capacity.projection import bulk_fill, projector
from services.capacity.tables import projections as capacity_projections
from services.capacity.tables import state as capacity_state
from services.payment import process as payment_process
from services.payment import projection as payment_projection
from services.payment import subscriptions, tables
from services.payment.attempts import checkout, polling, reconciler
from services.payment.attempts import queries as attempt_queries
from services.payment.attempts.verification import Verification
from services.payment.fees import tariffs
from services.payment.invoices import domain, state
from services.renewal import subscriptions as renewal_subscriptions
from services.renewal import tables as renewal_tables
from services.renewal.office_hours import calendar, rules
from services.renewal.office_hours.domain import OFFICE_CALENDAR
from services.renewal.renewals import handler
from services.renewal.renewals import projection as renewal_projection
from services.renewal.renewals import queries as renewal_queries
from services.renewal.renewals.domain import Command as RenewalCommand
from services.renewal.renewals.domain import renewal_decider
from services.renewal.renewals.state import DecisionContext
from shared.contract.auth import commands as auth_commands
from shared.contract.bank import events as bank_events
from shared.contract.envelope import Recorded
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.payment import commands as payment_commands
from shared.contract.renewal import commands as renewal_commands
from shared.contract.values import Role
from shared.event_store import log
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from shared.policies import capacity_policy
from shared.settings import Settings
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.replay.projections import Projections, one_by_one
from shared.text import persian
from tests.simulation.environment import InvariantViolated
from tests.simulation.fixtures import PROVINCES, BankNotice
from tests.simulation.process import Process, Program

REGISTRAR = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="registrar",
    roles=frozenset({Role.ADMIN}),
    provinces=frozenset(PROVINCES),
)
OFFICE_RULE = rules.load_rule()
TARIFFS = tariffs.load()
POLICIES = capacity_policy.read_folder(Settings().policies_folder)
ENGINE = (log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, parking.TABLES)


def import_members(process: Process, command: auth_commands.ImportMembers) -> object:
    """As auth does it, with every row's outcome held against the log: all rows of a batch, or none."""
    report = import_batch.import_members(process.records, command, REGISTRAR)
    found = process.slot.rows(
        "SELECT stream, position, event_id FROM events WHERE metadata ->> 'causation_id' = ?", str(command.id)
    )
    reported = {
        f"member/{row['membership_no']}"
        for row, result in zip(command.rows, report.rows, strict=True)
        if result.outcome in {"enrolled", "changed"}
    }
    if {stream for stream, _, _ in found} != reported:
        raise InvariantViolated(f"the import's report has {sorted(reported)}, the log has {found}")
    return report


def change_password(process: Process, command: auth_commands.SetPassword) -> object:
    """The fact alone: hashing is not the point here."""
    return process.records.handle(command.actor.replace(":", "/"), command, PASSWORD)


def renew(process: Process, command: RenewalCommand) -> object:
    """As `handler.handle`, with the context read beforehand."""
    with process.records.read() as connection:
        member = renewal_queries.find_member(connection, command.member)
        hours = calendar.working_hours(connection, OFFICE_RULE, member.province if member else "", command.at)
    decider = renewal_decider(DecisionContext(member, hours.review_due_at(command.at)))
    stream = f"renewal/{command.member}/{command.year}"
    return process.records.handle(stream, command, decider, partial(handler.save_texts, command=command))


def set_calendar_day(process: Process, command: renewal_commands.SetCalendarDay) -> object:
    return process.records.handle(f"calendar/{command.province}", command, OFFICE_CALENDAR)


def apply_approval(process_: Process, connection: Connection, recorded: Recorded) -> None:
    """As `services.payment.service.on_renewal_event`."""
    assert process_.log is not None
    subscriptions.on_renewal_event(connection, recorded, process_.log, TARIFFS, process_.now())


def apply_notice(_process: Process, connection: Connection, recorded: Recorded) -> None:
    """As `services.payment.subscriptions.on_bank_event`."""
    match recorded.event:
        case bank_events.BankNoticeReceived() as notice:
            polling.poll_now(connection, notice.authority, notice.received_at)
        case _:
            pass


def apply_erasure(_process: Process, connection: Connection, recorded: Recorded) -> None:
    subscriptions.on_auth_event(connection, recorded)


def verification(process: Process) -> Verification:
    return Verification(process.records, process.world.bank)


def start_payment(process: Process, command: payment_commands.StartPayment) -> object:
    return checkout.start(command, process.environment.random.uuid(), verification(process))


def verify_payment(process: Process, command: payment_commands.VerifyPayment) -> object:
    """As `PaymentService.verify_payment`."""
    with process.records.read() as connection:
        attempt = attempt_queries.attempt_of(connection, authority=command.authority)
    if attempt is None:
        return None
    status = verification(process).verify_and_record(attempt, command.at)
    if status == "failed":
        require_over(process, command.authority)
    if status in {"started", None}:
        process.records.write(lambda connection: polling.poll_now(connection, command.authority, command.at))
    return status


def require_over(process: Process, authority: str) -> None:
    """What is recorded as failed is over at the bank.

    One may be open there still that was closed for its age, if payment's clock was put right in between: no other clock
    tells the age of a session that the bank calls open. It is settled like any other if it is paid after all.
    """
    with process.records.read() as connection:
        attempt = attempt_queries.attempt_of(connection, authority=authority)
    was_wrong = any(copy.has_had_wrong_clock for copy in process.world.processes["payment"])
    may_be_open = was_wrong and attempt is not None and attempt.cause == "expired"
    process.world.bank.require_unpaid(authority, may_be_open=may_be_open)


def confirm_payment(process: Process, command: payment_commands.ConfirmPayment) -> object:
    return process.records.handle(state.stream_of(command.member, command.year), command, domain.INVOICE)


def reconcile(process: Process) -> None:
    reconciler.poll_due_attempts(verification(process), process.now())


def store_notice(process: Process, command: BankNotice) -> object:
    """As the bank's receiver does it."""
    digest = sha256(command.body.encode()).hexdigest()
    notice = notices.StoreNotice(command.id, command.at, command.notice_id, command.authority, digest)
    return process.records.handle(f"notice/{command.notice_id}", notice, notices.NOTICE)


def record_policies(process: Process, *, is_late: bool = False) -> None:
    """As `services.capacity.startup` does it; the policy of the year in which a run is may come late."""
    late = persian.jalali_year(process.environment.now) if is_late else None
    policies = [policy for year, policy in POLICIES.items() if year != late]
    startup.record_and_derive(process.records, policies, process.environment.now)


def apply_to_capacity(_process: Process, connection: Connection, recorded: Recorded) -> None:
    capacity_subscriptions.on_event(connection, recorded)


def apply_member(_process: Process, connection: Connection, recorded: Recorded) -> None:
    renewal_subscriptions.on_auth_event(connection, recorded)


def seed_calendar(database: Database) -> None:
    database.write(lambda connection: calendar.add_missing(connection, range(2025, 2028)))


RENEW: dict[type, Any] = dict.fromkeys(
    (
        renewal_commands.RequestRenewal,
        renewal_commands.SubmitDeclaration,
        renewal_commands.WithdrawRenewal,
        renewal_commands.ReturnRenewal,
        renewal_commands.RejectRenewal,
        renewal_commands.ApproveRenewal,
    ),
    renew,
)
PROGRAMS = (
    Program(
        "auth",
        (*ENGINE, *auth_tables.TABLES),
        auth_projection.project,
        projections=Projections(auth_tables.PROJECTIONS),
        handlers={auth_commands.ImportMembers: import_members, auth_commands.SetPassword: change_password},
    ),
    Program(
        "renewal",
        (*ENGINE, *renewal_tables.TABLES),
        renewal_projection.project,
        calendar.react,
        projections=Projections(
            renewal_tables.PROJECTIONS, followed={"auth": one_by_one(renewal_subscriptions.project_auth)}
        ),
        applies={"auth": apply_member},
        handlers={**RENEW, renewal_commands.SetCalendarDay: set_calendar_day},
    ),
    Program(
        "payment",
        (*ENGINE, *tables.TABLES),
        payment_projection.project,
        payment_process.react,
        projections=Projections(tables.PROJECTIONS),
        applies={"auth": apply_erasure, "renewal": apply_approval, "bank": apply_notice},
        handlers={
            payment_commands.StartPayment: start_payment,
            payment_commands.VerifyPayment: verify_payment,
            payment_commands.ConfirmPayment: confirm_payment,
        },
    ),
    Program(
        "capacity",
        (*ENGINE, *capacity_state.TABLES),
        applies=dict.fromkeys(("auth", "renewal", "payment"), apply_to_capacity),
        applies_batch=capacity_subscriptions.on_events,
        projections=Projections(
            capacity_projections.PROJECTIONS,
            followed=dict.fromkeys(("auth", "renewal", "payment"), projector.replay),
            lock=capacity_state.lock_projection,
            bulk=bulk_fill.BULK,
        ),
    ),
    Program("bank", (*ENGINE, bank_tables.STATE), bank_tables.project, handlers={BankNotice: store_notice}),
)
