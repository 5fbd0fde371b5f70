"""Geometry of charts that are drawn as SVG on the server: bars and lines from right to left, beside a table of the same figures; pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.text import persian

WIDTH = 360
"""Of every chart, in its own units; letters are 15 high."""
AXIS = 62
"""What the numbers of the axis take on the right."""
PLOT, LABELS = 130, 26
LINE = 24
BAR, BAR_GAP, ROW_GAP = 13, 3, 12
MARK = 4
EVEN = (2, 4, 6, 8, 10)
KINDS = ("first", "second")
"""How the series look: filled and drawn, hatched and dashed; `late` is a bar whose promise has passed."""

TableCell = str | int | Decimal


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class Path:
    points: tuple[tuple[float, float], ...]
    kind: str

    @property
    def text(self) -> str:
        """As the attribute `points`."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)


@dataclass(frozen=True)
class Text:
    """Right-aligned at its place where the anchor is `start`, left-aligned where it is `end`."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: str = "label"


@dataclass(frozen=True)
class Table:
    """The figures of a chart, as they are read out and exported."""

    headings: Sequence[str]
    rows: Sequence[Sequence[TableCell]]


@dataclass(frozen=True)
class Chart:
    """A drawing with what stands for it: the sentence that is its alternative text, and the table."""

    name: str
    """By which it is exported, and what its ids begin with."""
    title: str
    about: str
    height: float
    table: Table
    rects: tuple[Rect, ...] = ()
    paths: tuple[Path, ...] = ()
    texts: tuple[Text, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    """The kind and the name of each series."""


@dataclass(frozen=True)
class Row:
    """A label with the bars below it, one for each series, and what they come to in words."""

    label: str
    values: Sequence[float]
    shown: str
    is_late: bool = False


def bars(  # noqa: PLR0913 - the parts of a chart
    name: str, title: str, about: str, table: Table, rows: Sequence[Row], series: Sequence[str] = (), least: float = 1
) -> Chart:
    """Bars from the right, below their labels; as long as their share of the largest, or of `least` where all are smaller."""
    most = max(least, *(value for row in rows for value in row.values), 0)
    rects: list[Rect] = []
    texts: list[Text] = []
    y = 0.0
    for row in rows:
        y += LINE
        texts += [Text(WIDTH, y - 7, row.label), Text(0, y - 7, row.shown, "end", "value")]
        for place, value in enumerate(row.values):
            width = round(max(0, value) / most * WIDTH, 1)
            kind = "late" if row.is_late else KINDS[place]
            rects += [Rect(0, y, WIDTH, BAR, "track"), Rect(round(WIDTH - width, 1), y, width, BAR, kind)]
            y += BAR + BAR_GAP
        y += ROW_GAP - BAR_GAP
    return Chart(name, title, about, max(y, 1), table, tuple(rects), texts=tuple(texts), legend=legend_of(series))


@dataclass(frozen=True)
class Weeks:
    """Series over weeks, the oldest first: the label of each week, and a value of each series for each of them."""

    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float]]]
    shown: Callable[[float], str]
    """A number of the axis as words."""

    @property
    def most(self) -> float:
        return nice_ceiling(max((value for _, values in self.series for value in values), default=0))

    def x(self, place: int) -> float:
        """The middle of a week; the oldest is on the right."""
        slot = (WIDTH - AXIS) / max(1, len(self.labels))
        return round(WIDTH - AXIS - slot * (place + 0.5), 1)

    def y(self, value: float) -> float:
        return round(LINE + PLOT * (1 - max(0, value) / self.most), 1)


def lines(name: str, title: str, about: str, table: Table, weeks: Weeks) -> Chart:
    """A line for each series, with a mark for each week."""
    paths, rects = [*grid(weeks)], []
    for kind, (_, values) in zip(KINDS, weeks.series, strict=False):
        points = tuple((weeks.x(place), weeks.y(value)) for place, value in enumerate(values))
        paths.append(Path(points, kind))
        rects += [Rect(x - MARK, y - MARK, 2 * MARK, 2 * MARK, kind) for x, y in points]
    return over_weeks(name, title, about, table, weeks, tuple(paths), tuple(rects))


def columns(name: str, title: str, about: str, table: Table, weeks: Weeks) -> Chart:
    """A column for each series beside each other, week by week."""
    slot = (WIDTH - AXIS) / max(1, len(weeks.labels))
    width = round(slot * 0.8 / len(weeks.series), 1)
    bottom = LINE + PLOT
    rects = tuple(
        Rect(round(weeks.x(at) + width * (len(weeks.series) / 2 - place - 1), 1), weeks.y(value), width, round(bottom - weeks.y(value), 1), kind)
        for place, (kind, (_, values)) in enumerate(zip(KINDS, weeks.series, strict=False))
        for at, value in enumerate(values)
    )  # fmt: skip
    return over_weeks(name, title, about, table, weeks, tuple(grid(weeks)), rects)


def over_weeks(  # noqa: PLR0913 - the parts of a chart
    name: str, title: str, about: str, table: Table, weeks: Weeks, paths: tuple[Path, ...], rects: tuple[Rect, ...]
) -> Chart:
    height = LINE + PLOT + LABELS
    names = [each for each, _ in weeks.series]
    texts = (*axis(weeks), *week_labels(weeks))
    return Chart(name, title, about, height, table, rects, paths, texts, legend_of(names))


def grid(weeks: Weeks) -> Iterator[Path]:
    for part in (0, 0.5, 1):
        y = weeks.y(weeks.most * part)
        yield Path(((0, y), (WIDTH - AXIS, y)), "grid")


def axis(weeks: Weeks) -> Iterator[Text]:
    for part in (0, 0.5, 1):
        value = weeks.most * part
        yield Text(WIDTH, weeks.y(value) + 5, weeks.shown(value))


def week_labels(weeks: Weeks) -> Iterator[Text]:
    """Of the oldest, the middle and the present week."""
    last, y = len(weeks.labels) - 1, LINE + PLOT + LABELS - 6
    for place, x, anchor in ((0, WIDTH - AXIS, "start"), (last // 2, weeks.x(last // 2), "middle"), (last, 0, "end")):
        yield Text(x, y, weeks.labels[place], anchor)


def legend_of(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(KINDS, names, strict=False)) if len(names) > 1 else ()


def nice_ceiling(value: float) -> float:
    """The least of 2, 4, 6, 8, 10, 20, 40 … that is not below a value: its half is whole too."""
    power = 1
    while value > 10 * power:
        power *= 10
    return next(step * power for step in EVEN if value <= step * power)


def shown_number(value: float) -> str:
    """A number of an axis, without what is behind its point."""
    return persian.format_number(round(value))


def shown_cell(cell: TableCell) -> str:
    """A cell of the table for a reader."""
    if isinstance(cell, Decimal):
        return persian.digits_to_persian(str(cell)).replace(".", "٫")
    return persian.format_number(cell) if isinstance(cell, int) else persian.digits_to_persian(cell)
