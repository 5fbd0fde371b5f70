"""Refused notices: one event an hour for each cause, however many come."""

import logging
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from clients.bank.notices import domain
from shared.contract.refusals import Refused
from shared.event_store.command_handler import Records

log = logging.getLogger(__name__)


class Refusals:
    """Records refusals; remembers which it has recorded, so that a flood costs no transactions."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._recorded_at: dict[str, str] = {}

    def record(self, cause: str) -> None:
        """Record a refusal; a failure to store it changes no answer."""
        now = datetime.now(UTC)
        hour = f"{now:%Y-%m-%dT%H}"
        if self._recorded_at.get(cause) == hour:
            return
        command = domain.RefuseNotice(uuid4(), now, cause)
        try:
            self._records.handle(f"refusal/{cause}/{hour}", command, domain.REFUSAL)
        except (Refused, SQLAlchemyError, OSError):
            log.exception("a refused notice could not be recorded")
            return
        self._recorded_at[cause] = hour
