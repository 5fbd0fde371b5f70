"""The logging formatter: one JSON object a line, or plain text on a terminal; control characters escaped, exceptions without their message."""

import copy
import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

from shared.contract.refusals import Refused
from shared.observability import request_context

FORMAT = "%(levelname)s %(name)s: %(message)s"
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(level: str, program: str) -> None:
    """Log to standard error, as text where that is a terminal and as JSON elsewhere; without refusals, which nameko logs as expected exceptions."""
    handler = logging.StreamHandler()
    handler.setFormatter(DiscreetFormatter(FORMAT) if sys.stderr.isatty() else JsonFormatter(program))
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("nameko.containers").addFilter(lambda record: not str(record.msg).startswith("(expected)"))


class DiscreetFormatter(logging.Formatter):
    """Writes exceptions by type and location. A library's error text may repeat its input, as an argument or in a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(discreet(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """A line in which nothing from outside can end it, begin another or move the terminal's cursor."""
        return escape(super().formatMessage(record))

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - logging's own name
        return "\n".join(map(escape, lines(ei[1]))) if ei[1] is not None else ""


class JsonFormatter(logging.Formatter):
    """Writes a record as one JSON object: time, level, service, logger, message, and the ids of the request that it belongs to."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self.program = program
        """The service of what neither a request nor a module of one program has written."""

    def format(self, record: logging.LogRecord) -> str:
        context = request_context.present()
        error = record.exc_info[1] if record.exc_info else None
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": context.program or program_of(record.name) or self.program,
            "logger": record.name,
            "message": discreet(record).getMessage(),
            "correlation_id": context.correlation_id,
            "command_id": context.command_id,
            "trace_id": context.trace_id,
            "exception": "\n".join(lines(error)) if error is not None else None,
        }
        written = {name: value for name, value in line.items() if value}
        return escape_json(json.dumps(written, default=str, ensure_ascii=False))


def discreet(record: logging.LogRecord) -> logging.LogRecord:
    """A copy of the record in which exceptions stand by their type."""
    safe = copy.copy(record)
    safe.exc_text = None  # another handler's text of the same exception
    if isinstance(record.args, tuple):
        safe.args = tuple(named(value) if isinstance(value, BaseException) else value for value in record.args)
    if isinstance(record.msg, BaseException):
        safe.msg = named(record.msg)
    return safe


def program_of(module: str) -> str:
    """The program that a module belongs to, by its folder; none of a module of all programs or of a library."""
    room, _, inner = module.partition(".")
    return inner.partition(".")[0] if room in ("services", "clients") else ""


def escape_json(line: str) -> str:
    """The line with whatever is not printable as an escape sequence of JSON."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)


def escape(text: str) -> str:
    """The text with whatever is not printable as an escape sequence: ends of lines, ANSI, marks of direction, half characters."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def named(error: BaseException) -> str:
    """An exception's type, and the reason code of a refusal."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{kind}({error.reason.value})" if isinstance(error, Refused) else kind


def describe(error: BaseException) -> str:
    """An error's type and the first line of its text, without the values of a statement."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def lines(error: BaseException) -> list[str]:
    """The exception and its causes, the first cause first, each with its stack frames."""
    text: list[str] = []
    seen: set[int] = set()
    chain: BaseException | None = error
    while chain is not None and id(chain) not in seen:
        seen.add(id(chain))
        frames = traceback.StackSummary.extract(traceback.walk_tb(chain.__traceback__), lookup_lines=False)
        frames_text = (f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        text = [*frames_text, named(chain), *text]
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return text
