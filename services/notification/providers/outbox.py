"""Finds a message in what a provider lists as sent, by number and words, where it takes no id of ours."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.notification.providers.port import Answer, Message, Outcome
from shared.text.foreign_values import short_text

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the provider's clock may be behind ours."""
PAGES_MAX = 4
"""Of one list; what lies on later pages is not told apart."""
AMBIGUOUS = Answer(Outcome.UNKNOWN, cause="not_told_apart")


class Listed(NamedTuple):
    """An entry of the list: `answer` is what it says of the message, if that is ours."""

    number: object
    text: object
    sent_at: datetime | None
    """None where the provider does not say it in a form that is known."""
    answer: Answer


def found(pages: Iterable[Sequence[Listed] | Answer], message: Message, since: datetime) -> Answer | None:
    """The entry with the same number and words that is no other message of ours; None where the whole list has none that could be it.

    A page that could not be read is the answer that came instead. What could be the message, and is not surely, makes it
    unknown: other words with its values, the same ones at another time, an entry that can't be read. A list with the newest
    first is read as far as the instant when the message was handed over.
    """
    start, may_be = since - CLOCKS_DIFFER, False
    for page in pages:
        if isinstance(page, Answer):
            return Answer(Outcome.UNKNOWN, cause=page.cause)
        for one in (one for one in page if one.answer.reference not in message.others):
            number, is_in_time = short_text(one.number), one.sent_at is None or one.sent_at >= start
            if number and number[-10:] != message.address[-10:]:
                continue
            if words(one.text) == words(message.text):
                if number and one.sent_at is not None and is_in_time:
                    return one.answer
                may_be = True
            may_be |= is_in_time and has_values(one.text, message)
        if is_before(page, start):
            break
    return AMBIGUOUS if may_be else None


def is_before(page: Sequence[Listed], start: datetime) -> bool:
    """Whether a page has the newest first and ends before an instant: what follows is older still."""
    times = [one.sent_at for one in page if one.sent_at is not None]
    return len(times) > 1 and len(times) == len(page) and times == sorted(times, reverse=True) and times[-1] < start


def has_values(text: object, message: Message) -> bool:
    """Whether all values of the message stand in a text that the provider has sent, or the provider does not say what it has sent."""
    sent = words(text)
    return not sent or all(words(value) in sent for value in message.tokens.values())


def words(text: object) -> str:
    """A text without differences of blanks and line ends."""
    return " ".join(text.split()) if isinstance(text, str) else ""
