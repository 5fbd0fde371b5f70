"""The type of a mutant: the programs with one safeguard turned off."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

Remove = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutant:
    """Programs in which one safeguard is missing."""

    name: str
    remove: Remove
    hint: int
    """A seed that finds it."""
    is_rare: bool = False
    """Whether hundreds of seeds pass without it: only `make simulate` searches for it."""


class Mutants(list[Mutant]):
    """A list that ways to remove a safeguard put themselves on."""

    def without(self, name: str, hint: int = 0, *, is_rare: bool = False) -> Callable[[Remove], Remove]:
        """Put a way to remove a safeguard on the list."""

        def add(remove: Remove) -> Remove:
            self.append(Mutant(name, remove, hint, is_rare))
            return remove

        return add
