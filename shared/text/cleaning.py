"""Unicode cleaning of typed text for storing and showing: NFC, the spelling unchanged, no invisible or control characters."""

import re
import unicodedata

UNWANTED = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are no blanks; PostgreSQL stores no NUL
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # formats and bidi controls
    "\ufdd0-\ufdef\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters that no spelling needs, as the inside of a character class; joiners stay: «می‌رود», «ه‍.ش.»."""
INVISIBLE = re.compile(f"[{UNWANTED}]")
HIDDEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f]")
"""Invisible characters of the categories of letters, marks or symbols: they stay in a text, but a text of them alone is empty."""
VISIBLE = "LNPS"
"""Of Unicode's categories: letters, numbers, punctuation and symbols; a mark is never alone."""
JOINERS = "\u200c\u200d"
STRAY_JOINERS = re.compile(rf"(?<!\S)[{JOINERS}]+|\u200c+(?!\S)|(?<=[{JOINERS}])[{JOINERS}]+")
LETTER_SHAPES = re.compile("[\ufb50-\ufbb1\ufbd3-\ufbff\ufe80-\ufefc]")
"""Presentation forms of letters, as in a PDF: another encoding of the same spelling."""
HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
"""Unpaired surrogates, which no encoding has."""
UNSAFE = re.compile(rf"[{UNWANTED}\x0b-\x1f\x85\u2028\u2029\ud800-\udfff]")
"""Characters that move a terminal's cursor, reverse its line or cannot be encoded; without line breaks and tabs."""


def paragraphs(text: str) -> str:
    """A text of several lines: as typed, with single blanks and one character for every kind of line break.

    A text without a visible character becomes empty.
    Unpaired surrogates stay, for the contract's types to refuse: a letter was lost.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    letters = LETTER_SHAPES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), INVISIBLE.sub("", text))
    if not HALF_CHARACTERS.search(text) and not is_visible(letters):
        return ""
    return unicodedata.normalize("NFC", single_blanks(letters))


def single_blanks(text: str) -> str:
    """The lines of a text with single blanks and without joiners that join nothing."""
    return "\n".join(" ".join(STRAY_JOINERS.sub("", line).split()) for line in text.splitlines()).strip()


def is_visible(text: str) -> bool:
    """Whether a text has a visible character."""
    return any(unicodedata.category(character)[0] in VISIBLE for character in HIDDEN.sub("", text))


def line(text: str) -> str:
    """A text of one line, such as a name: as typed, with single blanks."""
    return " ".join(paragraphs(text).split())


def printable(text: str) -> str:
    """Text for a terminal: each character that could harm it is written as its escape."""
    return UNSAFE.sub(lambda match: "".join(_escapes(match[0])), text)


def _escapes(character: str) -> list[str]:
    """The escapes of JSON, which is also how Python writes them."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return [f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4)]
