"""How the demo is printed: each step in words, each event as it is recorded, and the capacity with its lines."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.contract.capacity.answers import CapacityLine
from shared.contract.envelope import Recorded
from shared.contract.values import UNITS_PER_P
from tests.demo.checks import Outcome
from tests.demo.notices import NoticeOutcome, Notices
from tests.demo.steps import Step
from tests.demo.users import Person

OF_NOTICES = "notice/member:"
PIPE_WIDTH = 120
"""Columns of characters where the output is no terminal, so that no line is folded."""


class Report:
    """Tells on standard output; what went wrong, on standard error."""

    def __init__(self) -> None:
        self.out = Console(highlight=False)
        self.err = Console(stderr=True, highlight=False)
        for console in (self.out, self.err):
            if not console.is_terminal:
                console.width = PIPE_WIDTH
        self._number = 0

    def say(self, text: str) -> None:
        self.out.print(text, style="dim", markup=False)

    def register(self, heads: dict[str, int], applicant: Person) -> None:
        """What is on record before the first step."""
        before = ", ".join(f"{service} {head}" for service, head in heads.items())
        self.say(f"On record before the first step: {before} events. The applicant is member {applicant.name}.")

    def step(self, step: Step) -> None:
        number = f"{step.number} " if step.number != self._number else "  "
        self._number = step.number
        self.out.print(Text.assemble((number, "bold cyan"), step.words))

    def events(self, recorded: Sequence[Recorded]) -> None:
        for one in recorded:
            if one.stream.startswith(OF_NOTICES):
                continue  # told as the notice that it is about
            self.out.print(
                Text.assemble(
                    ("    → ", "green"), f"{one.source:<8}", (f"{one.position:>4}  ", "dim"),
                    (f"{one.type:<22}", "bold"), (one.stream, "dim"),
                )
            )  # fmt: skip

    def notice(self, found: NoticeOutcome) -> None:
        """How a notice came, and its text as it came."""
        for failure in found.before:
            self.out.print(Text.assemble(("    ✗ ", "red"), f"{found.kind:<18}", (failure, "dim")))
        arrived = found.arrived
        how, text = "inbox alone", found.rendered.inbox
        if arrived is not None:
            segments = f", {arrived.segments} segment{'' if arrived.segments == 1 else 's'}" if arrived.segments else ""
            how, text = f"{arrived.way} by {arrived.provider}{segments}", arrived.text
        self.out.print(Text.assemble(("    ✉ ", "yellow"), (f"{found.kind:<18}", "bold"), how))
        for line in filter(None, text.splitlines()):
            self.out.print(f"      {line}", style="dim", markup=False)

    def notices(self, found: Notices) -> None:
        """By which ways the notices came."""
        ways = Counter(found.way_of(due) for due in found.due())
        listed = ", ".join(f"{count} {way}" for way, count in ways.items())
        self.out.print(f"{ways.total()} notices, each once in the log and in the inbox: {listed}.")

    def outcome(self, found: Outcome, recorded: Sequence[Recorded]) -> None:
        """The money, and the capacity with the lines that explain it."""
        invoice, capacity = found.invoice, found.explanation.capacity
        counts = Counter(one.source for one in recorded)
        events = ", ".join(f"{count} of {source}" for source, count in counts.items())
        self.out.print()
        self.out.print(f"{len(recorded)} events of this renewal: {events}.")
        self.out.print(
            f"Invoice: {invoice.amount_rials:,} rials, {invoice.status}, reference {invoice.bank_reference}."
        )
        table = Table(title=f"Capacity of {capacity.year}, member {capacity.member}", title_justify="left")
        for name in ("line", "P", "remains", "because of", "by the policy's row"):
            table.add_column(name, justify="right" if name in {"P", "remains"} else "left", no_wrap=True)
        remains = 0
        for line in found.explanation.lines:
            remains += line.units
            cause = f"{line.source} {line.position}"
            table.add_row(what(line), p(line.units, "+"), p(remains), cause, line.rule)
        self.out.print(table)
        self.out.print(
            f"Ceiling {p(capacity.ceiling_units)} P, used {p(capacity.used_units)} P, "
            f"remaining {p(capacity.remaining_units)} P, {capacity.status} until {capacity.valid_until}."
        )

    def done(self, seconds: float) -> None:
        self.out.print(
            "All six steps are done: every event once and in its place, the amount settled is the invoice's, "
            f"the capacity is the policy's. It took {seconds:.1f} s.",
            style="bold green",
        )

    def failed(self, reason: str, log: str) -> None:
        self.err.print(Text.assemble(("Failed: ", "bold red"), reason))
        if log:
            self.err.print(log, style="dim", markup=False)


def what(line: CapacityLine) -> str:
    if line.kind == "use":
        return f"use: {line.job.kind.value}, degree {line.job.degree}" if line.job else "use: employment"
    return line.kind


def p(units: int, sign: str = "-") -> str:
    """Units of 0.01 P as P."""
    text = f"{Decimal(units) / UNITS_PER_P:{sign},.2f}"
    return text.rstrip("0").rstrip(".")
