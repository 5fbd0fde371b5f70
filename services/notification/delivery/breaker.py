"""Circuit breaker of each provider: one that has failed three times in a row, or refuses our account, is passed for a minute."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from services.notification.providers.port import Answer, Outcome
from services.notification.providers.reading import ACCOUNT, CONFIGURATION
from services.notification.tables import HEALTH
from shared.event_store.sql import by_key, upsert
from shared.event_store.sql.prepared import Prepared

FAILURES_MAX = 3
PASSED_FOR = timedelta(minutes=1)
"""After that one message tries again."""
OF_ONE_MESSAGE = frozenset({CONFIGURATION})
"""A wrong template is refused alone, and the other messages are sent; an account without credit refuses all."""

DOWN = Prepared(
    select(HEALTH.c.provider).where(
        HEALTH.c.failures >= FAILURES_MAX,
        HEALTH.c.failing_since > bindparam("since"),
        HEALTH.c.failing_since < bindparam("until"),
    )
)

logger = logging.getLogger(__name__)


def record_answer(connection: Connection, provider: str, at: datetime, answer: Answer) -> None:
    """A provider has answered as it should, or not."""
    upsert.add(connection, HEALTH, {"provider": provider, "failures": 0})
    if answer.outcome in (Outcome.ACCEPTED, Outcome.BLOCKED) or answer.cause in OF_ONE_MESSAGE:
        row: dict[str, Any] = {"failures": 0, "failing_since": None, "answered_at": at}
    else:
        failures = FAILURES_MAX if answer.cause == ACCOUNT else HEALTH.c.failures + 1
        row = {"failures": failures, "failing_since": at}
    by_key.change(connection, HEALTH, {"provider": provider}, row)


def log_fault(provider: str, template: str, answer: Answer) -> None:
    """Tell the operator what nobody else can mend."""
    if answer.cause == ACCOUNT:
        logger.error("%s refuses our key, account or line: it sends nothing until that is mended", provider)
    elif answer.cause == CONFIGURATION:
        logger.error("%s refuses the template or the values of %r: they must be mended", provider, template)


def down(connection: Connection, at: datetime) -> frozenset[str]:
    """The providers that are passed now."""
    # A clock that was set back passes nobody until it is as late again.
    return frozenset(
        row.provider for row in DOWN.rows(connection, {"since": at - PASSED_FOR, "until": at + PASSED_FOR})
    )
