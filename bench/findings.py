"""A measured figure, compared with its goal."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bench.runner import Outcome

Unit = Literal["×", "/s", "ms", "s", "MB", ""]


@dataclass(frozen=True)
class Finding:
    """One figure: the ratio of two sides' rates, or an absolute figure; and the bound that the goal sets."""

    goal: str
    """Its number in the table of goals."""
    what: str
    value: float
    unit: Unit
    at_least: float | None = None
    at_most: float | None = None
    error: float = 0
    """Two standard errors of the value, where they are known."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """By side: median rates, their range, percentiles."""

    @property
    def met(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def text(self) -> str:
        """The value with its error."""
        error = f" ± {self.error:,.2g}" if self.error else ""
        return f"{self.value:,.3g}{error} {self.unit}"

    @property
    def bound(self) -> str:
        """The goal as text."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g} {self.unit}"
        return f"≤ {self.at_most:g} {self.unit}" if self.at_most is not None else "–"

    @property
    def goal_value(self) -> float | None:
        return self.at_least if self.at_least is not None else self.at_most

    @property
    def is_within_error(self) -> bool:
        """Whether the goal is met or missed by less than the error."""
        return self.goal_value is not None and abs(self.value - self.goal_value) < self.error

    @property
    def verdict(self) -> str:
        """Met or missed, and by how much of the goal."""
        if self.goal_value is None:
            return "no goal"
        share = "less than the error" if self.is_within_error else f"{abs(self.value / self.goal_value - 1):.0%}"
        return f"{'met' if self.met else '**missed**'} by {share}"

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def ratio_findings(outcome: Outcome, goal: str, what: str, bounds: dict[str, float | None]) -> Iterator[Finding]:
    """The ratio of our rate to each other side's."""
    figures = outcome.figures()
    for other, bound in bounds.items():
        yield Finding(goal, f"{what}: ours / {other}", outcome.ratio("ours", other), "×", bound, figures=figures)
