"""Commands that capacity decides."""

from shared.contract.base import Command
from shared.contract.capacity import answers


class RebuildCapacity(Command[answers.Rebuild], service="capacity"):
    """Start to read all events again beside the live rows, compare, and switch; `check` only compares. One at a time."""

    check: bool = False


class CancelRebuild(Command[answers.Rebuild], service="capacity"):
    """End the rebuild that runs, without a trace; nothing where none runs."""
