"""Sends the codes by which addresses are proved: each try makes a new code, and only its hash is stored."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from services.notification.addresses import proof
from services.notification.delivery import breaker, leases
from services.notification.delivery.messages import message_of
from services.notification.providers.port import Outcome, Provider
from services.notification.templates import Texts
from services.notification.timers import CODES
from shared.contract.notification.values import Way
from shared.event_store.database import Database
from shared.subscriptions.timers import Timer

CODE_MINUTES = proof.CODE_HOLDS_FOR // timedelta(minutes=1)
ROUND_MAX = 50
LEASE = timedelta(minutes=2)
"""While one copy sends a code, no other does; longer than all providers of a way are waited for."""
AGAIN_AFTER = timedelta(seconds=30)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CodeSender:
    """The providers in the operator's order, the texts, and a source of codes."""

    database: Database
    providers: Sequence[Provider]
    texts: Texts
    new_code: Callable[[], str]
    clock: leases.Clock

    def send_due(self) -> None:
        """Send the codes that are awaited, each by the first provider of its way that accepts it."""
        for timer in leases.claimed(CODES, self.database, self.clock(), self.clock, LEASE, most=ROUND_MAX):
            try:
                is_over = self.send(timer, self.new_code(), self.clock())
                again = None if is_over else self.clock() + AGAIN_AFTER
                self.database.write(partial(CODES.claim, timer=timer, next_at=again))
            except Exception:
                logger.exception("a code was not sent; it is tried again")

    def send(self, timer: Timer, code: str, at: datetime) -> bool:
        """Whether there is nothing more to do about a code: it was sent, may have been, or is awaited no longer."""
        person, _, way = timer.key.rpartition("/")
        if way not in set(Way):
            logger.warning("a timer of a code is dropped: %r is no way", way)
            return True
        address = self.database.write(partial(proof.set_code, person=person, way=Way(way), code=code, at=at))
        if address is None:
            return True
        rendered = self.texts.render_code(code, CODE_MINUTES)
        message = message_of(rendered, Way(way), uuid5(NAMESPACE_URL, f"{timer.key}/{at.isoformat()}"), address)
        of_way = [one for one in self.providers if one.capabilities.way is Way(way)]
        with self.database.read() as connection:
            down = breaker.down(connection, at)
        may_come = False
        for provider in of_way:
            if provider.name not in down:
                answer = provider.send(message)
                breaker.log_fault(provider.name, message.template, answer)
                record = partial(breaker.record_answer, provider=provider.name, at=self.clock(), answer=answer)
                self.database.write(record)
                if answer.outcome in (Outcome.ACCEPTED, Outcome.BLOCKED):
                    return True
                may_come |= answer.outcome is Outcome.UNKNOWN  # the same code twice harms nobody, no code does
        return may_come
