"""That the search for typed words finds them, however a program writes them down, and in no field but those that are named."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from shared.text import persian
from tests.fuzz import leaks
from tests.fuzz.requests.placeholders import LATIN, LETTERS_LATIN, LETTERS_PERSIAN, PERSIAN, mobile, number_of, word

CASES = 100
LATIN_WORD, PERSIAN_WORD, MOBILE = word(7, LATIN, LETTERS_LATIN), word(7, PERSIAN, LETTERS_PERSIAN), mobile(7)


@pytest.mark.parametrize(
    "written",
    [
        LATIN_WORD,
        LATIN_WORD.upper(),
        PERSIAN_WORD,
        ascii(PERSIAN_WORD),
        json.dumps(PERSIAN_WORD),
        quote(PERSIAN_WORD),
        MOBILE,
        persian.digits_to_persian(MOBILE),
    ],
)
def test_a_typed_word_is_found_in_a_log(written: str) -> None:
    line = f"ERROR clients.gateway: could not read ({written})"
    assert leaks.in_text(f"started\n{line}\n", CASES) == [persian.digits_to_ascii(line)]


@pytest.mark.parametrize("written", ["0917", f"a{MOBILE}", mobile(100), "2026-11-27T09:17:00", LATIN])
def test_what_nobody_typed_is_not_taken_for_a_word(written: str) -> None:
    assert leaks.in_text(f"position {written}", CASES) == []


def test_a_typed_word_is_found_in_an_event_unless_its_field_may_hold_it(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "payment.db")) as database:
        database.execute("CREATE TABLE events (type, stream, data, metadata)")
        for kind, data in (
            ("ManualPaymentRequested", {"slip": LATIN_WORD}),
            ("RefundRequested", {"note": {"reason": PERSIAN_WORD}}),
            ("RefundRequested", {"attempts": [MOBILE]}),
        ):
            database.execute("INSERT INTO events VALUES (?, ?, ?, '{}')", (kind, "invoice/1", json.dumps(data)))
        database.commit()
    assert leaks.in_events(tmp_path, CASES) == ["payment: RefundRequested.attempts", "payment: RefundRequested.reason"]


def test_the_words_of_two_cases_differ() -> None:
    assert len({word(number, LATIN, LETTERS_LATIN) for number in range(10_000)}) == 10_000
    assert [number_of(mobile(number)) for number in range(10_000)] == list(range(10_000))
