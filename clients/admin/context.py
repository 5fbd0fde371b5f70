"""The context of one run: client, saved session, clock, printer, progress bar."""

import inspect
import signal
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, TypedDict, TypeVar
from uuid import UUID, uuid4

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from clients.admin import exit_codes
from clients.admin.output import Printer
from clients.admin.table_files import ALL_ROWS, TableFile
from clients.admin.transport import client, saved_session
from shared import translations
from shared.contract.base import Answer, Message
from shared.contract.refusals import Reason, Refused
from shared.text import persian

A = TypeVar("A", bound=Answer)
F = TypeVar("F", bound=Callable[..., None])
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the whole list as CSV, for spreadsheets.")
]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Write the whole list as XLSX.")]


@dataclass(frozen=True)
class Environment:
    """Connections, clock and waiting, which tests replace."""

    connect: client.Connect = client.connect
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep


class Stamp(TypedDict):
    """What every command carries."""

    id: UUID
    deadline: datetime


class RunContext:
    """One run of `tamdid`; `seconds` is how long an answer may take."""

    def __init__(self, url: str, seconds: float, printer: Printer, environment: Environment) -> None:
        self.url = url
        self.seconds = seconds
        self.printer = printer
        self.environment = environment
        self._server: client.Server | None = None

    def call(self, message: Message[A], service: str | None = None) -> A:
        """Send a command or query with the saved session, and return its answer."""
        if self._server is None:
            self._server = self.environment.connect(self.url, self.session().token, self.seconds)
        return self._server.call(message, service)

    def call_unless(self, reasons: Container[Reason], message: Message[A], service: str | None = None) -> A | None:
        """The answer, or None where the call is refused for one of the reasons."""
        try:
            return self.call(message, service)
        except Refused as refusal:
            if refusal.reason not in reasons:
                raise
            return None

    def session(self) -> saved_session.SavedSession:
        saved = saved_session.load(self.url)
        if saved is None:
            raise Refused(Reason.NOT_SIGNED_IN)
        return saved

    def anonymous_client(self) -> closing[client.Server]:
        """A client without a session, which the `with` block closes."""
        return closing(self.environment.connect(self.url, None, self.seconds))

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def stamp(self, at_least: float = 0) -> Stamp:
        """The id and the deadline of a new command, which may run for the time that an answer may take, or longer."""
        return {"id": uuid4(), "deadline": self.environment.now() + timedelta(seconds=max(self.seconds, at_least))}

    def current_year(self) -> int:
        """The Jalali year in Tehran."""
        return persian.jalali_year(self.environment.now())

    def provinces(self, chosen: str | None) -> Sequence[str]:
        """The chosen province, else all that the officer serves."""
        served = (chosen,) if chosen else self.session().provinces
        if not served:
            raise typer.BadParameter("name a province", param_hint="--province")
        return served

    def one_province(self, chosen: str | None) -> str:
        """The chosen province, else the only one that the officer serves."""
        first, *others = self.provinces(chosen)
        if others:
            raise typer.BadParameter("you serve several provinces: name one", param_hint="--province")
        return first

    def report(self, refusal: Refused) -> int:
        """Print a refusal in the reader's language; returns the exit code."""
        self.printer.document(refusal_as_json(refusal, self.printer.language))
        self.printer.warn(self.sentence(refusal))
        if refusal.reason is Reason.NOT_SIGNED_IN:
            self.printer.warn(self.printer.text("sign_in_first"))
        return exit_codes.NO_ANSWER if refusal.reason is Reason.NO_ANSWER else exit_codes.REFUSED

    def sentence(self, refusal: Refused) -> str:
        """The refusal's sentence with its details."""
        named = {name: self.printer.pick(self.printer.label(name), name) for name in refusal.details}
        notes = (f"{named[name]}: {self._detail(refusal, text)}" for name, text in refusal.details.items())
        return " — ".join([translations.refusal(refusal, self.printer.language, for_officer=True), *notes])

    def _detail(self, refusal: Refused, text: str) -> str:
        """A detail for a reader: the sentence of an error's code, an instant in Tehran, or the text as it is."""
        if refusal.reason in (Reason.BAD_INPUT, Reason.IMPORT_FOLLOWED, Reason.WEAK_PASSWORD):
            return translations.field_error(text, self.printer.language)
        try:
            return self.printer.instant(persian.whole_minute_after(datetime.fromisoformat(text)))
        except ValueError:
            return (
                self.printer.label(text.removeprefix("officer:")) if refusal.reason is Reason.UNKNOWN_REQUEST else text
            )


def refusal_as_json(refusal: Refused, language: str) -> dict[str, object]:
    return {
        "refused": refusal.reason.value,
        "sentence": translations.refusal(refusal, language, for_officer=True),
        "details": refusal.details,
    }


def command(app: typer.Typer, name: str, *, is_list: bool = False) -> Callable[[F], F]:
    """Adds a function to an app as the command `name`, with `--json`, a list also with `--csv` and `--xlsx`; the run is its first argument."""

    def add(function: F) -> F:
        def invoke(
            context: typer.Context, as_json: AsJson = False, csv: Csv = None, xlsx: Xlsx = None, **arguments: Any
        ) -> None:
            run = context.find_object(RunContext)
            if run is None:
                raise LookupError("no run context: the command was not reached through the app")
            run.printer.as_json = as_json
            files = {kind: path for kind, path in (("csv", csv), ("xlsx", xlsx)) if path is not None}
            if len(files) + as_json > 1:
                raise typer.BadParameter("choose one of --json, --csv and --xlsx", param_hint="--json, --csv, --xlsx")
            if not files:
                function(run, **arguments)
                return
            ((kind, path),) = files.items()
            run.printer.file = TableFile(kind, path, name, is_rtl=run.printer.language == "fa")
            if is_paged(context, arguments):
                arguments["limit"] = ALL_ROWS
            function(run, **arguments)
            run.printer.warn(run.printer.text("rows_in_file", rows=run.printer.file.write(), path=str(path)))

        _, *parameters = inspect.signature(function).parameters.values()
        typer_context, as_json, csv, xlsx, _ = inspect.signature(invoke).parameters.values()
        files = [csv, xlsx] if is_list else []
        signature = inspect.Signature([typer_context, *parameters, as_json, *files])
        invoke.__signature__ = signature  # type: ignore[attr-defined]  # what typer reads the options from
        app.command(name, help=inspect.getdoc(function))(invoke)
        return function

    return add


def is_paged(context: typer.Context, arguments: Mapping[str, Any]) -> bool:
    """Whether the command lists page by page, and nobody has named a limit."""
    source = context.get_parameter_source("limit")
    return {"limit", "offset"} <= arguments.keys() and source is not None and source.name == "DEFAULT"


ProgressBar = Callable[..., None]
"""Updates a progress bar: `advance` by a number, or `completed`, `total` and `description`, as rich's `Progress.update`."""


@contextmanager
def progress_bar(run: RunContext, total: int | None = None) -> Iterator[ProgressBar]:
    """A progress bar on a terminal until the block ends; nothing anywhere else."""
    is_shown = run.printer.err.is_terminal and not run.printer.as_json
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=run.printer.err, disable=not is_shown, transient=True) as progress:
        yield partial(progress.update, progress.add_task("", total=total))


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed, by calling what is yielded; a second Ctrl-C ends the program at once."""
    is_pressed = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_pressed
        if is_pressed:
            raise KeyboardInterrupt
        is_pressed = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: is_pressed
    finally:
        signal.signal(signal.SIGINT, before)
