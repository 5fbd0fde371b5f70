"""Compiled statements of SQLAlchemy, kept for all engines of a process: each test has engines of its own, and compiling takes longer than running."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

KEPT_MAX = 10_000


class ByDialect(LRUCache[Any, Any]):
    """Finds a statement by the name of its dialect, where SQLAlchemy asks with the dialect of one engine.

    All engines of a process connect to servers of one version, and so compile alike.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(of_any_engine(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(of_any_engine(key), value)


def of_any_engine(key: Any) -> Any:
    dialect, *statement = key
    return (dialect.name, *statement)


KEPT = ByDialect(KEPT_MAX)


def kept(engine: Engine) -> Engine:
    """The engine, which compiles no statement that another one has compiled."""
    engine._compiled_cache = KEPT
    return engine


def kept_after(connect: Callable[[str], Engine]) -> Callable[[str], Engine]:
    """Makes engines as `connect` does, which compile each statement once together."""
    return lambda url: kept(connect(url))
