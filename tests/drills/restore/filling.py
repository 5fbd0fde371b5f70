"""Fills the databases of a distributed instance with members who have renewed and paid, by the services' own logs, decisions and projections."""

import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection, insert, update

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
from deploy.databases import STORES
from shared.contract.auth.events import MemberEnrolled
from shared.contract.base import Event
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import events as payment_events
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Employment, EmploymentStatus, Licence, LicenceField, MemberClass
from shared.event_store.database import Database
from shared.event_store.log import HEAD, EventLog, event_ids
from shared.event_store.sql import schema
from shared.settings import Settings
from shared.text import persian
from tests.faults.load import PROVINCE

FIRST_MEMBER = 5_172_836
"""In no other number of its events and rows."""
MEMBER = str(FIRST_MEMBER)
COPIED_AT_ONCE = 2_000
"""In a statement, which is broken off after 15 s."""
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
"""When all of them renewed: before what a restore takes back, and on a day of the bank's of its own."""
YEAR = persian.jalali_year(AT)
RENEWAL_STREAM = f"renewal/{MEMBER}/{YEAR}"
OFFICER = "officer:modir"
CAUSE = uuid5(NAMESPACE_OID, "tamdid restore drill")
METADATA = Metadata(correlation_id=CAUSE, causation_id=CAUSE, actor=OFFICER)
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
    UPDATE log_head SET position = position + %(count)s::bigint * %(events)s::bigint RETURNING position - %(count)s::bigint * %(events)s::bigint AS head
), copied AS (
    INSERT INTO events SELECT head + (n - %(first)s::bigint) * %(events)s::bigint + position - %(before)s::bigint, {COPY % "stream"}, version,
        ({COPY % "event_id::text"})::uuid, type, {COPY % "data"}, {COPY % "metadata"}, recorded_at
    FROM moved, generate_series(%(first)s::bigint, %(first)s::bigint + %(count)s::bigint - 1) AS n, events
    WHERE position > %(before)s::bigint AND position <= %(before)s::bigint + %(events)s::bigint ORDER BY n, position
) SELECT head FROM moved"""  # noqa: S608 - our own texts
COPY_ROWS = f"""
INSERT INTO TABLE_NAME SELECT copied.*
FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(count)s::bigint - 1) AS n,
    (SELECT to_jsonb(one) AS old FROM TABLE_NAME AS one) AS of_first,
    LATERAL jsonb_populate_record(NULL::TABLE_NAME, ({COPY % "old::text"})::jsonb || jsonb_strip_nulls(jsonb_build_object(
        'position', %(head)s::bigint + (n - %(first)s::bigint) * %(events)s::bigint + (old->>'position')::bigint - %(before)s::bigint,
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
        version = schema.version_of(STORES[name].projections)
        database = Database(urls[name], version)
        database.catch_up = partial(take_empty_log, version)
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


def take_empty_log(version: int, connection: Connection) -> None:
    """What catching up is where nothing has been recorded: the log says that this version of the projections is the last that wrote."""
    taken = connection.execute(update(HEAD).where(HEAD.c.position == 0).values(projections_version=version))
    assert taken.rowcount == 1, "the log is not empty"


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
    enrolled = MemberEnrolled(
        member=MEMBER,
        province=PROVINCE,
        licence=LICENCE,
        paid_through=YEAR - 1,
        enrolled_by="officer:admin",
        enrolled_at=AT,
    )
    AUTH.append(connection, f"member/{MEMBER}", 0, [enrolled], METADATA, AT)


def renew(connection: Connection) -> None:
    RENEWAL.append(connection, RENEWAL_STREAM, 0, renewal(), METADATA, AT)


def renewal() -> list[Event]:
    """A renewal up to its approval."""
    of: dict[str, Any] = {"member": MEMBER, "year": YEAR}
    declared: dict[str, Any] = {"licence": LICENCE, "employment": UNEMPLOYED, "jobs": ()}
    paid_through = YEAR - 1
    return [
        renewal_events.RenewalRequested(
            **of, province=PROVINCE, licence=LICENCE, tracking_code=f"T{MEMBER}", requested_at=AT
        ),
        renewal_events.DeclarationSubmitted(**of, **declared, declaration_version=1, submitted_at=AT, review_due_at=AT),
        renewal_events.RenewalApproved(
            **of, **declared, province=PROVINCE, paid_through=paid_through, approved_by=OFFICER, approved_at=AT
        ),
    ]


def approval() -> Recorded:
    """The approval as renewal's log has it, but for its position."""
    *_, approved = renewal()
    event_id = next(islice(event_ids(METADATA.causation_id, RENEWAL_STREAM), 2, None))
    name, data = type(approved).__name__, approved.model_dump_json()
    return Recorded("renewal", 0, RENEWAL_STREAM, 3, event_id, name, data, METADATA, AT)


def pay(connection: Connection) -> None:
    """What payment decides on the approval, and on the bank's answer."""
    subscriptions.on_renewal_event(connection, approval(), PAYMENT, tariffs.load(), AT)
    stream, attempt = stream_of(MEMBER, YEAR), uuid5(NAMESPACE_OID, "attempt")
    history = PAYMENT.stream(connection, stream)
    invoice = INVOICE.fold(one.event for one in history)
    happened: list[Event] = []
    for command in (
        StartAttempt(attempt, AT, attempt, "zarinpal", authority_of(FIRST_MEMBER), OFFICER),
        SettleAttempt(attempt, AT, attempt, f"2{MEMBER}", "502229******5995"),
    ):
        decided = INVOICE.decide(command, invoice)
        invoice = INVOICE.fold(decided, invoice)
        happened += decided
    paid = happened[-1]
    assert isinstance(paid, payment_events.PaymentSettled)
    about = paid.model_dump(include={"member", "year", "province", "amount_rials"})
    happened.append(payment_events.PaymentConfirmed(**about, confirmed_by=OFFICER, confirmed_at=AT))
    metadata = METADATA.model_copy(update={"causation_id": attempt})
    PAYMENT.append(connection, stream, len(history), happened, metadata, AT)


def take_money(connection: Connection, numbers: range) -> None:
    """The sessions at the sandbox bank."""
    amount = tariffs.load().fee(YEAR, LICENCE.member_class)
    rows = [
        {
            "number": SESSIONS_FROM + number,
            "authority": authority_of(FIRST_MEMBER + number),
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


def authority_of(member: int) -> str:
    return f"S0{member:034}"
