"""Commands that operations decides."""

from shared.contract import base
from shared.contract.base import Command
from shared.contract.operations import answers
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
