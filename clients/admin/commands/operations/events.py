"""`tamdid events tail`: print events from the services' logs, and new ones as they are appended."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter
from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.arguments import one_of, whole_number
from clients.admin.context import RunContext, command
from shared.contract.bounds import POSITION_MAX
from shared.contract.envelope import CloudEvent
from shared.contract.operations import queries
from shared.contract.refusals import Reason, Refused
from shared.services import SOURCES
from shared.text import persian

app = typer.Typer(help="What has been recorded.", no_args_is_help=True)


Services = Annotated[
    list[str] | None, typer.Option("--service", parser=one_of(SOURCES), help="Whose; by default everybody's.")
]
FOLLOW_SECONDS = 1
"""How often new events are read."""
SOURCE_WIDTH, POSITION_WIDTH, TYPE_WIDTH = 8, 8, 24


@dataclass(frozen=True)
class Line:
    """An event as it is printed."""

    event: CloudEvent
    service: str
    text: str
    """The CloudEvent's JSON text."""

    def columns(self) -> str:
        position = f"{self.service:{SOURCE_WIDTH}} {self.event.sequence:{POSITION_WIDTH}}"
        time = f"{persian.format_instant(self.event.time)}:{self.event.time:%S}"
        return f"{position}  {time}  {self.event.type:{TYPE_WIDTH}} {self.event.subject}"


class Log:
    """One service's log, read from a position on; `None` for a position is so many events before its end."""

    def __init__(self, run: RunContext, service: str, position: int | None) -> None:
        self._run = run
        self._service = service
        self._position = position
        self.is_silent = False

    def read(self, last: int) -> Iterator[Line]:
        """Every event up to the log's end of now; a service that does not answer is noted and has none."""
        try:
            yield from self._pages(last)
            self.is_silent = False
        except Refused as refusal:
            if refusal.reason is not Reason.NO_ANSWER:
                raise
            if not self.is_silent:
                self._run.printer.warn(f"{self._service}: {self._run.sentence(refusal)}")
            self.is_silent = True

    def _pages(self, last: int) -> Iterator[Line]:
        if self._position is None:
            head = self._run.call(queries.ReadEvents(after=0, limit=1), service=self._service).head
            self._position = max(0, head - last)
        while True:
            page = self._run.call(queries.ReadEvents(after=self._position), service=self._service)
            for recorded in page.events:
                event = CloudEvent.model_validate_json(recorded.cloud_event)
                self._position = event.sequence
                yield Line(event, self._service, recorded.cloud_event)
            if not page.events or self._position >= page.head:
                return


@command(app, "tail")
def tail(
    run: RunContext,
    service: Services = None,
    after: Annotated[
        int | None, typer.Option(help="After this position of one service's log.", parser=whole_number(0, POSITION_MAX))
    ] = None,
    last: Annotated[int, typer.Option(help="How many to begin with.", parser=whole_number(0, 10_000))] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Print events: service, position, time in Tehran, type, stream. With --json a CloudEvent a line."""
    chosen = tuple(dict.fromkeys(service or SOURCES))
    if after is not None and len(chosen) != 1:
        raise typer.BadParameter("a position belongs to one service: name it with --service", param_hint="--after")
    logs = [Log(run, name, after) for name in chosen]
    print_new(run, logs, last)
    while follow:
        try:
            run.environment.sleep(FOLLOW_SECONDS)
            print_new(run, logs, last)
        except KeyboardInterrupt:
            return
    if any(log.is_silent for log in logs):
        raise typer.Exit(exit_codes.NO_ANSWER)


def print_new(run: RunContext, logs: Sequence[Log], last: int) -> None:
    """Print what the logs hold after their positions, as it happened."""
    for line in merge(*(log.read(last) for log in logs), key=attrgetter("event.time")):
        if run.printer.as_json:
            run.printer.json(json.loads(line.text), indent=None)
        else:
            run.printer.line(line.columns())
