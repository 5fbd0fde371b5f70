"""The logging formatter: exceptions by type and traceback without their message, which may repeat personal data."""

import copy
import logging
import traceback
from types import TracebackType

from shared.contract.refusals import Refused

FORMAT = "%(levelname)s %(name)s: %(message)s"
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(level: str) -> None:
    """Let the program's log go to its error output in this form; refusals, which nameko calls expected, are no errors."""
    handler = logging.StreamHandler()
    handler.setFormatter(DiscreetFormatter(FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("nameko.containers").addFilter(lambda record: not str(record.msg).startswith("(expected)"))


class DiscreetFormatter(logging.Formatter):
    """Writes exceptions by type and place. A library's error text repeats its input, and may come as an argument or with a trace."""

    def format(self, record: logging.LogRecord) -> str:
        safe = copy.copy(record)
        safe.exc_text = None  # another handler's text of the same exception
        if isinstance(record.args, tuple):
            safe.args = tuple(named(one) if isinstance(one, BaseException) else one for one in record.args)
        if isinstance(record.msg, BaseException):
            safe.msg = named(record.msg)
        return super().format(safe)

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - logging's own name
        return "\n".join(lines(ei[1])) if ei[1] is not None else ""


def named(error: BaseException) -> str:
    """An exception's type, and the reason of a refusal, which is a code of the contract."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{kind}({error.reason.value})" if isinstance(error, Refused) else kind


def describe(error: BaseException) -> str:
    """An error's type and the first line of its text, without the values of a statement."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def lines(error: BaseException) -> list[str]:
    """The exception and those that led to it, the first one first, each with the places that it passed."""
    found: list[str] = []
    seen: set[int] = set()
    chain: BaseException | None = error
    while chain is not None and id(chain) not in seen:
        seen.add(id(chain))
        frames = traceback.StackSummary.extract(traceback.walk_tb(chain.__traceback__), lookup_lines=False)
        places = (f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        found = [*places, named(chain), *found]
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return found
