"""Full names of members and officers for the rows of a list: auth has them, the answers of other services have not."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from clients.admin.context import RunContext
from shared.contract import bounds
from shared.contract.auth import queries
from shared.contract.passport import PrincipalKind
from shared.contract.refusals import Reason


class OfMember(Protocol):
    """A row about a member."""

    @property
    def member(self) -> str: ...


def of_members(run: RunContext, rows: Sequence[OfMember]) -> Callable[[OfMember], str]:
    """The full name of a row's member, or nothing where auth has none."""
    members = list(dict.fromkeys(row.member for row in rows))
    names: dict[str, str] = {}
    for start in range(0, len(members), bounds.PAGE_MAX):
        page = tuple(members[start : start + bounds.PAGE_MAX])
        names |= run.call(queries.GetMemberNames(members=page)).names
    return lambda row: names.get(row.member, "")


def of_actors(run: RunContext, actors: Iterable[str]) -> Callable[[str], str]:
    """The name of an actor for a reader: an officer's full name, a program as the system."""
    officers = {
        name for kind, _, name in (actor.partition(":") for actor in actors) if kind == PrincipalKind.OFFICER and name
    }
    query = queries.GetOfficerNames(officers=tuple(sorted(officers)[: bounds.PAGE_MAX]))
    answer = run.call_unless({Reason.NO_ANSWER}, query) if officers else None

    def name_of(actor: str) -> str:
        kind, _, name = actor.partition(":")
        if kind == PrincipalKind.OFFICER:
            return (answer and answer.names.get(name)) or name
        return run.printer.label(kind) if kind else ""

    return name_of
