"""Logs of many members, as the services would have written them: enrolled, requested, approved, paid."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import count

from sqlalchemy import Connection

from bench.implementations import sample_logs
from bench.implementations.sample_logs import AT, FILL_AT_ONCE, YEAR
from shared.contract import base
from shared.contract.auth import events as auth_events
from shared.contract.payment import events as payment_events
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Employment, EmploymentStatus, Job, JobKind, Licence, LicenceField, MemberClass
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.text import persian
from tests.support.national_codes import with_check_digit

PROVINCE = "isfahan"
SOURCES = ("auth", "renewal", "payment")
LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2028, 8, 22))
JOB = Job(
    kind=JobKind.MINE_TECHNICAL_MANAGER, degree=4, field=LicenceField.EXTRACTION, quantity=Decimal(1),
    starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 20),
)  # fmt: skip
EMPLOYMENT = Employment(status=EmploymentStatus.UNEMPLOYED)
EVENTS_A_MEMBER = 4


FIRST, SOMEBODY = 100_000_000, "NUMBER"


def number(index: int) -> str:
    """The membership number of the member of an index."""
    return f"{FIRST + index}"


def new_members(year: int) -> Iterator[dict[str, str]]:
    """Members as the register's file has them, numbered from where those of another process are hardly near.

    The national code of each is the membership number with a check digit.
    """
    for member in map(str, count(secrets.randbelow(8 * 10**8) + 10**8)):
        if code := with_check_digit(member):
            yield {
                "membership_no": member,
                "national_code": code,
                "first_name": "ساختگی",
                "last_name": "نمایشی",
                "province": PROVINCE,
                "member_class": LICENCE.member_class.value,
                "licence_fields": LICENCE.fields[0].value,
                "licence_expires_on": persian.format_date(persian.year_bounds(year + 2)[1]),
                "paid_through": str(year - 1),
            }


def history(source: str, member: str) -> tuple[base.Event, ...]:
    """The events of one source about one member."""
    match source:
        case "auth":
            return (
                auth_events.MemberEnrolled(
                    member=member, province=PROVINCE, licence=LICENCE, paid_through=YEAR - 1,
                    enrolled_by="officer:admin", enrolled_at=AT,
                ),
            )  # fmt: skip
        case "renewal":
            approved_at = AT + timedelta(days=1)
            return (
                renewal_events.RenewalRequested(
                    member=member, year=YEAR, province=PROVINCE, licence=LICENCE, tracking_code=member, requested_at=AT,
                ),
                renewal_events.RenewalApproved(
                    member=member, year=YEAR, province=PROVINCE, licence=LICENCE, employment=EMPLOYMENT, jobs=(JOB,),
                    approved_by="officer:maryam", approved_at=approved_at,
                ),
            )  # fmt: skip
        case _:
            return (
                payment_events.PaymentConfirmed(
                    member=member, year=YEAR, province=PROVINCE, amount_rials=9_000_000,
                    confirmed_by="officer:maryam", confirmed_at=AT + timedelta(days=2),
                ),
            )  # fmt: skip


def write(urls: Mapping[str, str], members: int) -> None:
    """Write the logs of so many members, each source's into its own database."""
    for source, url in urls.items():
        with sample_logs.log_in(url) as (database, _):
            fill(database, EventLog(source, lambda _connection, _recorded: None), source, members)


def fill(database: Database, log: EventLog, source: str, members: int) -> None:
    if database.engine.dialect.name == "postgresql":
        sample_logs.generate(database, history(source, SOMEBODY), members, f"{source}/", FIRST, SOMEBODY)
        return
    for first in range(0, members, FILL_AT_ONCE):
        database.write(partial(append, log=log, source=source, first=first, last=min(first + FILL_AT_ONCE, members)))


def append(connection: Connection, log: EventLog, source: str, first: int, last: int) -> None:
    for index in range(first, last):
        member = number(index)
        log.append(connection, f"{source}/{member}", 0, history(source, member), sample_logs.metadata(), AT)


@contextmanager
def opened(urls: Mapping[str, str]) -> Iterator[Mapping[str, Database]]:
    """The sources' databases, to be read."""
    with ExitStack() as stack:
        databases = {source: Database(url) for source, url in urls.items()}
        for database in databases.values():
            stack.callback(database.close)
        yield databases
