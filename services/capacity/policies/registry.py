"""The capacity policies on record: each year's first text stays as it was recorded, whatever becomes of its file."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from services.capacity.ledger.domain import EVERY_MEMBER
from services.capacity.tables import rows
from services.capacity.tables.projections import FACTS
from services.capacity.tables.state import POLICIES
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal.events import PolicyAmended
from shared.event_store.sql import by_key, upsert
from shared.event_store.sql.prepared import Prepared
from shared.policies import capacity_policy, policy_files
from shared.policies.capacity_policy import Policy

RECORDED = Prepared(select(POLICIES))

logger = logging.getLogger(__name__)


def record(connection: Connection, policies: Iterable[Policy], at: datetime) -> list[int]:
    """Record the policies of new years, and return those years."""
    return [
        policy.year
        for policy in policies
        if upsert.add(connection, POLICIES, {"year": policy.year, "policy": policy.text, "recorded_at": at})
    ]


def recorded(connection: Connection) -> dict[int, Policy]:
    """The first policy of each year."""
    return {row.year: capacity_policy.parse(row.policy) for row in RECORDED.rows(connection)}


def first(connection: Connection, year: int) -> Policy:
    """The year's first policy; a refusal for a year without one, because none is guessed from another's."""
    row = by_key.find(connection, POLICIES, {"year": year})
    if row is None:
        raise Refused(Reason.NO_POLICY, {"year": str(year)})
    return capacity_policy.parse(row.policy)


def current(connection: Connection, year: int) -> Policy:
    """The policy that is valid for a year now: the newest correction's, or the first one where there is none."""
    original = first(connection, year)
    corrections = select(FACTS).where(FACTS.c.member == EVERY_MEMBER, FACTS.c.year == year)
    row = connection.execute(corrections.order_by(FACTS.c.position.desc()).limit(1)).first()
    event = row and rows.fact_of(row).event
    return capacity_policy.parse(event.after) if isinstance(event, PolicyAmended) else original


def warn_of_changed_files(connection: Connection, files: Mapping[int, Policy]) -> None:
    """Log which files differ from the policy that is valid: only a recorded correction changes it."""
    for year in recorded(connection):
        policy = current(connection, year)
        if not policy.has_same_tables(files.get(year, policy)):
            logger.warning(
                "%s.toml is not what the year goes by (%s): `tamdid policy amend` puts a correction on record",
                year, policy.version,
            )  # fmt: skip
        if policy.text.startswith(policy_files.MADE_UP) and year not in files:
            logger.warning(
                "%s goes by a policy that was made up in development: `tamdid policy amend` puts the right one on record",
                year,
            )
