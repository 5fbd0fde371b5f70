import sys
from typing import Any

import pytest

from clients.gateway import pdf_files
from clients.gateway.pdf_document import Document


def test_letters_are_joined_and_go_from_right_to_left() -> None:
    """The glyphs from left to right: the end of the word, its middle, its beginning."""
    document = Document("سند")
    document.line_of("سنگ")
    font: Any = document.fonts["vazirmatn"]
    glyphs = [glyph.glyph_name for glyph, _ in font.subset.items()]
    document.close_fonts()
    final_gaf, medial_noon, initial_seen = "uniFB93", "uniFEE8", "uniFEB3"
    assert glyphs[-3:] == [final_gaf, medial_noon, initial_seen]


def test_a_sign_stays_before_its_number() -> None:
    assert pdf_files.rials(-500_000) == "\u2066−۵۰۰٬۰۰۰\u2069 ریال"


def test_a_long_table_goes_on_to_the_next_page() -> None:
    pages = []

    def write(document: Document) -> None:
        document.rows([("سال", "۱۴۰۵")] * 60)
        pages.append(document.page_no())

    content = pdf_files.output("سند", None, write)
    assert pages == [2]
    assert content.startswith(b"%PDF-")


def test_the_library_is_loaded_before_the_thread_that_draws_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loggers would wait for locks of the hub there."""
    monkeypatch.delitem(sys.modules, pdf_files.LIBRARY, raising=False)
    loaded = []

    def run(*_work: object) -> bytes:
        loaded.append(pdf_files.LIBRARY in sys.modules)
        return b""

    monkeypatch.setattr(pdf_files.DRAWING, "run", run)
    pdf_files.download("card", bytes)
    assert loaded == [True]
