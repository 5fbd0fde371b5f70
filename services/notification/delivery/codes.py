"""Sends the codes by which addresses are proved: each try makes a new code, and only its hash is stored."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from services.notification.addresses import contacts
from services.notification.delivery import breaker
from services.notification.delivery.messages import message_of
from services.notification.providers.port import Outcome, Provider
from services.notification.tables import CODES
from services.notification.templates import Texts
from shared.contract.notification.values import Way
from shared.event_store.database import Database
from shared.subscriptions.timers import Timer

CODE_MINUTES = contacts.CODE_HOLDS_FOR // timedelta(minutes=1)
ROUND_MAX = 50
AGAIN_AFTER = timedelta(seconds=30)


def send_due(
    database: Database, providers: Sequence[Provider], texts: Texts, new_code: Callable[[], str], at: datetime
) -> None:
    """Send the codes that are awaited, each by the first provider of its way that accepts it."""
    for timer in CODES.claim_each(database, at, lambda _: at + AGAIN_AFTER, most=ROUND_MAX):
        if send(database, providers, texts, timer, new_code(), at):
            database.write(partial(CODES.cancel, key=timer.key))


def send(  # noqa: PLR0913 - what is sent, and by whom
    database: Database, providers: Sequence[Provider], texts: Texts, timer: Timer, code: str, at: datetime
) -> bool:
    """Whether there is nothing more to do about a code: it was sent, may have been, or is awaited no longer."""
    person, _, way = timer.key.rpartition("/")
    address = database.write(partial(contacts.set_code, person=person, way=Way(way), code=code, at=at))
    if address is None:
        return True
    rendered = texts.render_code(code, CODE_MINUTES)
    message = message_of(rendered, Way(way), uuid5(NAMESPACE_URL, f"{timer.key}/{at.isoformat()}"), address)
    of_way = [one for one in providers if one.capabilities.way is Way(way)]
    with database.read() as connection:
        down = breaker.down(connection, [one.name for one in of_way], at)
    may_come = False
    for provider in of_way:
        if provider.name not in down:
            answer = provider.send(message)
            database.write(partial(breaker.record_answer, provider=provider.name, at=at, answer=answer))
            if answer.outcome in (Outcome.ACCEPTED, Outcome.BLOCKED):
                return True
            may_come |= answer.outcome is Outcome.UNKNOWN  # the same code twice harms nobody, no code does
    return may_come
