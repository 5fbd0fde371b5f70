"""Reads the sources' logs from their first event: page by page, with retries, and without a hole."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from shared.contract.operations.queries import READ_EVENTS_MAX
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import Delivery, chained
from shared.event_store.projection_versions import Covered
from shared.subscriptions.seal_check import SealBroken

TRIES_MAX = 60
"""How often a source that does not answer is tried, before the replay gives up."""
RETRY_SECONDS = 1.0


class Source(Protocol):
    """A log that another service owns."""

    source: str

    def pull(self, after: int, limit: int) -> Sequence[Delivery]:
        """Its events after a position, in their order, up to one that it has sealed."""
        ...


class SourceReader:
    """The sources, each with the events that were pulled from it and not taken yet."""

    def __init__(self, sources: Sequence[Source], pause: Callable[[float], None]) -> None:
        self.sources: Mapping[str, Source] = {one.source: one for one in sources}
        self.ends: Mapping[str, list[Covered]] = {name: [Covered()] for name in self.sources}
        """Where the pages of each source have ended, and its chain there."""
        self.ahead: dict[str, list[Delivery]] = {name: [] for name in self.sources}
        self.pause = pause

    def pulled(self, name: str) -> int:
        """The last position that was pulled from a source."""
        return self.ends[name][-1].position

    def require(self, name: str, until: int) -> None:
        """Pull the next events where none is at hand; the source must have those up to a position."""
        if not self.ahead[name] and not self.look_ahead(name):
            raise LookupError(f"the log of {name} ends at {self.pulled(name)}, its subscription is at {until}")

    def take(self, name: str, until: int, limit: int) -> list[Delivery]:
        """The next events up to a position, of those that were pulled."""
        page = [event for event in self.ahead[name][:limit] if event.position <= until]
        del self.ahead[name][: len(page)]
        return page

    def look_ahead(self, name: str) -> bool:
        """Pull the page behind those that were pulled; False where there is none."""
        end = self.ends[name][-1]
        page = self.pull(name, end.position, READ_EVENTS_MAX)
        for expected, event in enumerate(page, start=end.position + 1):
            if event.source != name:
                raise SealBroken(f"{name} answers with an event of another source")
            if event.position != expected:
                raise LookupError(f"the log of {name} has a hole after {expected - 1}")
        if not page:
            return False
        chain = chained(end.chain, page)[-1]
        if page[-1].is_sealed is None or not page[-1].is_sealed(chain):
            raise SealBroken(f"the seal of {name} {page[-1].position} does not hold")
        self.ahead[name] += page
        self.ends[name].append(Covered(page[-1].position, chain))
        return True

    def event(self, name: str, position: int) -> Delivery:
        """A single event of a page that was pulled before, and is the same still; `SealBroken` where it is not."""
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
