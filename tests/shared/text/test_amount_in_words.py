import pytest

from shared.text import amount_in_words
from shared.text.amount_in_words import in_words, rials_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "صفر"),
        (7, "هفت"),
        (10, "ده"),
        (13, "سیزده"),
        (20, "بیست"),
        (21, "بیست و یک"),
        (100, "صد"),
        (315, "سیصد و پانزده"),
        (999, "نهصد و نود و نه"),
        (1_000, "یک هزار"),
        (1_001, "یک هزار و یک"),
        (12_000, "دوازده هزار"),
        (250_040, "دویست و پنجاه هزار و چهل"),
        (9_000_000, "نه میلیون"),
        (18_500_000, "هجده میلیون و پانصد هزار"),
        (1_000_000_000, "یک میلیارد"),
        (2_000_000_003, "دو میلیارد و سه"),
        (4_005_000_000_000, "چهار تریلیون و پنج میلیارد"),
    ],
)
def test_an_amount_is_written_out(amount: int, words: str) -> None:
    assert in_words(amount) == words


@pytest.mark.parametrize("amount", [-1, amount_in_words.AMOUNT_MAX + 1])
def test_what_has_no_words_is_an_error(amount: int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        in_words(amount)


def test_money_is_written_out_in_rials_and_tomans() -> None:
    assert rials_in_words(9_000_000) == "نه میلیون ریال (نهصد هزار تومان)"
