"""The tables, and how facts, lines and summaries lie in their rows."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    event,
)

from services.capacity.ledger.domain import COUNTS, EVERY_YEAR, EVERYBODY, INSTANTS, OF_EVERYBODY, Fact, Ledger, Summary
from services.capacity.ledger.lines import Line, Origin
from shared.contract.envelope import Recorded
from shared.contract.values import Job, LicenceField
from shared.event_store.database import Instant

TABLES = MetaData()

FACTS = Table(
    "capacity_facts",
    TABLES,
    Column("source", String(20), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False, comment=f"{EVERY_YEAR}: every year"),
    Column("province", String(20), nullable=False),
    Column("type", String(60), nullable=False),
    Column("data", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("capacity_facts_of_member", "member", "year"),
)
LINES = Table(
    "capacity_lines",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("units", Integer, nullable=False),
    Column("rule", String(80), nullable=False),
    Column("field", String(20)),
    Column("job", Text),
    Column("months", Integer),
    Column("source", String(20), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("effective_at", Instant, nullable=False),
)
SUMMARIES = Table(
    "capacity_summary",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("province", String(20), nullable=False),
    Column("ceiling_units", Integer, nullable=False),
    Column("used_units", Integer, nullable=False),
    Column("fields", Text, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("policy", String(30), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("capacity_summary_of_province", "province", "year"),
)
TURN = Table("capacity_turn", TABLES, Column("id", Integer, CheckConstraint("id = 1"), primary_key=True))
"""One row, locked by whoever writes here."""
event.listen(TURN, "after_create", DDL("INSERT INTO capacity_turn (id) VALUES (1)"))


class Tables(NamedTuple):
    """Where the facts, the lines and the summaries lie."""

    facts: Table
    lines: Table
    summaries: Table


LIVE = Tables(FACTS, LINES, SUMMARIES)
"""What is asked; a rebuild fills others beside it."""

Values = dict[str, Any]
Key = tuple[str, int]
"""A member and a year."""


def fact_values(heard: Recorded) -> Values:
    """The row of an event that counts, read as plain JSON: whoever derives from it reads it as its class."""
    told = from_json(heard.data)
    return {
        "source": heard.source,
        "position": heard.position,
        "member": EVERYBODY if heard.type in OF_EVERYBODY else told["member"],
        "year": told.get("year", EVERY_YEAR),
        "province": "" if heard.type in OF_EVERYBODY else told["province"],
        "type": heard.type,
        "data": heard.data,
        "at": datetime.fromisoformat(told[INSTANTS[heard.type]]),
    }


def fact_of(row: Row[Any]) -> Fact:
    """The fact in a row."""
    return Fact(Origin(row.source, row.position), row.at, COUNTS[row.type].model_validate_json(row.data))


def line_values(key: Key, ledger: Ledger) -> list[Values]:
    """The rows of a ledger's lines, in their order."""
    member, year = key
    return [
        {
            "member": member,
            "year": year,
            "line": number,
            "kind": line.kind,
            "units": line.units,
            "rule": line.rule,
            "field": line.field and line.field.value,
            "job": line.job and line.job.model_dump_json(),
            "months": line.months,
            "source": line.origin.source,
            "position": line.origin.position,
            "effective_at": line.effective_at,
        }
        for number, line in enumerate(ledger.lines, start=1)
    ]


def line_of(row: Row[Any]) -> Line:
    """The line in a row."""
    return Line(
        kind=row.kind,
        units=row.units,
        rule=row.rule,
        field=LicenceField(row.field) if row.field else None,
        job=Job.model_validate_json(row.job) if row.job else None,
        months=row.months,
        origin=Origin(row.source, row.position),
        effective_at=row.effective_at,
    )


def summary_values(key: Key, province: str, summary: Summary) -> Values:
    """The row of a summary."""
    member, year = key
    return {
        **summary._asdict(),
        "member": member,
        "year": year,
        "province": province,
        "fields": json.dumps(summary.fields),
        "warnings": " ".join(summary.warnings),
    }


def summary_of(row: Row[Any]) -> Summary:
    """The summary in a row."""
    return Summary(
        ceiling_units=row.ceiling_units,
        used_units=row.used_units,
        fields=tuple((LicenceField(field), ceiling, used) for field, ceiling, used in json.loads(row.fields)),
        valid_until=row.valid_until,
        warnings=tuple(row.warnings.split()),
        policy=row.policy,
        updated_at=row.updated_at,
    )
