"""The membership card as a PDF: the organization's letterhead, who it is, until when it is valid, and a QR code to its check."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clients.gateway import pdf_files
from clients.gateway.pdf_files import BODY, SMALL, TITLE, Letterhead

if TYPE_CHECKING:
    from clients.gateway.pdf_document import Document


@dataclass(frozen=True)
class CardTexts:
    """What is written on a card, ready for its reader."""

    letterhead: Letterhead
    name: str
    facts: Sequence[tuple[str, str]]
    not_valid: str
    """Why the membership is not valid, such as «تمدید نشده»; empty where it is."""
    address: str
    """Where anybody checks it; empty without a link."""
    printed_at: str


def render(texts: CardTexts) -> bytes:
    """The file."""
    return pdf_files.output("کارت عضویت", texts.letterhead, lambda document: write(document, texts))


def write(document: "Document", texts: CardTexts) -> None:
    document.heading("کارت عضویت", TITLE)
    if texts.not_valid:
        document.stamp(texts.not_valid)
    document.heading(texts.name)
    document.rows(texts.facts)
    document.ln(BODY)
    if texts.address:
        document.check_code(texts.address, "وضعیت کنونی این عضویت را هر کس با این رمزینه یا نشانی می‌بیند:")
    document.signatures("دبیر سازمان", "مهر سازمان")
    document.line_of(f"وضعیت در {texts.printed_at}. نام را با کارت شناسایی بسنجید.", SMALL)
