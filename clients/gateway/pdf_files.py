"""PDF files for the gateway's pages: drawn in a thread of their own by `pdf_document`, whose library is loaded with the first of them."""

import importlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import flask

from shared.nameko_extensions import NativeThreads
from shared.text import persian

LINE, INDENT = 7, 6
TITLE, HEADING, BODY, SMALL = 18, 13, 10, 8
"""Millimetres, and points."""
DRAWING = NativeThreads(1)
WAITING_MAX = 4
"""Files that may wait for the one thread that draws them."""
LIBRARY = "clients.gateway.pdf_document"
"""It takes some 0.2 s and 17 MB, which a program does without until somebody wants a PDF."""


class Letterhead(NamedTuple):
    """Who issues a document: the organization's name, and the lines below it, such as its address."""

    name: str
    lines: Sequence[str] = ()


def rials(amount: int) -> str:
    """An amount with its unit; a sign stays before its number."""
    return f"{isolated(persian.format_number(amount))} ریال"


def isolated(text: str) -> str:
    """A number with signs in it, or a Latin text, kept from left to right."""
    return f"\u2066{text}\u2069"


def output(title: str, letterhead: Letterhead | None, write: Callable[..., None]) -> bytes:
    """The file of a `pdf_document.Document` that `write` writes."""
    document = importlib.import_module(LIBRARY).Document(title, letterhead)
    try:
        write(document)
        return bytes(document.output())
    finally:
        document.close_fonts()


@cache
def load() -> None:
    """Load the library with all that drawing needs."""
    importlib.import_module(LIBRARY).load_late_modules()


def download(name: str, render: Callable[..., bytes], *arguments: Any) -> flask.Response:
    """A PDF that the browser stores, drawn in the one thread for it; refused at once where several wait for it."""
    DRAWING.require_room(WAITING_MAX)
    load()  # here: in a native thread it would wait for locks that belong to the hub
    return attachment(DRAWING.run(render, *arguments), "application/pdf", f"{name}.pdf")


def attachment(content: bytes, mimetype: str, file_name: str) -> flask.Response:
    """A file that the browser stores where its user wants it; the caller sees to it that no cache keeps it."""
    answer = flask.Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
