"""How the scenarios are told: a line while each ends, and the table of all with the member, the ledger and the alerts."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from tests.payments.cases import CASES, FEE
from tests.payments.run import Result

PIPE_WIDTH = 200
"""Columns of characters where the output is no terminal, so that no row is folded."""

ATTEMPTS = {
    "started": "being asked about",
    "settled": "paid",
    "failed": "not paid",
    "held": "looked at by finance",
    "duplicate": "paid twice",
    "reversed": "given back",
}
INVOICES = {"open": "still to be paid", "settled": "the manager confirms next", "confirmed": "renewed"}


class Report:
    """Tells on standard output; what was not as it must be, below the table."""

    def __init__(self) -> None:
        self.out = Console(highlight=False)
        if not self.out.is_terminal:
            self.out.width = PIPE_WIDTH
        self._ended = 0

    def say(self, text: str) -> None:
        self.out.print(text, style="dim", markup=False)

    def ended(self, result: Result) -> None:
        """One more scenario has ended."""
        self._ended += 1
        mark = "[red]not as it must be[/]" if result.trouble else "[green]as it must be[/]"
        self.out.print(f"{self._ended:>3} of {len(CASES)}  {mark}  {result.case.number:>2} {result.case.sentence}")

    def table(self, results: Mapping[int, Result]) -> None:
        self.out.print()
        table = Table(title=f"The failure cases of docs/payments.md; the fee is {FEE:,} rials", title_justify="left")
        table.add_column("", justify="right", no_wrap=True)
        for name in ("What happens", "The member's payments, and the renewal", "Ledger of the member"):
            table.add_column(name)
        table.add_column("Balance", justify="right", no_wrap=True)
        table.add_column("Alerts, and tasks of officers")
        table.add_column("")
        for number, result in sorted(results.items()):
            table.add_row(str(number), *cells(result))
        self.out.print(table)

    def troubles(self, results: Mapping[int, Result]) -> None:
        for number, result in sorted(results.items()):
            if result.trouble:
                self.out.print(f"\n{number} {result.case.sentence}\n{result.trouble}", style="red", markup=False)


def cells(result: Result) -> tuple[str, ...]:
    """The row of a scenario."""
    mark = "[red]no[/]" if result.trouble else "[green]yes[/]"
    if result.seen is None:
        return result.case.sentence, "not seen", "", "", "", mark
    seen = result.seen
    ledger = ", ".join(f"{kind} {rials:+,}" for kind, rials in seen.ledger)
    summary = ", ".join(sorted(seen.alerts) + [f"task: {task}" for task in sorted(seen.tasks)]) or "–"
    outcome = f"{', then '.join(ATTEMPTS[one] for one in seen.attempts)}; {INVOICES[seen.invoice]}"
    return result.case.sentence, outcome, ledger, f"{sum(rials for _, rials in seen.ledger):+,}", summary, mark
