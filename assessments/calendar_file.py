"""Visits as an iCalendar file (RFC 5545), for the inspector's own agenda.

Days without hours: the end is the day after the last. A visit keeps its UID, and each change of its plan
raises its SEQUENCE, so that an agenda that reads the file again moves the entry or strikes it out.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from assessments.models import Visit
from assessments.planning import PLANNING
from providers import mail
from providers.models import Location

CONTENT_TYPE = "text/calendar; charset=utf-8"
# So many octets a line may have, without its end; the rest comes on the next, after a space.
LINE = 75
# What is longer ago an agenda has already.
KEPT = timedelta(days=365)


def with_changes(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """The visits with all that an entry tells, in two queries."""
    changes = Count("events", filter=Q(events__action__in=[*PLANNING, "cancel"]) & ~Q(events__action="plan"))
    places = Prefetch("locations", Location.objects.order_by("name", "pk"))
    return visits.select_related("organisation").prefetch_related(places).annotate(changes=changes)


def calendar(visits: Iterable[Visit]) -> bytes:
    """The file with an entry for each of these visits, read by with_changes()."""
    now = timezone.now()
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Thuispeil//Bezoeken//NL",
        "METHOD:PUBLISH",
        *(line for visit in visits for line in _entry(visit, now)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _entry(visit: Visit, now: datetime) -> Iterator[str]:
    link = mail.link("assessments:visit", visit.pk)
    kind = "Bezoek" if visit.announced else "Onaangekondigd bezoek"
    places = "; ".join(f"{place.name}, {place.place}" for place in visit.locations.all())
    yield "BEGIN:VEVENT"
    yield f"UID:bezoek-{visit.pk}@{urlsplit(settings.PUBLIC_URL).hostname}"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield from day_lines(visit)
    yield f"SEQUENCE:{visit.changes}"  # type: ignore[attr-defined]
    yield f"STATUS:{'CANCELLED' if visit.status == Visit.Status.CANCELLED else 'CONFIRMED'}"
    yield f"SUMMARY:{escaped(f'{kind}: {visit.organisation.name}')}"
    yield f"LOCATION:{escaped(places)}"
    yield f"DESCRIPTION:{escaped(f'Rapportnummer {visit.number}. {link}')}"
    yield f"URL:{link}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def day_lines(visit: Visit) -> Iterator[str]:
    """The days of a visit; the end is the day after the last."""
    yield f"DTSTART;VALUE=DATE:{_day(visit.starts_on)}"
    yield f"DTEND;VALUE=DATE:{_day(visit.ends_on + timedelta(days=1))}"


def _day(day: date) -> str:
    return f"{day.year:04}{day:%m%d}"


def escaped(text: str) -> str:
    """TEXT of RFC 5545, 3.3.11; signs that may not stand in a file become spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c if c == "\n" or (c >= " " and c != "\x7f") else " " for c in text)
    for plain, kept in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, kept)
    return text


def folded(line: str) -> Iterator[str]:
    """The lines of at most 75 octets that stand for one (3.1); no letter is cut in two."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part
