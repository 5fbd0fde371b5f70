"""Jobs that write long files beside the requests: few for each account, kept in memory for whoever asked, deleted after a time.

A copy of the gateway that does not know a job begins it again, for its address says all of it: nothing is lost with a copy that ends.
"""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Thread, Timer
from typing import Literal
from uuid import UUID

from eventlet import patcher

from clients.gateway import web
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.nameko_extensions import NativeThreads
from shared.observability import request_context
from shared.tabular.export import WRITERS

RUNNING_OF_ACCOUNT_MAX, RUNNING_MAX = 2, 6
"""Files that are written at once: for one account, and by one copy of the gateway."""
KEPT_OF_ACCOUNT_MAX, KEPT_MAX = 4, 24
"""Files of one account, and of all together; the oldest gives way to the next."""
KEEP_MINUTES = 15
WRITING = NativeThreads(1)
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """What a file is of, and for whom: it is nobody else's, nor of that account once its roles or provinces are others."""

    owner: str
    """The actor."""
    address: str
    """Of the list, which says what is in the file."""
    roles: frozenset[Role] = frozenset()
    provinces: frozenset[str] = frozenset()


@dataclass
class Job:
    """A file that is being written, or is there."""

    key: UUID
    wanted: Wanted
    total: int
    done: int = 0
    is_cut: bool = False
    """Whether the list has more rows than are read for a file."""
    state: Literal["running", "ready", "failed"] = "running"
    content: bytes = b""
    reason: Reason = Reason.NO_ANSWER
    """Why it failed."""
    kept_until: datetime | None = None
    thread: Thread | None = None
    end: Timer | None = None
    """Deletes it."""


@dataclass
class Jobs:
    """The jobs of one copy of the gateway."""

    lock: Lock = field(default_factory=Lock)
    by_key: dict[UUID, Job] = field(default_factory=dict)

    def find(self, key: UUID, wanted: Wanted) -> Job | None:
        """The job of this key, where it is of the same file and rights; others are not there."""
        found = self.by_key.get(key)
        return found if found and found.wanted == wanted else None

    def running(self, wanted: Wanted) -> Job | None:
        """The job that already writes the same file for the account."""
        with self.lock:
            same = [one for one in self.by_key.values() if one.wanted == wanted]
        return next((one for one in same if one.state == "running"), None)

    def begin(self, job: Job, write: Callable[[Job], bytes]) -> bool:
        """Begin a job beside the request; not where the account or this copy has enough of them, or its key is another's."""
        owner = job.wanted.owner
        with self.lock:
            running = [one.wanted.owner for one in self.by_key.values() if one.state == "running"]
            is_full = running.count(owner) >= RUNNING_OF_ACCOUNT_MAX or len(running) >= RUNNING_MAX
            if is_full or job.key in self.by_key:
                return False
            self.make_room(owner)
            self.by_key[job.key] = job
        job.thread = Thread(target=request_context.carried(self.run), args=(job, write), daemon=True)
        job.thread.start()
        return True

    def make_room(self, owner: str) -> None:
        """Delete the oldest files where the account, or all together, have as many as they may."""
        kept = [one for one in self.by_key.values() if one.state != "running"]
        own = [one for one in kept if one.wanted.owner == owner]
        too_many = [*own[: max(0, len(own) - KEPT_OF_ACCOUNT_MAX + 1)], *kept[: max(0, len(kept) - KEPT_MAX + 1)]]
        for job in {one.key: one for one in too_many}.values():
            del self.by_key[job.key]
            if job.end:
                job.end.cancel()  # it would delete a later job of the same key

    def run(self, job: Job, write: Callable[[Job], bytes]) -> None:
        """Write the file, and delete it after a time."""
        try:
            job.content = write(job)
            state: Literal["ready", "failed"] = "ready"
        except Refused as refused:
            state, job.reason = "failed", refused.reason
        except Exception:
            LOG.exception("A file of a list could not be written")
            state = "failed"
        job.kept_until = web.rpc.now() + timedelta(minutes=KEEP_MINUTES)
        job.end = Timer(KEEP_MINUTES * 60, self.drop, (job.key,))
        job.end.daemon = True
        job.end.start()
        job.state = state  # last: whoever sees it finds the rest

    def drop(self, key: UUID) -> None:
        """Delete a job with its file."""
        with self.lock:
            self.by_key.pop(key, None)


@contextmanager
def writing(
    kind: str, title: str, headings: tuple[str, ...]
) -> Iterator[tuple[io.BytesIO, Callable[[web.lists.Rows], None]]]:
    """A file and how rows are added; it is whole when the block ends, and closed also where the block fails."""
    out = io.BytesIO()
    writer = WRITERS[kind](out, title, headings)
    try:
        yield out, lambda rows: off_hub(writer.add, rows)
    finally:
        off_hub(writer.close)


def off_hub(function: Callable[..., None], *arguments: object) -> None:
    """Run in a native thread where `threading` is eventlet's, so that no page waits for the end of a file, which takes seconds."""
    if patcher.is_monkey_patched("thread"):
        WRITING.run(function, *arguments)
    else:
        function(*arguments)
