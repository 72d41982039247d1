"""What was measured, as a table for people and as JSON for machines."""

import json
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.timing import Times

LATEST = Path(__file__).parent / "latest.json"
GROWTH_AIM = 1.2
MISSED = "  AIM MISSED"


@dataclass(frozen=True)
class Outcome:
    """One request beside its floor. Statements are None where no database is asked."""

    letter: str
    title: str
    aim: float
    portal: Times
    floor: Times
    statements: int | None = None
    floor_statements: int | None = None

    @property
    def ratio(self) -> float:
        return self.portal.median / self.floor.median


@dataclass(frozen=True)
class Growth:
    """One request of the portal on a small and on a large number of providers."""

    letter: str
    title: str
    small: Times
    large: Times
    small_statements: int
    large_statements: int

    @property
    def ratio(self) -> float:
        return self.large.median / self.small.median

    @property
    def is_flat(self) -> bool:
        return self.ratio <= GROWTH_AIM and self.large_statements <= self.small_statements


def table(outcomes: list[Outcome], growths: list[Growth], sizes: tuple[int, int]) -> Iterator[str]:
    """Lines to print; every aim that was missed says so."""
    yield f"\n{'milliseconds':38}{'portal':>15}{'floor':>18}{'ratio':>9}{'aim':>6}{'statements':>13}"
    yield f"{'':38}{'median    p95':>15}{'median    p95':>18}{'':15}{'(floor)':>13}"
    for row in outcomes:
        counts = "" if row.statements is None else f"{row.statements} ({row.floor_statements})"
        yield (
            f"({row.letter}) {row.title:34}{row.portal.median:8.1f}{row.portal.p95:7.1f}"
            f"{row.floor.median:11.1f}{row.floor.p95:7.1f}{row.ratio:9.2f}{row.aim:6.1f}{counts:>13}"
            + (MISSED if row.ratio > row.aim else "")
        )
    small, large = sizes
    yield f"\n{'with so many providers':38}{small:>15,}{large:>18,}{'ratio':>9}{'aim':>6}{'statements':>13}"
    for grown in growths:
        counts = f"{grown.small_statements}, {grown.large_statements}"
        yield (
            f"({grown.letter}) {grown.title:34}{grown.small.median:8.1f}{grown.small.p95:7.1f}"
            f"{grown.large.median:11.1f}{grown.large.p95:7.1f}{grown.ratio:9.2f}{GROWTH_AIM:6.1f}{counts:>13}"
            + ("" if grown.is_flat else MISSED)
        )


def write(outcomes: list[Outcome], growths: list[Growth], sizes: tuple[int, int]) -> None:
    """Put it all in bench/latest.json."""
    content = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "providers": sizes,
        "requests": [asdict(row) | {"ratio": row.ratio, "aim_met": row.ratio <= row.aim} for row in outcomes],
        "growth": [asdict(row) | {"ratio": row.ratio, "aim_met": row.is_flat} for row in growths],
    }
    LATEST.write_text(json.dumps(content, indent=2) + "\n")
