"""The rows of the bank program beside its log: those of the sandbox bank; a stored notice is its event alone."""

from sqlalchemy import Connection

from clients.bank.sandbox.tables import STATE
from shared.contract.envelope import Recorded
from shared.recorded_reads import READS

__all__ = ["STATE", "project"]
READS.to_metadata(STATE)


def project(_connection: Connection, _recorded: Recorded) -> None:
    """Nobody asks about notices, so no row is made of them."""
