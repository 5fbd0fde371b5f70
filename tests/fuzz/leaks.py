"""Whether typed words have got where none may be: the programs' logs, and the events, but for the fields that are named here."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from shared.text import persian
from tests.fuzz.requests.placeholders import LATIN, MOBILE, PERSIAN, number_of

ESCAPED = PERSIAN.encode("unicode_escape").decode()
"""As `repr` in ASCII and JSON write it; below as an address has it."""
WORDS = re.compile(
    "|".join(
        [
            rf"{LATIN}[a-z]{{8}}",
            rf"{PERSIAN}\w{{8}}",
            re.escape(ESCAPED),
            re.escape(quote(PERSIAN)),
            rf"(?<![0-9a-f-]){MOBILE}[0-9]{{7}}(?![0-9a-f])",
        ]
    ),
    re.IGNORECASE,
)
IN_EVENTS = frozenset(
    {
        ("ManualPaymentRequested", "slip"),
        ("ManualPaymentGranted", "slip"),
        ("ManualPaymentReversalRequested", "slip"),
        ("ManualPaymentReversed", "slip"),
        ("RefundPaid", "bank_reference"),
        ("BankNoticeReceived", "notice_id"),
        ("DeclarationSubmitted", "cadastre_code"),
        ("RenewalApproved", "cadastre_code"),
        ("CalendarDaySet", "label"),
        ("PolicyAmended", "before"),
        ("PolicyAmended", "after"),
        ("PolicyAmendmentRequested", "before"),
        ("PolicyAmendmentRequested", "after"),
        ("MemberEnrolled", "member"),
        ("MembershipChanged", "member"),
        ("ProgramAccountRequested", "program"),
    }
)
"""References and keys, no texts about a person: the number of a slip or a transfer, a mine's code, a holiday's name, a policy's own file."""


def in_text(text: str, cases: int) -> list[str]:
    """The lines of a log that contain words of the first so many cases."""
    text = persian.digits_to_ascii(text)
    if not WORDS.search(text):
        return []
    return [line for line in text.splitlines() if any(is_ours(found[0], cases) for found in WORDS.finditer(line))]


def is_ours(found: str, cases: int) -> bool:
    """Whether digits that look like a mobile number are that of one of the cases."""
    return not found.startswith(MOBILE) or number_of(found) < cases


def in_events(var: Path, cases: int) -> list[str]:
    """The events that contain words of cases, by program, type and field."""
    found: set[str] = set()
    for database in sorted(var.glob("*.db")):
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "events" not in tables:
                continue
            for kind, stream, data, metadata in connection.execute("SELECT type, stream, data, metadata FROM events"):
                values = [("stream", stream), *leaves(json.loads(data)), *leaves(json.loads(metadata))]
                found |= {
                    f"{database.stem}: {kind}.{name}"
                    for name, text in values
                    if in_text(text, cases) and (kind, name) not in IN_EVENTS
                }
    return sorted(found)


def leaves(tree: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a tree, and every field's name, with the name of the field that it stands in."""
    match tree:
        case dict():
            for field, value in tree.items():
                yield name, field
                yield from leaves(value, field)
        case list():
            for value in tree:
                yield from leaves(value, name)
        case _:
            yield name, str(tree)
