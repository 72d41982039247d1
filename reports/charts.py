"""Coordinates of the report's figures, in tenths of a millimetre; templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from reports.content import RANKED, Item, Report
from reports.wording import day, shorten

WIDTH = 1700
ROW = 84
HEAD = 118
# A figure cannot break over pages: longer plots are drawn in parts.
ROWS_PER_PLOT = 20
DOTS_PER_LINE = 20
DOT = 2.5
FIRST_COLUMN, COLUMN = 660, 233
AXIS = (60, 1560)
LABEL_WIDTH = 270
TITLE_LENGTH = 36


class JudgedRow(Protocol):
    """What a plot needs to know of a row."""

    @property
    def item(self) -> Item: ...
    @property
    def own_level(self) -> str: ...
    @property
    def difference(self) -> str: ...


@dataclass(frozen=True)
class Column:
    x: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PlotRow:
    code: str
    title: str
    difference: str
    level: str
    y: int
    x: int
    own_x: int

    @property
    def mark(self) -> str:
        """The template that draws our mark."""
        return f"reports/pdf/marks/{self.level}.svg"

    @property
    def baseline(self) -> int:
        """Where text stands beside marks that are centred on y."""
        return self.y + 11

    @property
    def arrow(self) -> tuple[int, int] | None:
        """(start, tip) from the own score towards ours, free of both marks; None when equal."""
        if self.x == self.own_x:
            return None
        way = 1 if self.x > self.own_x else -1
        return self.own_x + way * 22, self.x - way * 44

    @property
    def head(self) -> str:
        """The arrow's head as polygon points."""
        if self.arrow is None:
            return ""
        start, tip = self.arrow
        back = tip - (22 if tip > start else -22)
        return f"{tip},{self.y} {back},{self.y - 11} {back},{self.y + 11}"


@dataclass(frozen=True)
class Plot:
    columns: tuple[Column, ...]
    rows: tuple[PlotRow, ...]
    height: int
    part: str
    summary: str


@dataclass(frozen=True)
class Moment:
    x: int
    day: str
    codes: str


@dataclass(frozen=True)
class Timeline:
    start: str
    moments: tuple[Moment, ...]
    to_scale: bool
    summary: str

    @property
    def end(self) -> int:
        """Where the line stops."""
        return self.moments[-1].x


@dataclass(frozen=True)
class Dots:
    """Unit dots: whole lines, and what remains."""

    lines: int
    rest: int

    @property
    def height(self) -> str:
        """Of the whole lines, in millimetres."""
        return f"{self.lines * DOT:.1f}"

    @property
    def width(self) -> str:
        """Of the remaining line, in millimetres."""
        return f"{self.rest * DOT:.1f}"


def dot_plot(rows: Sequence[JudgedRow], labels: dict[str, str]) -> list[Plot]:
    """Own score and judgement on one scale, for the items that have both; [] without any."""
    both = [row for row in rows if row.item.steps_below_own is not None]
    x_of = {level: FIRST_COLUMN + index * COLUMN for index, level in enumerate(reversed(RANKED))}
    columns = tuple(Column(x_of[level], two_lines(labels.get(level, ""))) for level in reversed(RANKED))
    chunks = [both[start : start + ROWS_PER_PLOT] for start in range(0, len(both), ROWS_PER_PLOT)]
    total = len(chunks)
    parts = [f", deel {number} van {total}" if total > 1 else "" for number in range(1, total + 1)]
    return [_plot(chunk, part, columns, x_of) for chunk, part in zip(chunks, parts, strict=True)]


def _plot(rows: Sequence[JudgedRow], part: str, columns: tuple[Column, ...], x_of: dict[str, int]) -> Plot:
    differences = "; ".join(f"{row.item.code}: {row.difference}" for row in rows)
    return Plot(
        columns=columns,
        rows=tuple(_plot_row(row, index, x_of) for index, row in enumerate(rows)),
        height=HEAD + ROW * len(rows),
        part=part,
        summary=f"Ons oordeel tegenover de eigen score. {differences}.",
    )


def _plot_row(row: JudgedRow, index: int, x_of: dict[str, int]) -> PlotRow:
    return PlotRow(
        code=row.item.code,
        title=shorten(row.item.title, TITLE_LENGTH),
        difference=row.difference,
        level=row.item.level,
        y=HEAD + ROW * index + ROW // 2,
        x=x_of[row.item.level],
        own_x=x_of[row.own_level],
    )


def two_lines(label: str) -> tuple[str, ...]:
    """A column head in at most two lines: the first word, then the rest."""
    first, _, rest = label.partition(" ")
    return (first, rest) if rest else ("", first)


def timeline(report: Report) -> Timeline | None:
    """The terms on a line; None when there is nothing, or too much, to draw."""
    start = report.dates.settled_on or report.dates.concept_sent_on
    codes: dict[date, list[str]] = {}
    for action in report.actions:
        if action.due_on:
            codes.setdefault(action.due_on, []).append(action.number)
    days = sorted(codes)
    if start is None or not days or len(days) > 5 or days[0] <= start:
        return None
    left, right = AXIS
    span = (days[-1] - start).days
    places = [left + (right - left) * (due - start).days // span for due in days]
    to_scale = all(b - a >= LABEL_WIDTH for a, b in zip([left, *places], places, strict=False))
    if not to_scale:
        places = [left + (right - left) * number // len(days) for number in range(1, len(days) + 1)]
    moments = tuple(Moment(x, day(due), ", ".join(codes[due])) for x, due in zip(places, days, strict=True))
    summary = "Termijnen: " + "; ".join(f"{moment.codes} uiterlijk {moment.day}" for moment in moments) + "."
    words = "concept verstuurd" if report.is_concept else "rapport vastgesteld"
    return Timeline(f"{day(start)}: {words}", moments, to_scale, summary)


def unit_dots(number: int) -> Dots:
    """One dot per finding, in lines of twenty."""
    return Dots(*divmod(number, DOTS_PER_LINE))
