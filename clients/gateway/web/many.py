"""Many rows of a list at once: those that are ticked, and for each a command whose id its check page made, so that sending it twice does nothing twice."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import flask

from clients.gateway.web import filters, rpc
from shared.contract.refusals import Refused

ROWS_MAX = 100
"""Rows that one act is on."""
PICK = re.compile(r"([0-9]{3,12})\.([0-9]{4})", re.ASCII)
"""A ticked row: member and year."""
ROW = re.compile(r"([0-9]{3,12})\.([0-9]{4})\.([0-9]{1,15})\.([0-9a-f-]{36})", re.ASCII)
"""A row as a form has it: member, year, what was seen, id of the command."""


@dataclass(frozen=True)
class Row:
    """What is done to one row of many."""

    member: str
    year: str
    seen: str
    """The number that must still be the same when it is done: the declaration's version, or the amount."""
    command_id: str
    problem: str = ""

    @property
    def key(self) -> str:
        return f"{self.member}.{self.year}"

    @property
    def packed(self) -> str:
        return f"{self.key}.{self.seen}.{self.command_id}"


def checked(member: str, year: int, seen: int, problem: str = "") -> Row:
    """A row of the check, with why it is left out."""
    return Row(member, str(year), str(seen), str(uuid4()), problem)


def posted() -> list[Row]:
    """The rows of a check page that was sent; without what no check has made."""
    found = [ROW.fullmatch(text) for text in flask.request.form.getlist("row")[:ROWS_MAX]]
    return [Row(*row.groups()) for row in found if row]


def ticked() -> list[tuple[str, int]]:
    """Member and year of the ticked rows, each once."""
    found = [PICK.fullmatch(text) for text in flask.request.form.getlist("pick")[:ROWS_MAX]]
    return list(dict.fromkeys((row[1], int(row[2])) for row in found if row))


def act(
    row: Row, send: Callable[[dict[str, Any]], object], sentence: Callable[[Refused], str] = filters.refusal
) -> Row:
    """Send the row's command, whose own fields `send` adds; the row with what went wrong, if anything, in a sentence."""
    try:
        send({**rpc.new_command(), "id": row.command_id, "member": row.member, "year": row.year})
    except Refused as refused:
        return replace(row, problem=sentence(refused))
    return row


def split(rows: list[Row]) -> dict[str, list[Row]]:
    """What the templates of many rows show: `rows`, and those `left_out`."""
    return {"rows": [row for row in rows if not row.problem], "left_out": [row for row in rows if row.problem]}
