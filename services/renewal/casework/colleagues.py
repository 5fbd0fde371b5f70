"""Colleagues: the managers of a province by auth's events, and the deputies whom officers name for days of absence."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from services.renewal.tables import DEPUTIES, OFFICERS
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import casework_answers, commands
from shared.contract.values import Role
from shared.event_store.sql import upsert
from shared.text import persian

OFFICER = "officer:"


def of_province(connection: Connection, province: str, now: datetime) -> casework_answers.Colleagues:
    """The managers of a province, and their deputies of today and later."""
    query = select(OFFICERS.c.officer).where(OFFICERS.c.manages.contains(f" {province} ", autoescape=True))
    officers = tuple(
        actor.removeprefix(OFFICER) for actor in connection.execute(query.order_by(OFFICERS.c.officer)).scalars()
    )
    named = select(DEPUTIES).where(DEPUTIES.c.officer.in_(officers), DEPUTIES.c.to_on >= persian.day_of(now))
    rows = connection.execute(named.order_by(DEPUTIES.c.officer)).mappings()
    deputies = tuple(casework_answers.Deputy.model_validate(dict(row)) for row in rows)
    return casework_answers.Colleagues(officers=officers, deputies=deputies)


def provinces_managed(connection: Connection, officer: str) -> frozenset[str]:
    """The provinces of which an officer is a manager, as far as auth's events have come."""
    query = select(OFFICERS.c.manages).where(OFFICERS.c.officer == OFFICER + officer)
    return frozenset((connection.execute(query).scalar() or "").split())


def manages(connection: Connection, officer: str, province: str) -> bool:
    return province in provinces_managed(connection, officer)


def absent(connection: Connection, actor: str, at: datetime) -> frozenset[str]:
    """The officers, by actor, for whom somebody stands in on the day of an instant in Tehran."""
    here = (
        DEPUTIES.c.deputy == actor.removeprefix(OFFICER),
        DEPUTIES.c.from_on <= persian.day_of(at),
        DEPUTIES.c.to_on >= persian.day_of(at),
    )
    return frozenset(
        OFFICER + officer for officer in connection.execute(select(DEPUTIES.c.officer).where(*here)).scalars()
    )


def require_may_name(connection: Connection, caller: Passport, officer: str) -> None:
    """Refuse whoever is neither the manager who will be absent nor an admin of all the provinces that the manager serves."""
    if caller.subject == officer:
        caller.must_have(Role.MANAGER)
        return
    caller.must_have(Role.ADMIN)
    for province in provinces_managed(connection, officer):
        caller.must_have(Role.ADMIN, province)


def set_deputy(connection: Connection, command: commands.SetDeputy) -> None:
    """Store the deputy of an officer; both are managers of a common province."""
    if provinces_managed(connection, command.officer).isdisjoint(provinces_managed(connection, command.deputy)):
        raise Refused(Reason.NOT_A_COLLEAGUE)
    row = command.model_dump(include={"deputy", "from_on", "to_on"}) | {"set_by": command.actor, "set_at": command.at}
    upsert.put(connection, DEPUTIES, {"officer": command.officer}, row)


def remove_deputy(connection: Connection, command: commands.RemoveDeputy) -> None:
    connection.execute(delete(DEPUTIES).where(DEPUTIES.c.officer == command.officer))
