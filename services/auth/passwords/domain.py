"""The rule that a new password must meet, as a pure function of the password, the holder's words and a list of common passwords."""

import re
from collections.abc import Container, Iterable, Iterator
from itertools import pairwise

from shared.text import cleaning, persian

MEMBER_CHARACTERS_MIN = 10
OFFICER_CHARACTERS_MIN = 12
CHARACTERS_MAX = 200
DIFFERENT_CHARACTERS_MIN = 5
UNFORESEEN_CHARACTERS_MIN = 5
"""Characters outside of runs on a keyboard row, of the alphabet or of the digits."""
RUN_CHARACTERS_MIN = 3
REPEATED_CHARACTERS_MAX = 7
"""A password that only repeats a text of so many characters at most is as easy to guess as that text."""
OWN_CHARACTERS_MIN = 8
"""Letters and digits that must be left beside words that everybody knows of the holder."""
PERSONAL_WORD_CHARACTERS_MIN = 3
ORGANIZATION_WORDS = ("tamdid", "تمدید", "سازمان", "نظام", "مهندسی", "معدن", "عضویت")
ROWS = (
    *("1234567890", "!@#$%^&*()", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "abcdefghijklmnopqrstuvwxyz"),
    *("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو", "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی", "ابجدهوزحطیکلمن"),
)
"""Keys in a row, on both keyboards, and the alphabets."""
NEIGHBOURS = frozenset(pair for row in ROWS for keys in (row, row[::-1]) for pair in pairwise(keys))
DIGITS = "0123456789"


def weakness(
    password: str, least: int, personal: Iterable[str], common: Container[str], present: str | None = None
) -> str:
    """The code of why a password is refused, of the group `field_error` of `shared/translations`; empty for a good one.

    `least` is its number of characters, `personal` are texts that everybody knows of the holder, `present` is the
    password that it replaces, all as they were typed.
    """
    secret = persian.secret_key(password)
    if len(secret) < least or not cleaning.is_visible(secret):
        return f"password_short:{least}"
    if len(secret) > CHARACTERS_MAX:
        return f"password_long:{CHARACTERS_MAX}"
    if present is not None and secret == persian.secret_key(present):
        return "password_unchanged"
    own = without(letters(secret), personal_words(personal))
    if own != letters(secret) and (len(own) < OWN_CHARACTERS_MIN or own.isdecimal()):
        return "password_personal"
    if is_predictable(secret) or is_common(letters(secret), common) or is_common(own, common):
        return "password_common"
    return ""


def letters(text: str) -> str:
    """Its letters and digits alone, in lower case and in one spelling."""
    return "".join(filter(str.isalnum, persian.secret_key(text).casefold()))


def personal_words(texts: Iterable[str]) -> set[str]:
    """The words of texts, each alone and all of a text together, and those of the organization."""
    parts = [part for text in texts for part in (text, *re.split(r"[\W_]+", text))]
    numbers = [part.lstrip("0") for part in parts if part.isdecimal()]
    words = map(letters, (*parts, *numbers, *ORGANIZATION_WORDS))
    return {word for word in words if len(word) >= PERSONAL_WORD_CHARACTERS_MIN}


def without(text: str, words: Iterable[str]) -> str:
    """A text without some words, the longest of them first."""
    for word in sorted(words, key=lambda word: (-len(word), word)):
        text = text.replace(word, "")
    return text


def is_common(text: str, common: Container[str]) -> bool:
    """Whether a text is on the list, also with digits before or after it."""
    return text in common or text.strip(DIGITS) in common


def is_predictable(secret: str) -> bool:
    """Whether it is digits alone, a short text again and again, or runs of neighbouring keys and little else."""
    text = "".join(secret.casefold().split())
    is_repeated = (text + text).find(text, 1) <= min(REPEATED_CHARACTERS_MAX, len(text) - 1)
    return (
        letters(text).isdecimal()
        or is_repeated
        or len(set(text)) < DIFFERENT_CHARACTERS_MIN
        or sum(unforeseen(text)) < UNFORESEEN_CHARACTERS_MIN
    )


def unforeseen(text: str) -> Iterator[int]:
    """The lengths of what is in no run of one character or of neighbouring keys."""
    run = ""
    for character in text:
        if not run or run[-1] == character or (run[-1], character) in NEIGHBOURS:
            run += character
            continue
        yield len(run) if len(run) < RUN_CHARACTERS_MIN else 0
        run = character
    yield len(run) if len(run) < RUN_CHARACTERS_MIN else 0
