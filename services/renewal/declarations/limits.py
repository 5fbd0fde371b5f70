"""Whether a declaration keeps to the year's capacity policy: a ceiling that its jobs exceed, a degree that the class may not have."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from services.renewal.tables import AMENDED_POLICIES, RENEWALS
from shared.contract.envelope import Recorded
from shared.contract.renewal import events
from shared.contract.values import Employment, Job, Licence
from shared.event_store.sql import by_key, upsert
from shared.policies import capacity_policy, capacity_rules
from shared.policies.capacity_policy import Policy
from shared.settings import Settings
from shared.text import persian

JOBS = TypeAdapter(tuple[Job, ...])
OVER = {"over_ceiling", "over_field_ceiling"}
"""The rules' codes of too much use: of all jobs together, or of one field's."""


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log, in its transaction; after the projection of renewals."""
    match recorded.event:
        case events.DeclarationSubmitted() as event:
            broken = limits(policy_of(connection, event.year), event.licence, event.employment, event.jobs)
            by_key.change(connection, RENEWALS, {"member": event.member, "year": event.year}, broken)
        case events.DeclarationRecalled() as event:
            again = limits_again(connection, event)
            by_key.change(connection, RENEWALS, {"member": event.member, "year": event.year}, again)
        case events.DecisionUndone() as event:
            check_waiting(connection, event.year, RENEWALS.c.member == event.member)
        case events.PolicyAmended() as event:
            upsert.put(connection, AMENDED_POLICIES, {"year": event.year}, {"policy": event.after})
            check_waiting(connection, event.year)
        case _:
            pass


@cache
def first_policies() -> Mapping[int, Policy]:
    """Each year's policy before its amendments, by the files: read once, for no event has it."""
    settings = Settings()
    until = persian.jalali_year(datetime.now(UTC)) if settings.development else 0
    return capacity_policy.read_folder(settings.policies_folder, until)


def policy_of(connection: Connection, year: int) -> Policy | None:
    """The policy of a year, as amended; None for a year without one."""
    amended = by_key.find(connection, AMENDED_POLICIES, {"year": year})
    return first_policies().get(year) if amended is None else capacity_policy.parse(amended.policy)


def limits(policy: Policy | None, licence: Licence, employment: Employment, jobs: Iterable[Job]) -> dict[str, bool]:
    """The columns of a renewal that say which limits its declaration breaks; where there is no policy, none."""
    problems = capacity_rules.usage_of(policy, licence, employment, tuple(jobs)).problems if policy else {}
    codes = set(problems.values())
    return {"over_ceiling": bool(codes & OVER), "degree_not_allowed": "degree_not_allowed" in codes}


def limits_again(connection: Connection, event: events.DeclarationRecalled) -> dict[str, bool]:
    """The limits of the version that counts again; none where the recalled one was the first."""
    returned = event.returned
    if returned is None:
        return {"over_ceiling": False, "degree_not_allowed": False}
    return limits(policy_of(connection, event.year), returned.licence, returned.employment, returned.jobs)


def check_waiting(connection: Connection, year: int, *conditions: ColumnElement[bool]) -> None:
    """Check the declarations of a year that wait for a decision by its policy of now; what is decided keeps what it was decided by."""
    policy = policy_of(connection, year)
    waiting = select(RENEWALS).where(RENEWALS.c.year == year, RENEWALS.c.status == "submitted", *conditions)
    changed: list[dict[str, Any]] = []
    for row in connection.execute(waiting).mappings():
        licence, employment = Licence.model_validate_json(row["licence"]), row["employment"]
        broken = limits(policy, licence, Employment.model_validate_json(employment), JOBS.validate_json(row["jobs"]))
        if broken.items() - row.items():
            changed.append({"of": row["member"], **broken})
    if changed:
        this = (RENEWALS.c.member == bindparam("of"), RENEWALS.c.year == year)
        connection.execute(update(RENEWALS).where(*this), changed)
