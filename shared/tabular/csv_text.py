"""Records of a CSV file: its encoding by the byte order mark, its delimiter by the first rows."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from shared.tabular.limits import refuse

DELIMITERS = ",;\t|"
"""What spreadsheets put between cells, by their locale."""
SEP = re.compile(r'\ufeff?"?sep=([,;\t|])"?(\r\n|\r|\n)', re.IGNORECASE)
"""The line with which a file names its delimiter; spreadsheets do not show it."""
SAMPLE_CHARACTERS = 65_536
SAMPLE_RECORDS = 30
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Encodings by their mark; that of UTF-32 begins like that of UTF-16."""

Score = Callable[[Sequence[str]], int]
"""How many of the expected headings a record has."""


def records(content: bytes, score: Score) -> Iterator[list[str]]:
    """Each record's cells, an empty record for an empty line; `Unreadable` names the row where a quote began."""
    text = decoded(content)
    sep_line = SEP.match(text)
    if sep_line:
        text = text[sep_line.end() :]
    delimiter = sep_line[1] if sep_line else delimiter_of(text, score)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    while True:
        row, begin = row + 1, lines.tell()
        try:
            record = next(reader, None)
        except csv.Error as error:
            # an unclosed quote runs on over the lines, until the cell is too long for the reader as well
            is_long = "limit" in str(error) and '"' not in text[begin : lines.tell()]
            raise refuse("cell_too_long" if is_long else "quote_unclosed", row) from None
        if record is None:
            return
        yield record


def decoded(content: bytes) -> str:
    """The text; whatever has no mark must be UTF-8, because the code pages of Windows cannot be distinguished."""
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse("encoding_unknown", content[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise refuse("file_unknown")
    return text


def delimiter_of(text: str, score: Score) -> str:
    """The delimiter under which a first row has the most headings, and otherwise the most cells."""

    def rank(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:SAMPLE_CHARACTERS], newline=""), delimiter=delimiter)
        try:
            sample = list(islice(reader, SAMPLE_RECORDS))
        except csv.Error:
            return -1, 0
        return max(map(score, sample), default=0), max(map(len, sample), default=0)

    return max(DELIMITERS, key=rank)
