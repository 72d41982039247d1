"""Which kinds of measures there are: data, not code."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

KINDS = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Kind:
    """One kind of measure, as measure_kinds.yaml tells it."""

    code: str
    label: str
    decided_by: str
    ground: str
    recorded_by: Literal["inspector", "coordinating_inspector"]
    deliver: str
    public: Literal["never", "always", "chosen"]
    max_days: int | None = None
    extended_by: str = ""

    def last_day(self, decided_on: date) -> date | None:
        """The furthest day that the term may reach; the day of the decision does not count."""
        return decided_on + timedelta(days=self.max_days) if self.max_days else None


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by code, in the order of the file."""
    rows = yaml.safe_load(KINDS.read_text(encoding="utf-8"))["kinds"]
    return {row["code"]: Kind(**row) for row in rows}


def kind_of(code: str) -> Kind:
    return kinds()[code]
