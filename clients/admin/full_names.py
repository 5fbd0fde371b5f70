"""Full names of members and officers for the rows of a list: auth has them, the answers of other services have not."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Protocol

from clients.admin.context import RunContext
from shared.contract import bounds
from shared.contract.auth import queries
from shared.contract.passport import PrincipalKind
from shared.contract.refusals import Reason
from shared.contract.values import APPROVAL_RULE
from shared.services import OWN_PROGRAMS


class OfMember(Protocol):
    """A row about a member."""

    @property
    def member(self) -> str: ...


def of_members(run: RunContext, rows: Sequence[OfMember]) -> Callable[[OfMember], str]:
    """The full name of a row's member, or nothing where auth has none; queried at the first use."""

    @cache
    def names() -> Mapping[str, str]:
        members = list(dict.fromkeys(row.member for row in rows))
        pages = (tuple(members[start : start + bounds.PAGE_MAX]) for start in range(0, len(members), bounds.PAGE_MAX))
        return ChainMap(*(dict(run.call(queries.GetMemberNames(members=page)).names) for page in pages))

    return lambda row: names().get(row.member, "")


def of_actors(run: RunContext, actors: Iterable[str]) -> Callable[[str], str]:
    """The name of an actor for a reader: an officer's full name, a program account as it is, our own programs as the system; queried at the first use."""

    @cache
    def names() -> Mapping[str, str]:
        parts = (actor.partition(":") for actor in actors)
        officers = {name for kind, _, name in parts if kind == PrincipalKind.OFFICER and name}
        query = queries.GetOfficerNames(officers=tuple(sorted(officers)[: bounds.PAGE_MAX]))
        answer = run.call_unless({Reason.NO_ANSWER}, query)
        return answer.names if answer else {}

    def name_of(actor: str) -> str:
        kind, _, name = actor.partition(":")
        if kind == PrincipalKind.OFFICER:
            return names().get(name) or name
        if kind == PrincipalKind.PROGRAM and name not in OWN_PROGRAMS:
            return actor
        return run.printer.label("approval_rule" if kind == APPROVAL_RULE else kind) if kind else ""

    return name_of
