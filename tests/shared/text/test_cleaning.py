"""Texts are stored as written, without what could harm."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import cleaning

WRITTEN = "لطفاً شمارهٔ پروانهٔ مسئولِ فنّی، مؤسسهٔ رأفت و فاطمة كاظمي را می‌نویسید: ۱۲ و 12"


def test_every_letter_and_sign_of_the_spelling_is_kept() -> None:
    assert cleaning.line(WRITTEN) == cleaning.paragraphs(WRITTEN) == WRITTEN
    assert cleaning.line(unicodedata.normalize("NFD", WRITTEN)) == unicodedata.normalize("NFC", WRITTEN)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  یک \t خط\r\nخط\u00a0\u00a0دو\u2028سه\x0b", "یک خط\nخط دو\nسه"),
        ("\ufeff\u202eزهرا\u202c\x1b[31m\x00\u2066", "زهرا[31m"),
        ("می\u200c\u200cرود \u200cو\u200c ه\u200d.ش.", "می\u200cرود و ه\u200d.ش."),
        ("ﻋﻠﻲ ﻛﺎﻇﻤﻲ ﷲ", "علي كاظمي ﷲ"),
        ("👩\u200d🔬 ✍️", "👩\u200d🔬 ✍️"),
        ("\u0601\u06f1\u06f4\u06f0\u06f5", "\u0601\u06f1\u06f4\u06f0\u06f5"),
    ],
)
def test_invisible_marks_and_superfluous_blanks_are_gone(typed: str, kept: str) -> None:
    assert cleaning.paragraphs(typed) == kept


@pytest.mark.parametrize(
    "unseen",
    ["\u3164" * 12, "\u2800\n\u115f\u1160", "\ufe0f", "\u200d\u200c", "\u202e\u2066", "\U000e0041", "\u064e\u0654"],
)
def test_nothing_is_left_of_a_text_that_nobody_sees(unseen: str) -> None:
    assert cleaning.line(unseen) == cleaning.paragraphs(unseen) == ""
    assert cleaning.line(f"{unseen}زهرا").endswith("زهرا")


def test_a_name_has_one_line() -> None:
    assert cleaning.line("کوه\r\nنورد\n") == "کوه نورد"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (cleaning.line, cleaning.paragraphs):
        once = clean(text)
        assert clean(once) == once


@given(st.text(st.characters(exclude_categories=[]), max_size=50))
def test_nothing_that_harms_a_terminal_is_printed_and_json_stays_the_same(text: str) -> None:
    harmless = cleaning.printable(text)
    assert not [one for one in harmless if unicodedata.category(one) in {"Cc", "Cs"} and one not in "\n\t"]
    assert not cleaning.INVISIBLE.search(harmless)
    assert json.loads(cleaning.printable(json.dumps(text, ensure_ascii=False))) == text
