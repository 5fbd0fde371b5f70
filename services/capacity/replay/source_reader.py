"""Reads the sources' logs from their first event: page by page, with retries, and without a hole."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from shared.contract.operations.queries import READ_EVENTS_MAX
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import GENESIS, Delivery, chained
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.seal_check import SealBroken

TRIES_MAX = 60
"""How often a source that does not answer is tried, before the replay gives up."""
RETRY_SECONDS = 1.0


class Source(Protocol):
    """A log that another service owns."""

    source: str
    head: int
    """Its last position, as of the last page."""

    def pull(self, after: int, limit: int) -> Sequence[Delivery]:
        """Its events after a position, in their order, up to one that it has sealed."""
        ...


class SourceReader:
    """The sources, and the position up to which each is read."""

    def __init__(self, sources: Sequence[Source], pause: Callable[[float], None]) -> None:
        self.sources: Mapping[str, Source] = {one.source: one for one in sources}
        self.positions = dict.fromkeys(self.sources, 0)
        self.chains = dict.fromkeys(self.sources, GENESIS)
        self.ends: Mapping[str, list[Checkpoint]] = {name: [Checkpoint()] for name in self.sources}
        """Where the pages of each source have ended, and its chain there."""
        self.pause = pause

    @property
    def read(self) -> int:
        """How many events were read."""
        return sum(self.positions.values())

    @property
    def total(self) -> int:
        """How many events there are, as of the sources' last pages."""
        return sum(max(one.head, self.positions[name]) for name, one in self.sources.items())

    def pages(self) -> Iterator[Sequence[Delivery]]:
        """All that was not read yet, source by source; a page counts as read when the next one is requested."""
        for name in self.sources:
            while page := self.pull(name, self.positions[name], READ_EVENTS_MAX):
                for expected, event in enumerate(page, start=self.positions[name] + 1):
                    if event.source != name:
                        raise SealBroken(f"{name} answers with an event of another source")
                    if event.position != expected:
                        raise LookupError(f"the log of {name} has a hole after {expected - 1}")
                chain = chained(self.chains[name], page)[-1]
                if page[-1].is_sealed is None or not page[-1].is_sealed(chain):
                    raise SealBroken(f"the seal of {name} {page[-1].position} does not hold")
                yield page
                self.positions[name] += len(page)
                self.chains[name] = chain
                self.ends[name].append(Checkpoint(self.positions[name], chain))

    def event(self, name: str, position: int) -> Delivery:
        """A single event of a page that was read before, and is the same still; `SealBroken` where it is not."""
        ends = self.ends[name]
        number = bisect_left(ends, position, key=lambda end: end.position)
        before, end = ends[number - 1], ends[number]
        page = self.pull(name, before.position, READ_EVENTS_MAX)[: end.position - before.position]
        if not page or chained(before.chain, page)[-1] != end.chain:
            raise SealBroken(f"{name} {position} is not the event that was read before")
        return page[position - before.position - 1]

    def pull(self, name: str, after: int, limit: int) -> Sequence[Delivery]:
        for _ in range(TRIES_MAX):
            try:
                return self.sources[name].pull(after, limit)
            except Refused as refused:
                if refused.reason is not Reason.NO_ANSWER:
                    raise
                self.pause(RETRY_SECONDS)
        raise LookupError(f"{name} does not answer")
