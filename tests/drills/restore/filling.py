"""Fills the databases of a distributed instance with members who have renewed and paid, by the services' own logs, decisions and projections."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection, insert

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")
    from clients.bank.sandbox.rules import Status
    from clients.bank.sandbox.sessions import REFERENCE_BASE
    from clients.bank.sandbox.tables import SESSIONS
    from services.auth.service import LOG as AUTH
    from services.payment import subscriptions
    from services.payment.fees import tariffs
    from services.payment.invoices import INVOICE, StartAttempt, stream_of
    from services.payment.invoices.internal_commands import SettleAttempt
    from services.payment.service import LOG as PAYMENT
    from services.renewal.service import LOG as RENEWAL
from shared.contract.auth.events import MemberEnrolled
from shared.contract.base import Event
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import events as payment_events
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Employment, EmploymentStatus, Licence, LicenceField, MemberClass
from shared.event_store.database import Database
from shared.event_store.log import EventLog, event_ids
from shared.settings import Settings
from shared.text import persian
from tests.faults.load import PROVINCE

FIRST_MEMBER = 5_000_000
MEMBERS_AT_ONCE = 200
"""In a transaction."""
PROCESSES = 2
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
"""When all of them renewed: before what a restore takes back, and on a day of the bank's of its own."""
YEAR = persian.jalali_year(AT)
OFFICER = "officer:modir"
LICENCE = Licence(
    member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=persian.year_bounds(YEAR + 2)[1]
)
UNEMPLOYED = Employment(status=EmploymentStatus.UNEMPLOYED)
SESSIONS_FROM = 1_000_000
"""The numbers of their sessions at the bank: far behind those that the bank gives itself."""

Advance = Callable[[str, int], object]
"""Is given a program, and how many more members it has."""


def fill(urls: Mapping[str, str], members: int, advance: Advance) -> None:
    """Add so many members to each program's database, as one more copy of the program does, a process each."""
    starts = range(0, members, MEMBERS_AT_ONCE)
    parts = [(name, range(first, min(first + MEMBERS_AT_ONCE, members))) for first in starts for name in FILLED]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        try:
            for name, count in pool.map(fill_part, [(name, urls[name], numbers) for name, numbers in parts]):
                advance(name, count)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def fill_part(part: tuple[str, str, range]) -> tuple[str, int]:
    """In a process of its own; how many members of which program."""
    name, url, numbers = part
    database_of(url).write(partial(FILLED[name], numbers=numbers))
    return name, len(numbers)


@cache
def database_of(url: str) -> Database:
    """Open until the process ends."""
    return Database(url)


def enrol(connection: Connection, numbers: range) -> None:
    for number in numbers:
        member = member_of(number)
        event = MemberEnrolled(
            member=member,
            province=PROVINCE,
            licence=LICENCE,
            paid_through=YEAR - 1,
            enrolled_by="officer:admin",
            enrolled_at=AT,
        )
        append(AUTH, connection, f"member/{member}", 0, [event], number)


def renew(connection: Connection, numbers: range) -> None:
    for number in numbers:
        append(RENEWAL, connection, renewal_stream(number), 0, renewal_of(number), number)


def renewal_of(number: int) -> list[Event]:
    """A renewal up to its approval."""
    of: dict[str, Any] = {"member": member_of(number), "year": YEAR}
    declared: dict[str, Any] = {"licence": LICENCE, "employment": UNEMPLOYED, "jobs": ()}
    return [
        renewal_events.RenewalRequested(
            **of, province=PROVINCE, licence=LICENCE, tracking_code=f"T{number}", requested_at=AT
        ),
        renewal_events.DeclarationSubmitted(**of, **declared, declaration_version=1, submitted_at=AT, review_due_at=AT),
        renewal_events.RenewalApproved(
            **of, **declared, province=PROVINCE, paid_through=YEAR - 1, approved_by=OFFICER, approved_at=AT
        ),
    ]


def pay(connection: Connection, numbers: range) -> None:
    """What payment decides on each approval, and on the bank's answer."""
    for number in numbers:
        approval = approval_of(number)
        subscriptions.on_renewal_event(connection, approval, PAYMENT, tariffs.load(), AT)
        stream, attempt = stream_of(member_of(number), YEAR), cause_of(number, "attempt")
        history = PAYMENT.stream(connection, stream)
        invoice = INVOICE.fold(one.event for one in history)
        happened: list[Event] = []
        for command in (
            StartAttempt(attempt, AT, attempt, "zarinpal", authority_of(number), OFFICER),
            SettleAttempt(attempt, AT, attempt, str(REFERENCE_BASE + SESSIONS_FROM + number), "502229******5995"),
        ):
            decided = INVOICE.decide(command, invoice)
            invoice = INVOICE.fold(decided, invoice)
            happened += decided
        paid = happened[-1]
        assert isinstance(paid, payment_events.PaymentSettled)
        happened.append(
            payment_events.PaymentConfirmed(
                member=paid.member,
                year=YEAR,
                province=PROVINCE,
                amount_rials=paid.amount_rials,
                confirmed_by=OFFICER,
                confirmed_at=AT,
            )
        )
        append(PAYMENT, connection, stream, len(history), happened, number, "payment")


def take_money(connection: Connection, numbers: range) -> None:
    """The sessions at the sandbox bank."""
    amount = tariffs.load().fee(YEAR, LICENCE.member_class)
    rows = [
        {
            "number": SESSIONS_FROM + number,
            "authority": authority_of(number),
            "merchant_id": Settings.model_fields["merchant_id"].default,
            "amount_rials": amount,
            "description": "",
            "callback_url": "",
            "status": Status.VERIFIED.value,
            "created_at": AT,
            "paid_at": AT,
        }
        for number in numbers
    ]
    connection.execute(insert(SESSIONS), rows)


def approval_of(number: int) -> Recorded:
    """The approval as renewal's log has it, but for its position."""
    cause = cause_of(number, "command")
    approved, stream = renewal_of(number)[-1], renewal_stream(number)
    event_id = next(islice(event_ids(cause, stream), 2, None))
    metadata = metadata_of(number)
    return Recorded("renewal", 0, stream, 3, event_id, "RenewalApproved", approved.model_dump_json(), metadata, AT)


def append(  # noqa: PLR0913 - what an append is
    log: EventLog,
    connection: Connection,
    stream: str,
    version: int,
    events: Sequence[Event],
    number: int,
    what: str = "command",
) -> None:
    log.append(connection, stream, version, events, metadata_of(number, what), AT)


def metadata_of(number: int, what: str = "command") -> Metadata:
    cause = cause_of(number, what)
    return Metadata(correlation_id=cause, causation_id=cause, actor=OFFICER)


def cause_of(number: int, what: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"tamdid restore drill {what} {number}")


def member_of(number: int) -> str:
    return str(FIRST_MEMBER + number)


def authority_of(number: int) -> str:
    return f"S0{FIRST_MEMBER + number:034}"


def renewal_stream(number: int) -> str:
    return f"renewal/{member_of(number)}/{YEAR}"


FILLED = {"auth": enrol, "renewal": renew, "payment": pay, "bank": take_money}
