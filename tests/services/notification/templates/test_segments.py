"""How many segments a text takes, at each limit and one character beyond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.templates import segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("س" * 70, 1),
        ("س" * 71, 2),
        ("س" * 134, 2),
        ("س" * 135, 3),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 69 + "س", 1),
        ("a" * 70 + "س", 2),
        ("می\u200cرود" + "a" * 64, 1),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("ك" + "😀" * 34, 1),
        ("ك" + "😀" * 35, 2),
    ],
)
def test_a_text_takes_so_many_segments(text: str, expected: int) -> None:
    assert segments.count(text) == expected


def test_no_character_is_split_over_two_segments() -> None:
    assert segments.count("س" * 66 + "😀" + "س" * 65) == 2
    assert segments.count("س" * 66 + "😀" + "س" * 66) == 3, "134 units, but the first segment has only 66"
    assert segments.count("a" * 152 + "€" + "a" * 152) == 3, (
        "the escape goes to the second, which is then one too short"
    )


@given(st.text(max_size=400), st.characters(codec="utf-16"))
def test_a_longer_text_never_takes_fewer(text: str, one: str) -> None:
    whole = text.encode("utf-16", "ignore").decode("utf-16")
    assert segments.count(whole) <= segments.count(whole + one)
