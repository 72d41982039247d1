"""The zorgkantoorregio's as data, and loading them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from django.db import transaction

from providers.models import Region

DATA = Path(__file__).parent / "data" / "regions.yaml"


@dataclass(frozen=True)
class RegionRow:
    """One region of the file. `holder` is a default that has to be confirmed (see the file)."""

    code: str
    name: str
    holder: str | None
    ended_on: date | None


def read_regions() -> list[RegionRow]:
    """All regions of the file, ended ones too."""
    rows = yaml.safe_load(DATA.read_text(encoding="utf-8"))["regions"]
    return [
        RegionRow(
            code=row["code"],
            name=row["name"],
            holder=row["holder"],
            ended_on=date.fromisoformat(row["ended_on"]) if "ended_on" in row else None,
        )
        for row in rows
    ]


@transaction.atomic
def load_regions() -> tuple[int, int]:
    """Bring the regions in line with the file, by code. Returns how many are new and how many changed."""
    known = {region.code: region for region in Region.objects.select_for_update()}
    new, changed = [], []
    for row in read_regions():
        region = known.get(row.code)
        if region is None:
            new.append(Region(code=row.code, name=row.name, ended_on=row.ended_on))
        elif (region.name, region.ended_on) != (row.name, row.ended_on):
            region.name, region.ended_on = row.name, row.ended_on
            changed.append(region)
    Region.objects.bulk_create(new)
    Region.objects.bulk_update(changed, ["name", "ended_on"])
    return len(new), len(changed)
