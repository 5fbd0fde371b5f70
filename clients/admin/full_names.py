"""Full names for the rows of a list: they lie in auth's rows, not in the answers of the other services."""

from collections.abc import Callable, Iterable, Sequence

from clients.admin.context import RunContext
from shared.contract import bounds
from shared.contract.auth import queries
from shared.contract.passport import PrincipalKind
from shared.contract.refusals import Reason, Refused


def of(run: RunContext, members: Sequence[str]) -> dict[str, str]:
    """Names by membership number; who is not named is missing."""
    wanted = list(dict.fromkeys(members))
    named: dict[str, str] = {}
    for start in range(0, len(wanted), bounds.PAGE_MAX):
        page = tuple(wanted[start : start + bounds.PAGE_MAX])
        named |= run.call(queries.GetMemberNames(members=page)).names
    return named


def of_actors(run: RunContext, actors: Iterable[str]) -> Callable[[str], str]:
    """Who did something, for a reader: officers by full name, a program as the system."""
    officers = {
        name for kind, _, name in (actor.partition(":") for actor in actors) if kind == PrincipalKind.OFFICER and name
    }
    query = queries.GetOfficerNames(officers=tuple(sorted(officers)[: bounds.PAGE_MAX]))
    try:
        named = run.call(query).names if officers else {}
    except Refused as refused:
        if refused.reason is not Reason.NO_ANSWER:
            raise
        named = {}

    def name_of(actor: str) -> str:
        kind, _, name = actor.partition(":")
        if kind == PrincipalKind.OFFICER:
            return named.get(name) or name
        return run.printer.label(kind) if kind else ""

    return name_of
