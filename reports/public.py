"""The newest public reports, for pages that are not about reports."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from reports.models import ReportRequest

NEWEST_FIRST = ("-public_since", "-id")


@dataclass(frozen=True)
class PublicReport:
    """What the start page shows of a report."""

    url: str
    provider: str
    place: str
    published_on: date
    level: str


def latest(limit: int) -> list[PublicReport]:
    """The reports that became public last, newest first. One query."""
    found = ReportRequest.objects.public().newest().for_list().order_by(*NEWEST_FIRST)[:limit]
    return [
        PublicReport(
            url=request.get_absolute_url(),
            provider=request.provider_name,
            place=request.place,
            published_on=timezone.localdate(request.public_since),
            level=request.level,
        )
        for request in found
    ]
