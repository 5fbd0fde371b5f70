"""Facts, lines and summaries as rows of the projection's tables, and back."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.capacity.ledger.domain import (
    EVENT_TYPES,
    EVERY_MEMBER,
    EVERY_YEAR,
    INSTANT_FIELDS,
    TYPES_OF_EVERY_MEMBER,
    Fact,
    Ledger,
    Summary,
)
from services.capacity.ledger.lines import Line, Origin
from services.capacity.tables.projections import FACTS
from shared.contract import upcasting
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Job, LicenceField
from shared.event_store.sql import by_key

Values = dict[str, Any]
Key = tuple[str, int]
"""A member and a year."""
Facts = dict[str, list[tuple[int, Fact]]]
"""Facts by member, each with its year."""


def fact_values(recorded: Recorded) -> Values:
    """The row of an event that counts; its data is parsed as plain JSON, and as its class only where rows are derived from it."""
    data = upcasting.data_of(recorded.type, recorded.data)
    is_of_every_member = recorded.type in TYPES_OF_EVERY_MEMBER
    return {
        "source": recorded.source,
        "position": recorded.position,
        "member": EVERY_MEMBER if is_of_every_member else data["member"],
        "year": data.get("year", EVERY_YEAR),
        "province": "" if is_of_every_member else data["province"],
        "type": recorded.type,
        "data": recorded.data,
        "at": datetime.fromisoformat(data[INSTANT_FIELDS[recorded.type]]),
    }


def fact_of(row: Any) -> Fact:
    """The fact in a row; refused where a later version of the program has written one that this version does not know."""
    if row.type not in EVENT_TYPES or not upcasting.is_known(row.type, upcasting.schema_version(row.data)):
        raise Refused(Reason.NEWER_VERSION_NEEDED)
    return Fact(Origin(row.source, row.position), row.at, upcasting.read(EVENT_TYPES[row.type], row.data))


def facts_of(connection: Connection, members: Collection[str]) -> Facts:
    """All facts of the members."""
    found: Facts = {}
    for row in by_key.find_among(connection, FACTS, "member", members):
        found.setdefault(row.member, []).append((row.year, fact_of(row)))
    return found


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


def line_of(row: Any) -> Line:
    """The line in a row."""
    field, job = row.field and LicenceField(row.field), row.job and Job.model_validate_json(row.job)
    origin = Origin(row.source, row.position)
    return Line(row.kind, row.units, row.rule, field, job, row.months, origin, row.effective_at)


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


def summary_of(row: Any) -> Summary:
    """The summary in a row."""
    fields = tuple((LicenceField(field), ceiling, used) for field, ceiling, used in json.loads(row.fields))
    values = {name: getattr(row, name) for name in Summary._fields}
    return Summary(**{**values, "fields": fields, "warnings": tuple(row.warnings.split())})
