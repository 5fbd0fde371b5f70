"""A large register and a full desk: members with invented names, and declarations that wait, in databases of auth and renewal."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert

from bench.implementations.member_histories import EMPLOYMENT, JOB, LICENCE, PROVINCE
from services.auth.register import search
from services.auth.service import LOG as AUTH_LOG
from services.auth.service import AuthService
from services.auth.tables import MEMBERS, PERSONS
from services.auth.tables import TABLES as AUTH_TABLES
from services.renewal.office_hours import rules
from services.renewal.renewals.tracking_code import tracking_code
from services.renewal.service import LOG, RenewalService
from services.renewal.tables import DECLARATIONS, TABLES
from services.renewal.tables import MEMBERS as RENEWAL_MEMBERS
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.renewal import events
from shared.contract.values import Role
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.messaging import relay_cursor
from shared.subscriptions import checkpoints
from shared.text import persian
from tests.services.renewal.samples import FORM

FILL_AT_ONCE = 1000
FIRST_NAMES = (
    *("محمد", "علی", "حسن", "حسین", "رضا", "زهرا", "فاطمه", "مریم", "علی‌رضا", "امیرحسین", "محمدرضا", "نگار"),
    *("آرمین", "سارا", "لیلا", "مهدی", "سعید", "کیان", "پریسا", "نرگس"),
)
LAST_NAMES = (
    *("صفوی", "کاظمی", "محمدی", "رضایی", "حسینی", "احمدی", "مؤمنی", "تهرانی", "اصفهانی", "کریمی", "موسوی"),
    *("جعفری", "رستمی", "نیکو", "فرهادی", "سنگ‌تراش", "یزدی", "شیرازی", "قاسمی", "هاشمی"),
)
ENDINGS = ("", "", "زاده", "‌پور", " نیا", " اصل", "ی نژاد", " فر")
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="maryam",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({PROVINCE}),
)
YEAR = persian.jalali_year(datetime.now(UTC))
Person = Mapping[str, Any]


def persons(count: int) -> Iterator[Person]:
    """Members of a register, the same for the same number of them."""
    chance = random.Random(count)  # noqa: S311 - no secret
    for index in range(count):
        first, second = chance.choice(FIRST_NAMES), chance.choice(FIRST_NAMES)
        yield {
            "account": f"member:{number(index)}",
            "first_name": f"{first} {second}" if index % 5 == 0 else first,
            "last_name": chance.choice(LAST_NAMES) + chance.choice(ENDINGS),
            "national_code": valid_code(index),
        }


def number(index: int) -> str:
    return str(3_400_000 + index)


def valid_code(index: int) -> str:
    """A national code with its check digit."""
    stem = f"{127_000_000 + index:09}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(stem)) % 11
    return f"{stem}{rest if rest < 2 else 11 - rest}"  # noqa: PLR2004 - the rule of the code


def register(url: str, count: int) -> tuple[AuthService, Sequence[Person]]:
    """Auth with so many members of one province, all of whom can be found."""
    records = Records(Database(url), AUTH_LOG)
    records.database.create_tables(log.TABLES, *AUTH_TABLES)
    found = list(persons(count))
    row = {"province": PROVINCE, "member_class": "grade_2", "licence_fields": "extraction"}

    def fill(connection: Connection) -> None:
        connection.execute(insert(MEMBERS), [{**row, "member": number(index)} for index in range(count)])
        connection.execute(insert(PERSONS), found)

    records.write(fill)
    search.complete(records)
    service = AuthService()
    service.records, service.caller = records, MANAGER
    return service, found


def desk(url: str, count: int) -> RenewalService:
    """Renewal with so many declarations that wait: a tenth with a contested mine, a tenth with another's mobile number."""
    records = Records(Database(url), LOG)
    records.database.create_tables(log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, *TABLES)
    for start in range(0, count, FILL_AT_ONCE):
        indexes = range(start, min(count, start + FILL_AT_ONCE))
        records.write(lambda connection, indexes=indexes: declare(connection, indexes))  # type: ignore[misc]
    service = RenewalService()
    service.records, service.caller, service.office_rule = records, MANAGER, rules.load_rule()
    return service


def declare(connection: Connection, indexes: Sequence[int]) -> None:
    now = datetime.now(UTC)
    member = {"province": PROVINCE, "licence": LICENCE.model_dump_json(), "paid_through": YEAR - 1}
    connection.execute(insert(RENEWAL_MEMBERS), [{**member, "member": number(index)} for index in indexes])
    for index in indexes:
        at = now - timedelta(minutes=index)
        about: dict[str, Any] = {"member": number(index), "year": YEAR}
        mine = f"M{index - index % 10 % 2}" if index % 10 < 2 else f"M{index}"  # noqa: PLR2004 - one of ten pairs
        facts = [
            events.RenewalRequested(
                **about,
                province=PROVINCE,
                licence=LICENCE,
                tracking_code=tracking_code(UUID(int=index)),
                requested_at=at,
            ),
            events.DeclarationSubmitted(
                **about,
                declaration_version=1,
                licence=LICENCE,
                employment=EMPLOYMENT,
                jobs=(JOB.model_copy(update={"cadastre_code": mine}),) * (1 + index % 3),
                submitted_at=at,
                review_due_at=at + timedelta(hours=30),
            ),
        ]
        cause = Metadata(correlation_id=UUID(int=index), causation_id=UUID(int=index))
        LOG.append(connection, f"renewal/{number(index)}/{YEAR}", 0, facts, cause, at)
        mobile = f"0913{index - index % 2 if index % 10 < 2 else index:07}"  # noqa: PLR2004 - one of ten pairs
        form = FORM.model_copy(update={"mobile": mobile}).model_dump_json()
        row = {**about, "version": 1, "submitted_at": at, "form": form, "mobile": mobile}
        connection.execute(insert(DECLARATIONS).values(row))
