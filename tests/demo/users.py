"""Who takes part: the applicant of the register, the officers of the demonstration, and as many made-up members as are needed."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.auth import commands
from shared.contract.base import Message
from shared.contract.capacity import queries as capacity_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import LicenceField, MemberClass
from shared.text import persian
from tests.demo import event_logs
from tests.demo.browser import Unexpected
from tests.support.national_codes import with_check_digit

DEADLINE_SECONDS = 20
FOLLOWED_SECONDS = 30
PROVINCE = "isfahan"
MEMBER_CLASS = MemberClass.GRADE_2
FIELD = LicenceField.EXTRACTION
"""The member of the worked example in docs/domain.md 7.1."""


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    name: str
    """The membership number, or the officer's name."""
    secret: str
    """The national code, or the password."""


def officer(role: str, province: str = PROVINCE, nth: int = 0) -> Person:
    """The demonstration's first officer with a role in a province, or the one after `nth` others."""
    found = [
        Person(row["officer"], row["password"])
        for row in demonstration.rows("officers.csv")
        if role in row["roles"].split() and province in row["provinces"].split()
    ]
    return found[nth]


def applicant() -> Person:
    """The first member of the register who is as in the worked example."""
    for row in demonstration.rows("register.csv"):
        if (row["province"], row["member_class"], row["licence_fields"]) == (PROVINCE, MEMBER_CLASS, FIELD):
            return Person(row["membership_no"], row["national_code"])
    raise LookupError("the demonstration's register has no member of the worked example")


def newcomer(admin: HttpServer, province: str = PROVINCE) -> Person:
    """A member as in the worked example whom nobody knew before, put on the register now."""
    person = Person(str(secrets.randbelow(9 * 10**8) + 10**8), made_up_code())
    year = persian.jalali_year(datetime.now(UTC))
    row = {
        "membership_no": person.name,
        "national_code": person.secret,
        "first_name": "ساختگی",
        "last_name": "نمایشی",
        "province": province,
        "member_class": MEMBER_CLASS.value,
        "licence_fields": FIELD.value,
        "licence_expires_on": persian.format_date(persian.year_bounds(year + 2)[1]),
        "paid_through": str(year - 1),
    }
    deadline = datetime.now(UTC) + timedelta(seconds=DEADLINE_SECONDS)
    report = admin.call(commands.ImportMembers(id=uuid4(), deadline=deadline, rows=(row,)))
    if report.rows[0].outcome != "enrolled":
        raise Unexpected(f"a made-up member was not enrolled: {report.rows[0]}")
    wait_until_known(admin, person)
    return person


def wait_until_known(admin: HttpServer, person: Person) -> None:
    """Wait until renewal and capacity have applied a member's enrolment; before, they answer that the member is unknown."""
    year = persian.jalali_year(datetime.now(UTC))
    for query in (
        renewal_queries.GetRenewal(member=person.name),
        capacity_queries.GetCapacity(member=person.name, year=year),
    ):
        event_logs.until(
            lambda: is_answered(admin, query),  # noqa: B023 - called at once
            FOLLOWED_SECONDS,
            f"{query.service} that knows {person.name}",
        )


def is_answered(admin: HttpServer, query: Message[Any]) -> bool:
    try:
        admin.call(query)
    except Refused as refused:
        if refused.reason in {Reason.NOT_ALLOWED, Reason.UNKNOWN_MEMBER}:
            return False
        raise
    return True


def made_up_code() -> str:
    """A national code with two leading zeros, and no third, whose check digit is right."""
    while True:
        if code := with_check_digit(f"00{secrets.randbelow(9 * 10**6) + 10**6}"):
            return code


def typed(text: str) -> str:
    """A text as a Persian keyboard gives it."""
    return persian.digits_to_persian(text)
