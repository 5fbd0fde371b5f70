"""Circuit breaker of each provider: one that has failed three times in a row, or refuses our account, is passed for a minute."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from services.notification.providers.port import Answer, Outcome
from services.notification.providers.reading import ACCOUNT, CONFIGURATION
from services.notification.tables import HEALTH
from shared.event_store.sql import upsert

FAILURES_MAX = 3
PASSED_FOR = timedelta(minutes=1)
"""After that one message tries again."""
OF_ONE_MESSAGE = frozenset({CONFIGURATION})
"""A wrong template is refused alone, and the other messages are sent; an account without credit refuses all."""

logger = logging.getLogger(__name__)


def record_answer(connection: Connection, provider: str, at: datetime, answer: Answer) -> None:
    """A provider has answered as it should, or not."""
    upsert.add(connection, HEALTH, {"provider": provider, "failures": 0})
    this = update(HEALTH).where(HEALTH.c.provider == provider)
    if answer.outcome in (Outcome.ACCEPTED, Outcome.BLOCKED) or answer.cause in OF_ONE_MESSAGE:
        connection.execute(this.values(failures=0, failing_since=None, answered_at=at))
    else:
        failures = FAILURES_MAX if answer.cause == ACCOUNT else HEALTH.c.failures + 1
        connection.execute(this.values(failures=failures, failing_since=at))


def log_fault(provider: str, template: str, answer: Answer) -> None:
    """Tell the operator what nobody else can mend."""
    if answer.cause == ACCOUNT:
        logger.error("%s refuses our key, account or line: it sends nothing until that is mended", provider)
    elif answer.cause == CONFIGURATION:
        logger.error("%s refuses the template or the values of %r: they must be mended", provider, template)


def down(connection: Connection, providers: Iterable[str], at: datetime) -> frozenset[str]:
    """The providers that are passed now."""
    # A clock that was set back passes nobody until it is as late again.
    lately = (HEALTH.c.failing_since > at - PASSED_FOR, HEALTH.c.failing_since < at + PASSED_FOR)
    failing = (HEALTH.c.failures >= FAILURES_MAX, *lately)
    query = select(HEALTH.c.provider).where(HEALTH.c.provider.in_(list(providers)), *failing)
    return frozenset(connection.execute(query).scalars())
