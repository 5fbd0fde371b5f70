"""A receipt as a PDF: the organization's letterhead, what was paid in figures and in words, signatures, and a QR code to its check."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clients.gateway import pdf_files
from clients.gateway.pdf_files import BODY, SMALL, TITLE, Letterhead, rials
from shared.text.amount_in_words import rials_in_words

if TYPE_CHECKING:
    from clients.gateway.pdf_document import Document


@dataclass(frozen=True)
class ReceiptTexts:
    """What is written on a receipt, ready for its reader."""

    letterhead: Letterhead
    title: str
    worthless: str
    """What it is worth no more, such as «برگشت‌خورده»; empty where it is valid."""
    explanation: str
    """Why, in a sentence."""
    facts: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str, int]]
    """The rows of the invoice with their rials."""
    invoice_rials: int
    received_rials: int
    address: str
    """Where anybody checks it."""
    printed_at: str


def render(texts: ReceiptTexts) -> bytes:
    """The file."""
    return pdf_files.output(texts.title, texts.letterhead, lambda document: write(document, texts))


def write(document: "Document", texts: ReceiptTexts) -> None:
    document.heading(texts.title, TITLE)
    if texts.worthless:
        document.stamp(texts.worthless)
        document.line_of(texts.explanation)
    document.rows(texts.facts)
    document.rows([("مبلغ دریافت‌شده", rials(texts.received_rials)), ("به حروف", rials_in_words(texts.received_rials))])
    document.ln(BODY / 2)
    rows = [(text, rials(amount)) for text, amount in texts.lines]
    document.amounts(("شرح صورت‌حساب", "مبلغ"), rows, ("جمع صورت‌حساب", rials(texts.invoice_rials)))
    document.ln(BODY)
    if texts.address:
        document.check_code(texts.address, "درستی این رسید را هر کس با این رمزینه یا نشانی می‌بیند:")
    document.signatures("امور مالی سازمان", "مهر سازمان")
    document.line_of(f"این رسید را سامانه صادر کرده است. زمان تهیهٔ این نسخه: {texts.printed_at}", SMALL)
