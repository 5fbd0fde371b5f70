"""The statements and transactions that this process runs on its SQLite databases, counted by program and by step, with rounds that timers begin meanwhile."""

import sqlite3
from collections import Counter
from functools import partial
from pathlib import Path

import eventlet
from sqlalchemy import Engine, event

NO_WORK = ("COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE", "--")
"""How statements begin that neither ask nor change anything, and what a trigger runs."""
QUIET_SECONDS = 0.03
"""After so long without a statement a step is over, with all that has followed from it."""


class StatementCounter:
    """Counts from when it is made, on connections that are opened after that."""

    def __init__(self) -> None:
        self.step = ""
        self.transactions: Counter[tuple[str, str]] = Counter()
        """By program and step."""
        self.statements: Counter[tuple[str, str]] = Counter()
        event.listen(Engine, "connect", self._watch)

    def begin(self, step: str) -> None:
        """Count from now on for another step, once all is done that belongs to this one."""
        before = -1
        while before != (before := self.statements.total()):
            eventlet.sleep(QUIET_SECONDS)
        self.step = step

    def details(self) -> dict[str, list[tuple[str, str, int]]]:
        """All counted so far, by program and step."""
        counted = {"transactions": self.transactions, "statements": self.statements}
        return {what: [(*key, count) for key, count in found.items() if key[1]] for what, found in counted.items()}

    def _watch(self, connection: sqlite3.Connection, _entry: object) -> None:
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        connection.set_trace_callback(partial(self._count, Path(file).stem))

    def _count(self, program: str, statement: str) -> None:
        if statement.startswith("BEGIN"):
            self.transactions[program, self.step] += 1
        elif not statement.startswith(NO_WORK):
            self.statements[program, self.step] += 1
