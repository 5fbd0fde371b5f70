"""Fills a standalone instance with members of one province and requests of every kind, by the import and by renewal's own commands."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")
    from services.renewal.office_hours import rules
    from services.renewal.renewals.handler import handle
    from services.renewal.service import LOG
from clients.admin.transport.http import HttpServer
from deploy.databases import STORES
from shared.contract.auth import commands as auth_commands
from shared.contract.auth.commands import IMPORT_BATCH_MAX
from shared.contract.renewal import commands
from shared.contract.renewal.correction import DeclarationField, FieldFault, FieldToCorrect
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Employment, EmploymentStatus
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.sql import schema
from shared.settings import Settings
from shared.text import persian
from tests.demo import users
from tests.drills.restore.filling import take_empty_log
from tests.services.renewal import samples
from tests.support.national_codes import with_check_digit

FIRST_MEMBER, FIRST_CODE = 3_500_000, 127_300_000
ANSWER_SECONDS = 60
NAMES = (("نگار", "کاظمی‌پور"), ("رضا", "مؤمنی"), ("سارا", "فرهادی"), ("کیان", "سنگ‌تراش"), ("لیلا", "رستمی اصل"))
OFFICER = "officer:hamkar"
"""Who has returned what was returned once."""
NOW = datetime.now(UTC).replace(microsecond=0)
YEAR = persian.jalali_year(NOW)
A_YEAR = timedelta(days=365)
BEGAN_ON, LAST_DAY = persian.year_bounds(YEAR - 1)[0], persian.year_bounds(YEAR)[1]
OVER: Mapping[str, Any] = {
    "employment": Employment(
        status=EmploymentStatus.PRIVATE_FULL_TIME, province=users.PROVINCE, from_on=BEGAN_ON - A_YEAR
    ),
    "employer": "شرکت سنگ سپاهان",
}
"""An employment with which one mine is too much."""
Event = tuple[str, tuple[DeclarationField, ...]]


class Kind(NamedTuple):
    """Requests of one kind: their share of all, and what is right to decide on them."""

    share: int
    right: Event = ("RenewalApproved", ())


TO_CORRECT: Event = ("RenewalReturned", (DeclarationField.JOBS,))
KINDS: Mapping[str, Kind] = {
    "unchanged": Kind(4),
    "clean": Kind(4),
    "over ceiling": Kind(3, TO_CORRECT),
    "contested": Kind(3, TO_CORRECT),
    "in debt": Kind(3),
    "returned once": Kind(3),
}
"""The first declaration of a member is clean; unchanged is the same as last year's."""
TURNS = tuple(kind for turn in range(4) for kind, one in KINDS.items() if turn < one.share)


def kinds(count: int) -> list[str]:
    """The kinds of so many requests, mixed; two of each pair that contests a mine."""
    found = [TURNS[index % len(TURNS)] for index in range(count)]
    if found.count("contested") % 2:
        found[len(found) - 1 - found[::-1].index("contested")] = "clean"
    return found


def number(index: int) -> str:
    return str(FIRST_MEMBER + index)


def register(admin: HttpServer, requests: Sequence[str], members: int) -> None:
    """Put the members on the register; those of the requests are the first of them."""
    codes = national_codes()
    rows = [row(index, next(codes), requests[index] if index < len(requests) else "") for index in range(members)]
    for start in range(0, members, IMPORT_BATCH_MAX):
        deadline = datetime.now(UTC) + timedelta(seconds=ANSWER_SECONDS)
        batch = tuple(rows[start : start + IMPORT_BATCH_MAX])
        report = admin.call(auth_commands.ImportMembers(id=uuid4(), deadline=deadline, rows=batch))
        wrong = [one for one in report.rows if one.outcome != "enrolled"]
        assert not wrong, wrong[0]
    users.wait_until_known(admin, users.Person(number(members - 1), ""))


