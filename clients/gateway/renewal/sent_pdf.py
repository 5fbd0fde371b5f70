"""The submitted declaration as a PDF: the organization's letterhead, each answer with its label, and each job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import flask
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clients.gateway import organization, pdf_files, web
from clients.gateway.declaration import summary
from clients.gateway.pdf_files import SMALL, TITLE, Letterhead
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries
from shared.contract.renewal.answers import DeclarationOnFile, Renewal
from shared.text import persian

if TYPE_CHECKING:
    from clients.gateway.pdf_document import Document

BLUEPRINT = flask.Blueprint("sent_pdf", __name__)


@dataclass(frozen=True)
class DeclarationTexts:
    """What is written on the document, ready for its reader."""

    letterhead: Letterhead
    title: str
    about: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    printed_at: str


@BLUEPRINT.get("/member/declaration/sent.pdf")
def as_pdf() -> ResponseReturnValue:
    """The last submitted version."""
    visitor = web.session.member()
    renewal = visitor.call(queries.GetRenewal(member=visitor.name)).renewal
    if renewal is None or not renewal.declarations:
        raise Refused(Reason.NOT_REQUESTED)
    card = web.queries.member_card(visitor)
    name = f"{card.first_name} {card.last_name}" if card else ""
    texts = declaration_texts(renewal, renewal.declarations[-1], name)
    return pdf_files.download(f"tamdid-declaration-{renewal.year}", render, texts)


def declaration_texts(renewal: Renewal, on_file: DeclarationOnFile, name: str) -> DeclarationTexts:
    """The same sections and jobs as on the page."""
    about = [
        ("نام", name),
        ("شمارهٔ عضویت", persian.digits_to_persian(renewal.member)),
        ("کد پیگیری", pdf_files.isolated(renewal.tracking_code)),
        ("نسخه", persian.digits_to_persian(on_file.version)),
        ("زمان ارسال", web.filters.plain_instant(on_file.submitted_at)),
    ]
    sections = [(section.title, pairs(section.rows)) for section in summary.sections(on_file.form)]
    for shown in summary.jobs(on_file.form):
        title = f"فعالیت {persian.digits_to_persian(shown.number + 1)}: {web.labels.JOBS[shown.job.kind]}"
        sections.append((title, pairs(shown.rows)))
    return DeclarationTexts(
        letterhead=organization.of_province(renewal.province).letterhead,
        title=f"خوداظهاری سال {persian.digits_to_persian(renewal.year)}",
        about=[(label, text) for label, text in about if text],
        sections=sections,
        printed_at=web.filters.plain_instant(web.rpc.now()),
    )


def pairs(rows: Iterable[summary.Row]) -> list[tuple[str, str]]:
    """Labels with answers; a code, which the page marks up, is kept from left to right."""
    return [
        (row.label, pdf_files.isolated(row.text.striptags()) if isinstance(row.text, Markup) else row.text)
        for row in rows
    ]


def render(texts: DeclarationTexts) -> bytes:
    """The file."""
    return pdf_files.output(texts.title, texts.letterhead, lambda document: write(document, texts))


def write(document: "Document", texts: DeclarationTexts) -> None:
    document.heading(texts.title, TITLE)
    document.rows(texts.about)
    for title, rows in texts.sections:
        document.rule()
        document.heading(title)
        document.rows(rows)
    document.rule()
    document.line_of(f"زمان تهیهٔ این نسخه: {texts.printed_at}", SMALL)
