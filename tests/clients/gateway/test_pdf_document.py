import subprocess
import sys
from typing import Any

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


DOWNLOADED = """
import logging
from clients.gateway import pdf_files
from clients.gateway.member import card_pdf
from clients.gateway.payment import receipt_pdf

class Lock:
    taken = 0
    def acquire(self, *_): Lock.taken += 1
    def release(self, *_): pass
    __enter__, __exit__ = acquire, release

def run(*drawing):
    own, logging._lock = logging._lock, Lock()
    content = drawing[0](*drawing[1:])
    logging._lock = own
    return content

pdf_files.DRAWING.run = run
head, address = pdf_files.Letterhead("سازمان", ["نشانی"]), "https://example.org/"
card = card_pdf.CardTexts(head, "نگار", [("شماره", "۱")], "تمدید نشده", address, "۱۴۰۵")
pdf_files.download("card", card_pdf.render, card)
receipt = receipt_pdf.ReceiptTexts(head, "رسید", "باطل", "", [("شماره", "۱")], [("حق", 1)], 1, 1, address, "۱۴۰۵")
pdf_files.download("receipt", receipt_pdf.render, receipt)
print(Lock.taken)
"""


def test_the_thread_that_draws_takes_no_lock_of_logging() -> None:
    """It would wait for the hub there, and the hub for it: what its libraries load late or log is known before."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DOWNLOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"
