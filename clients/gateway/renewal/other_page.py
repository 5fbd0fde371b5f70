"""Two pages of one topic at once: whether another has saved answers since this one was opened, and which they are."""

import json
from hashlib import sha256

from clients.gateway import web
from clients.gateway.declaration import declaration_form, summary
from clients.gateway.declaration.topics import Topic

SEEN = "seen"
"""The field of a topic's page that has the digest of the saved answers with which it was opened."""
DIGEST_LENGTH = 16
NOTICE = (
    "پس از باز شدن این صفحه، پاسخ‌های این بخش در صفحه‌ای دیگر تغییر کرده است. چیزی از آن کم نشده است: هر دو را ببینید."
)


def answers(topic: Topic, form: web.Form) -> dict[str, str]:
    """The answers of a topic as the draft stores them."""
    return {name: text for name, text in declaration_form.known_fields(form).items() if topic.has(name)}


def digest(topic: Topic, form: web.Form) -> str:
    text = json.dumps(answers(topic, form), sort_keys=True)
    return sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def is_overtaken(topic: Topic, saved: web.Form, typed: web.Form, seen: str) -> bool:
    """Whether other answers than those that the page was opened with are saved, and they are not what was typed either."""
    return seen not in {"", digest(topic, saved)} and answers(topic, saved) != answers(topic, typed)


def differences(topic: Topic, saved: web.Form, typed: web.Form) -> list[summary.Row]:
    """The saved answers that differ from what was typed."""
    ours, others = answers(topic, typed), answers(topic, saved)
    names = [name for name in {**others, **ours} if ours.get(name) != others.get(name)]
    return [summary.Row(name, declaration_form.label(name), shown(name, others.get(name, ""))) for name in names]


def shown(name: str, text: str) -> str:
    """A saved text, right or wrong, for a reader."""
    last = name.rpartition(".")[2]
    if last in declaration_form.DATES:
        return text or summary.NOTHING
    if last.startswith("is_"):
        return web.labels.yes_no(text == "true")
    try:
        return summary.shown(name, text)
    except KeyError:
        return text
