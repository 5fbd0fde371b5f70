"""Commands that operations decides."""

from typing import Annotated

from pydantic import Field

from shared.contract import base
from shared.contract.base import Command
from shared.contract.bounds import COUNTED, POSITION_MAX
from shared.contract.operations import answers, rebuild_answers
from shared.contract.values import (
    PartitionKey,
    Position,
    ReasonText,
    Source,
)


class RetryParked(Command[answers.Retried]):
    """Take a parked partition key (a member's events) up again, in its order."""

    source: Source
    partition_key: PartitionKey


class DropParked(Command[base.Done]):
    """Give a parked event up for ever; who and why is kept on record."""

    source: Source
    position: Position
    reason: ReasonText


class TakeBack(Command[answers.ComparedSource]):
    """Take back what a service has followed of a restored source beyond what they have in common, exactly as it was shown before."""

    source: Source
    checkpoint: Position
    common: Annotated[int, Field(ge=0, le=POSITION_MAX), COUNTED]


class SettleOrphanedEvent(Command[base.Done]):
    """An own event whose cause is lost needs nothing more; who and why is kept on record."""

    position: Position
    """In the service's own log."""
    reason: ReasonText


class RebuildProjections(Command[rebuild_answers.Rebuild]):
    """Start to make a service's projections again of its logs, compare them with the live rows, and replace those that differ.

    `check` only compares. One at a time.
    """

    check: bool = False


class CancelRebuild(Command[rebuild_answers.Rebuild]):
    """End the rebuild that runs, without a trace; nothing where none runs."""
