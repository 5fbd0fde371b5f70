"""Full names for the rows of a list: they lie in auth's rows, not in the answers of the other services."""

from collections.abc import Sequence

from clients.admin.terminal import Terminal
from shared.contract import questions


def of(terminal: Terminal, members: Sequence[str]) -> dict[str, str]:
    """Names by membership number; who is not named is missing."""
    wanted = list(dict.fromkeys(members))
    named: dict[str, str] = {}
    for start in range(0, len(wanted), questions.PAGE_MAX):
        page = tuple(wanted[start : start + questions.PAGE_MAX])
        named |= terminal.ask(questions.GetMemberNames(members=page)).names
    return named
