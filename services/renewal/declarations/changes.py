"""What of a declaration differs from the one before, by what events have of them: licence, employment and jobs; pure."""

from collections import Counter
from typing import NamedTuple

from shared.contract.renewal import answers, events
from shared.contract.values import Employment, Job, Licence


class Declared(NamedTuple):
    """A declaration as its event has it; its texts, such as the address, are compared on the page of its review."""

    licence: Licence
    employment: Employment
    jobs: tuple[Job, ...]


class Found(NamedTuple):
    """Whether a declaration differs from the one before, and in which parts."""

    change: answers.Change
    parts: tuple[answers.Part, ...] = ()


def of_event(event: events.DeclarationSubmitted) -> Declared:
    return Declared(event.licence, event.employment, event.jobs)


def find(before: Declared | None, after: Declared) -> Found:
    """The order of the jobs is no difference."""
    if before is None:
        return Found("first")
    differs: dict[answers.Part, bool] = {
        "licence": before.licence != after.licence,
        "employment": before.employment != after.employment,
        "jobs": Counter(before.jobs) != Counter(after.jobs),
    }
    parts = tuple(part for part, is_other in differs.items() if is_other)
    return Found("changed" if parts else "same", parts)
