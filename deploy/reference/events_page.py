"""The README's table of events, made of the events' own docstrings and of what the programs' files name."""

from deploy.reference import programs
from shared.contract.catalogue import EVENTS

BEGIN, END = "<!-- events: made by `make contract` -->\n", "<!-- /events -->"
HEAD = ("| Event | Kept by | Heard by | Meaning |", "|---|---|---|---|")
NOBODY = "–"


def table() -> str:
    """One row an event, in the order of the contract."""
    return "\n".join([*HEAD, *(row(name) for name in EVENTS)]) + "\n"


def row(name: str) -> str:
    event = EVENTS[name]
    meaning = " ".join((event.__doc__ or "").split())
    heard_by = ", ".join(programs.hearers_of(name)) or NOBODY
    return f"| `{name}` | {event.source} | {heard_by} | {meaning} |"


def put_into(readme: str) -> str:
    """The README with the table as it is now."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"
