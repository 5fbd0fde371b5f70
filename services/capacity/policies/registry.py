"""The policies that this program goes by: each year's first text stays as it was put on record, whatever becomes of its file."""

import logging
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

from sqlalchemy import Column, ColumnElement, Connection, Integer, Table, Text, select, true

from services.capacity.ledger.domain import EVERYBODY
from services.capacity.tables import rows
from services.capacity.tables.rows import FACTS, TABLES
from shared.contract.capacity import answers
from shared.contract.policy import Policy, parse, read_all
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import events
from shared.event_store import upsert
from shared.event_store.database import Instant
from shared.settings import Settings

FOLDER = Settings.model_construct().policies_folder
"""The files that the program came with."""
ON_RECORD = Table(
    "capacity_policies",
    TABLES,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("policy", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
"""The first text of each year. What corrects it is told by renewal (`PolicyAmended`), and lies with the other facts."""
IN_USE: dict[int, Policy] = {}

logger = logging.getLogger(__name__)


def published() -> Mapping[int, Policy]:
    """The first policy of each year."""
    if not IN_USE:
        IN_USE.update(load_all(FOLDER))
    return IN_USE


def of(year: int, connection: Connection | None = None) -> Policy:
    """The year's first policy, also where only another copy knows it yet; no year is guessed from another."""
    if connection is not None:
        learn(connection, {year})
    try:
        return published()[year]
    except KeyError:
        raise Refused(Reason.NO_POLICY, {"year": str(year)}) from None


def learn(connection: Connection, years: AbstractSet[int]) -> None:
    """Go by what another copy has put on record since this one started."""
    missing = years - published().keys()
    if missing:
        IN_USE.update(on_record(connection, ON_RECORD.c.year.in_(missing)))


def load_all(folder: Path) -> dict[int, Policy]:
    """Every policy of a folder by its year, or one `PolicyError` with all that is wrong."""
    return {year: parse(text) for year, text in read_all(folder).items()}


def put_on_record(connection: Connection, texts: Mapping[int, str], at: datetime) -> list[int]:
    """Put new years on record, go by the record, and tell which years are new."""
    fresh = [
        year
        for year, text in texts.items()
        if upsert.add(connection, ON_RECORD, {"year": year, "policy": text, "recorded_at": at})
    ]
    IN_USE.clear()
    IN_USE.update(on_record(connection, true()))
    return fresh


def on_record(connection: Connection, which: ColumnElement[bool]) -> dict[int, Policy]:
    query = select(ON_RECORD.c.year, ON_RECORD.c.policy).where(which)
    return {year: parse(text) for year, text in connection.execute(query)}


def in_use(connection: Connection, year: int) -> Policy:
    """The policy that a year goes by now: the newest correction's, or the first one where there is none."""
    first = of(year, connection)
    corrected = newest_correction(connection, year)
    return parse(corrected.after) if corrected else first


def told(connection: Connection, year: int) -> answers.PolicyInUse:
    """The same, with its text."""
    found, corrected = in_use(connection, year), newest_correction(connection, year)
    on_record = select(ON_RECORD.c.policy).where(ON_RECORD.c.year == year)
    text = corrected.after if corrected else str(connection.execute(on_record).scalar_one())
    return answers.PolicyInUse(year=year, version=found.version, file=text)


def newest_correction(connection: Connection, year: int) -> events.PolicyAmended | None:
    """What renewal told last of a year's policy."""
    mine = (FACTS.c.member == EVERYBODY, FACTS.c.year == year)
    row = connection.execute(select(FACTS).where(*mine).order_by(FACTS.c.position.desc()).limit(1)).first()
    event = row and rows.fact_of(row).event
    return event if isinstance(event, events.PolicyAmended) else None


def warn_of_changes(files: Mapping[int, str], in_use: Iterable[Policy]) -> None:
    """Say which files say something else than what is gone by: a correction counts from its recorded act on."""
    for policy in in_use:
        file = parse(files[policy.year]) if policy.year in files else policy
        if not policy.says_the_same(file):
            logger.warning(
                "%s.toml is not what the year goes by (%s): `tamdid policy amend` puts a correction on record",
                policy.year, policy.version,
            )  # fmt: skip
