"""One vocabulary: no name in the code uses a word that a standard term has replaced."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("services", "clients", "shared", "deploy", "bench", "tests")
REPLACED = {
    "ask": "call, request or inquire",
    "asked": "requested, called or sent",
    "asking": "pending, or the client that calls",
    "asks": "messages",
    "bearer": "principal_kind",
    "contest": "comparison",
    "door": "endpoint, or sign_in",
    "haste": "time_scale",
    "hear": "receive",
    "heard": "received or recorded",
    "hears": "follows",
    "house": "cluster",
    "jot": "write_unflushed",
    "knock": "rate_limit_hit",
    "lane": "subscription",
    "misfortune": "fault",
    "question": "query",
    "road": "tcp_proxy",
    "roll": "register",
    "standing": "status, or progress",
    "tell": "report, print or send",
    "telling": "report",
    "told": "reported or received",
    "weather": "fault_rates",
    "wish": "order",
    "witness": "checker",
}


def test_names_use_the_standard_words() -> None:
    replaced = [
        f"{path.relative_to(ROOT)}:{line} {name}: instead of {word!r} write {REPLACED[word]}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, name in names(ast.parse(path.read_text(encoding="utf-8")))
        for word in sorted(words(name) & set(REPLACED))
    ]
    assert replaced == []


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Functions, classes, arguments, variables and attributes, where they are defined; sentences of tests are prose."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) if not name.startswith("test_"):
                yield node.lineno, name
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case _:
                pass


def words(name: str) -> set[str]:
    """`GetCardLink` and `get_card_link` are three words each."""
    return {part.lower() for part in re.findall("[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
