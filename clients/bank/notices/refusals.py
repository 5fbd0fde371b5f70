"""What was sent to the receiver and is no notice: told of once an hour for each cause, however much of it comes."""

import logging
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from clients.bank.notices import domain
from shared.contract.refusals import Refused
from shared.event_store.command_handler import Records

log = logging.getLogger(__name__)


class Refusals:
    """Puts refusals on record; this program remembers which it has told of, so that a flood costs no transactions."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._told: dict[str, str] = {}

    def tell(self, cause: str) -> None:
        """Tell of a refusal; that this cannot be stored changes no answer."""
        now = datetime.now(UTC)
        hour = f"{now:%Y-%m-%dT%H}"
        if self._told.get(cause) == hour:
            return
        command = domain.RefuseNotice(uuid4(), now, cause)
        try:
            self._records.handle(f"refusal/{cause}/{hour}", command, domain.REFUSAL)
        except (Refused, SQLAlchemyError, OSError):
            log.exception("a refused notice could not be told of")
            return
        self._told[cause] = hour
