"""The status of a broker connection, for health checks: up or down, since when, and the last error."""

from time import monotonic

from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError

from shared.observability.log_format import describe

BROKER_ERRORS = (AMQPError, KombuError, OSError)
"""Errors of a broker that is unreachable."""


class ConnectionStatus:
    """Up or down since a moment; set by the owner of the connection."""

    def __init__(self) -> None:
        self.is_up = False
        self.error = ""
        """The last error, by type and first line."""
        self._since = monotonic()

    @property
    def seconds(self) -> float:
        """For how long it has been as it is."""
        return monotonic() - self._since

    def mark_up(self) -> None:
        if not self.is_up:
            self.is_up, self.error, self._since = True, "", monotonic()

    def mark_down(self, error: Exception) -> None:
        self.error = describe(error)
        if self.is_up:
            self.is_up, self._since = False, monotonic()
