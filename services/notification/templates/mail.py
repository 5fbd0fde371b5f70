"""E-mails as plain text and as HTML from right to left, without pictures and without anything from elsewhere."""

import re
from html import escape
from typing import NamedTuple

from services.notification.templates.texts import MailFrame

BODY = "font:16px/1.9 Tahoma,sans-serif;max-width:36em;margin:0 auto;padding:1em"
SMALL = "font-size:13px"


class Letter(NamedTuple):
    """What differs from one e-mail to the next."""

    subject: str
    text: str
    url: str
    """Of the page that it is about."""
    unsubscribe_url: str
    """Where reminders are switched off; empty where the e-mail is none."""


def as_text(letter: Letter, frame: MailFrame) -> str:
    """The e-mail for programs that show no HTML."""
    lines = [letter.text, "", f"{frame.open}: {letter.url}", "", frame.footer]
    if letter.unsubscribe_url:
        lines.append(f"{frame.unsubscribe}: {letter.unsubscribe_url}")
    return "\n".join(lines) + "\n"


def as_html(letter: Letter, frame: MailFrame) -> str:
    """The e-mail as a whole HTML document; every text in it is escaped."""
    paragraphs = [f"<p>{lines_of(part)}</p>" for part in re.split(r"\n{2,}", letter.text)]
    footer = escape(frame.footer)
    if letter.unsubscribe_url:
        footer += f"<br>{anchor(letter.unsubscribe_url, frame.unsubscribe)}"
    return (
        '<!doctype html>\n<html lang="fa" dir="rtl">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(letter.subject)}</title></head>\n"
        f'<body dir="rtl" style="{BODY}">\n'
        f'<h1 style="font-size:20px">{escape(letter.subject)}</h1>\n'
        + "\n".join(paragraphs)
        + f"\n<p>{anchor(letter.url, frame.open)}</p>\n"
        f'<hr>\n<p style="{SMALL}">{footer}</p>\n</body>\n</html>\n'
    )


def lines_of(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def anchor(url: str, words: str) -> str:
    return f'<a href="{escape(url)}">{escape(words)}</a>'
