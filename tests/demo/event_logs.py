"""The events of every log as they are recorded, read as the demonstration's admin; a hole or a double is an error at once."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from clients.admin.transport.http import HttpServer
from shared.contract import cloud_events
from shared.contract.envelope import Recorded
from shared.contract.operations import queries
from shared.services import SOURCES
from tests.demo.browser import Unexpected

T = TypeVar("T")
POLL_SECONDS = 0.05
POLL_SECONDS_MAX = 1.0


def until(condition: Callable[[], T | None], seconds: float, what: str) -> T:
    """Ask again and again, with growing pauses, until something comes; `Unexpected` when it does not come in time."""
    deadline, pause = time.monotonic() + seconds, POLL_SECONDS
    while True:
        if found := condition():
            return found
        if time.monotonic() > deadline:
            raise Unexpected(f"within {seconds:g} s there was no {what}")
        time.sleep(pause)
        pause = min(1.5 * pause, POLL_SECONDS_MAX)


class Logs:
    """All logs, read from where they stood when this was made."""

    def __init__(self, server: HttpServer) -> None:
        self.server = server
        self.heads = {service: self._head(service) for service in SOURCES}
        self.read: list[Recorded] = []

    def _head(self, service: str) -> int:
        return self.server.call(queries.ReadEvents(after=0, limit=1), service=service).head

    def news(self) -> list[Recorded]:
        """The events recorded since the last call, the oldest first."""
        found = [one for service in SOURCES for one in self._after(service)]
        found.sort(key=lambda one: one.recorded_at)
        self.read += found
        return found

    def _after(self, service: str) -> list[Recorded]:
        found: list[Recorded] = []
        while True:
            answer = self.server.call(queries.ReadEvents(after=self.heads[service]), service=service)
            page = [cloud_events.from_json(one.cloud_event) for one in answer.events]
            must_be_whole(service, self.heads[service], page)
            found += page
            self.heads[service] += len(page)
            if not page:
                return found

    def wait_for(self, wanted: Iterable[str], member: str, seconds: float) -> list[Recorded]:
        """The events recorded until a member has events of all these types, counted from the first call on."""
        needed, found = Counter(wanted), list[Recorded]()

        def look() -> bool:
            found.extend(self.news())
            return not needed - Counter(one.type for one in self.of(member))

        try:
            until(look, seconds, f"{', '.join(needed)} of member {member}")
        except Unexpected as error:
            came = ", ".join(one.type for one in self.of(member)) or "nothing"
            raise Unexpected(f"{error}; what came: {came}") from None
        return found

    def of(self, member: str) -> list[Recorded]:
        """What was read of one member, in the order in which it was recorded."""
        return [one for one in self.read if self.concerns(one, member)]

    def concerns(self, recorded: Recorded, member: str) -> bool:
        """Whether an event is the member's: by its stream, or by the bank's key of one of the member's attempts."""
        if member in recorded.stream.split("/"):
            return True
        authority = getattr(recorded.event, "authority", None)
        return authority is not None and authority in {
            getattr(one.event, "authority", None) for one in self.read if member in one.stream.split("/")
        }


def must_be_whole(service: str, after: int, page: list[Recorded]) -> None:
    """Positions follow one another, and no event id comes twice."""
    positions = [one.position for one in page]
    if positions != list(range(after + 1, after + 1 + len(page))):
        raise Unexpected(f"the log of {service} has holes or doubles after {after}: {positions}")
    doubles = [key for key, count in Counter((one.stream, one.version) for one in page).items() if count > 1]
    if doubles:
        raise Unexpected(f"the log of {service} has a version twice: {doubles}")
