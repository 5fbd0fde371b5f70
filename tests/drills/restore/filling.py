"""Fills the databases of a distributed instance with members who have renewed and paid, by the services' own logs, decisions and projections."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection, insert

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")
    from clients.bank.sandbox.rules import Status
    from clients.bank.sandbox.tables import SESSIONS
    from services.auth.service import LOG as AUTH
    from services.payment import subscriptions
    from services.payment.fees import tariffs
    from services.payment.invoices import INVOICE, StartAttempt, stream_of
    from services.payment.invoices.internal_commands import SettleAttempt
    from services.payment.service import LOG as PAYMENT_OF_TODAY
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

FIRST_MEMBER = 5_172_836
"""In no other number of its events and rows."""
FIRST = 0
COPIED_AT_ONCE = 10_000
"""In a transaction."""
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

COPIED = {
    "payment": ("attempts", "bank_references", "invoices", "ledger_entries", "receipts"),
    "auth": ("members",),
    "renewal": ("decisions", "renewals"),
}
"""The rows of a member beside the events, by program; payment first, so that it finds each approval invoiced already."""
COPY = rf"""regexp_replace(replace(%s, '{FIRST_MEMBER}', ({FIRST_MEMBER} + n)::text),
    '([0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-)[0-9a-f]{{12}}', '\1' || lpad(n::text, 12, '0'), 'g')"""
"""A text of the first member as one of the n-th: with that number, and with ids of its own."""
COPY_EVENTS = f"""
WITH moved AS (
    UPDATE log_head SET position = position + %(count)s * %(events)s RETURNING position - %(count)s * %(events)s AS head
), copied AS (
    INSERT INTO events SELECT head + (n - %(first)s) * %(events)s + position - %(before)s, {COPY % "stream"}, version,
        ({COPY % "event_id::text"})::uuid, type, {COPY % "data"}, {COPY % "metadata"}, recorded_at
    FROM moved, generate_series(%(first)s, %(first)s + %(count)s - 1) AS n, events
    WHERE position > %(before)s AND position <= %(before)s + %(events)s ORDER BY n, position
) SELECT head FROM moved"""  # noqa: S608 - our own texts
COPY_ROWS = f"""
INSERT INTO TABLE_NAME SELECT copied.*
FROM generate_series(%(first)s, %(first)s + %(count)s - 1) AS n,
    (SELECT to_jsonb(one) AS old FROM TABLE_NAME AS one) AS of_first,
    LATERAL jsonb_populate_record(NULL::TABLE_NAME, ({COPY % "old::text"})::jsonb || jsonb_strip_nulls(jsonb_build_object(
        'position', %(head)s + (n - %(first)s) * %(events)s + (old->>'position')::bigint - %(before)s,
        'number', (old->>'number')::bigint + n))) AS copied
WHERE old::text LIKE '%%{FIRST_MEMBER}%%'"""  # noqa: S608 - our own texts

PAYMENT = EventLog("payment", PAYMENT_OF_TODAY.project, PAYMENT_OF_TODAY.react, lambda: AT)

Advance = Callable[[str, int], object]
"""Is given a program, and how many members it has."""


def fill(urls: Mapping[str, str], members: int, advance: Advance) -> None:
    """Add so many members to each program's database, as one more copy of the program does.

    The first of them renews by the services' own decisions, logs and projections; the others are copies of the events and rows.
    """
    for name, first in {"payment": pay, "auth": enrol, "renewal": renew}.items():
        database = Database(urls[name])
        try:
            before, events = database.write(partial(counted, first))
            for start in range(1, members, COPIED_AT_ONCE):
                part = {
                    "first": start,
                    "count": min(COPIED_AT_ONCE, members - start),
                    "before": before,
                    "events": events,
                }
                copy(database, name, part)
                advance(name, start + part["count"])
        finally:
            database.close()
    database = Database(urls["bank"])
    try:
        for start in range(0, members, COPIED_AT_ONCE):
            database.write(partial(take_money, numbers=range(start, min(start + COPIED_AT_ONCE, members))))
            advance("bank", min(start + COPIED_AT_ONCE, members))
    finally:
        database.close()


def counted(first: Callable[[Connection], None], connection: Connection) -> tuple[int, int]:
    """The position before the first member's events, and how many they are."""
    before = AUTH.head(connection)
    first(connection)
    return before, AUTH.head(connection) - before


def copy(database: Database, name: str, part: dict[str, int]) -> None:
    """Copy the first member as so many others, in a transaction."""
    with database.engine.begin() as connection:
        head = connection.exec_driver_sql(COPY_EVENTS, part).scalar_one()
        for table in COPIED[name]:
            connection.exec_driver_sql(COPY_ROWS.replace("TABLE_NAME", table), {**part, "head": head})


def enrol(connection: Connection) -> None:
    member = member_of(FIRST)
    event = MemberEnrolled(
        member=member,
        province=PROVINCE,
        licence=LICENCE,
        paid_through=YEAR - 1,
        enrolled_by="officer:admin",
        enrolled_at=AT,
    )
    append(AUTH, connection, f"member/{member}", 0, [event], FIRST)


def renew(connection: Connection) -> None:
    append(RENEWAL, connection, renewal_stream(FIRST), 0, renewal_of(FIRST), FIRST)


def renewal_of(number: int) -> list[Event]:
    """A renewal up to its approval."""
    of: dict[str, Any] = {"member": member_of(number), "year": YEAR}
    declared: dict[str, Any] = {"licence": LICENCE, "employment": UNEMPLOYED, "jobs": ()}
    return [
        renewal_events.RenewalRequested(
            **of, province=PROVINCE, licence=LICENCE, tracking_code=f"T{member_of(number)}", requested_at=AT
        ),
        renewal_events.DeclarationSubmitted(**of, **declared, declaration_version=1, submitted_at=AT, review_due_at=AT),
        renewal_events.RenewalApproved(
            **of, **declared, province=PROVINCE, paid_through=YEAR - 1, approved_by=OFFICER, approved_at=AT
        ),
    ]


def pay(connection: Connection) -> None:
    """What payment decides on the approval, and on the bank's answer."""
    approval = approval_of(FIRST)
    subscriptions.on_renewal_event(connection, approval, PAYMENT, tariffs.load(), AT)
    stream, attempt = stream_of(member_of(FIRST), YEAR), cause_of(FIRST, "attempt")
    history = PAYMENT.stream(connection, stream)
    invoice = INVOICE.fold(one.event for one in history)
    happened: list[Event] = []
    for command in (
        StartAttempt(attempt, AT, attempt, "zarinpal", authority_of(FIRST), OFFICER),
        SettleAttempt(attempt, AT, attempt, f"2{member_of(FIRST)}", "502229******5995"),
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
    append(PAYMENT, connection, stream, len(history), happened, FIRST, "payment")


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