def row(index: int, code: str, kind: str) -> dict[str, str]:
    first, last = NAMES[index % len(NAMES)]
    return {
        "membership_no": number(index),
        "national_code": code,
        "first_name": first,
        "last_name": last,
        "province": users.PROVINCE,
        "member_class": users.MEMBER_CLASS.value,
        "licence_fields": users.FIELD.value,
        "licence_expires_on": persian.format_date(persian.year_bounds(YEAR + 2)[1]),
        "paid_through": str(YEAR - 3 if kind == "in debt" else YEAR - 1),
    }


def national_codes() -> Iterator[str]:
    """Codes whose check digit is right, one after another."""
    for stem in range(FIRST_CODE, FIRST_CODE + 10**6):
        if code := with_check_digit(str(stem)):
            yield code


def declare(settings: Settings, requests: Sequence[str]) -> None:
    """Let each of the members request and declare, the first of them first, while the instance is stopped."""
    with office_of(settings) as office:
        for index, kind in enumerate(requests):
            office.file(index, kind)


def approve_last_year(settings: Settings, members: int) -> None:
    """Let each of the members have been approved last year, while the instance is stopped."""
    with office_of(settings) as office:
        for index in range(members):
            office.approve_last_year(index, NOW, f"M{index}")


@contextmanager
def office_of(settings: Settings) -> Iterator["Office"]:
    version = schema.version_of(STORES["renewal"].projections)
    database = Database(settings.database_of("renewal"), version)
    database.catch_up = partial(take_empty_log, version)
    try:
        yield Office(Records(database, LOG))
    finally:
        database.close()


class Office:
    """Renewal's records, to which commands are sent as the service sends them."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.rule = rules.load_rule()
        self.pairs = 0

    def send(self, kind: type[Any], index: int, at: datetime, year: int = YEAR, **more: Any) -> None:
        about = {"id": uuid4(), "deadline": at + timedelta(minutes=1), "at": at, "member": number(index), "year": year}
        handle(self.records, self.rule, kind(**about, **more))

    def file(self, index: int, kind: str) -> None:
        """One request of a kind, minutes after the one before."""
        at = NOW - timedelta(hours=12) + timedelta(minutes=index)
        mine = f"M{index}"
        if kind == "contested":
            mine = f"C{self.pairs // 2}"
            self.pairs += 1
        if kind == "unchanged":
            self.approve_last_year(index, at, mine)
        if kind == "returned once":
            self.request(index, at - timedelta(days=1), YEAR, form(index, mine, **OVER))
            fields = (FieldToCorrect(field=DeclarationField.JOBS, fault=FieldFault.WRONG),)
            self.send(commands.ReturnRenewal, index, at - timedelta(hours=20), actor=OFFICER, fields=fields)
            self.send(commands.SubmitDeclaration, index, at, form=form(index, mine, **OVER, jobs=()))
            return
        self.request(index, at, YEAR, form(index, mine, **(OVER if kind == "over ceiling" else {})))

    def approve_last_year(self, index: int, at: datetime, mine: str) -> None:
        self.request(index, at - A_YEAR, YEAR - 1, form(index, mine))
        self.send(commands.ApproveRenewal, index, at - A_YEAR, YEAR - 1, actor=OFFICER, declaration_version=1)

    def request(self, index: int, at: datetime, year: int, declared: Declaration) -> None:
        self.send(commands.RequestRenewal, index, at, year)
        self.send(commands.SubmitDeclaration, index, at, year, form=declared)


def form(index: int, mine: str, **more: Any) -> Declaration:
    """A declaration with one mine, and a mobile number that nobody else has."""
    job = samples.DECLARED.model_copy(
        update={"starts_on": BEGAN_ON, "ends_on": LAST_DAY + A_YEAR, "cadastre_code": mine}
    )
    return samples.FORM.model_copy(update={"mobile": f"0913{index:07}", "jobs": (job,), **more})
