"""Reconciliation after restores, each with one safeguard turned off."""

from collections.abc import Sequence

import pytest

from shared.event_store.epoch import Epoch
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.reconciliation import orphaned_events, taking_back
from tests.simulation.mutant import Mutants

MUTANTS = Mutants()


@MUTANTS.without("a checkpoint is not put back")
def not_put_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checkpoints, "put_back", lambda *_: True)


@MUTANTS.without("what is noted beyond the common position stays", hint=31)
def notes_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taking_back, "NOTES", ())


@MUTANTS.without("what is common is taken from the last epoch alone", hint=5)
def last_epoch_alone(patch: pytest.MonkeyPatch) -> None:
    def common_position(followed: Checkpoint, epochs: Sequence[Epoch]) -> int:
        return min(followed.position, epochs[-1].began_at)

    patch.setattr(taking_back, "common_position", common_position)


@MUTANTS.without("own events of lost causes are put before nobody", hint=4)
def put_before_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orphaned_events, "open_cases", lambda *_: None)
