"""When what was decided becomes public, and how long it stays so: whole days, as they begin in Amsterdam."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from assessments.legal_days import first_working_day

# Inspection reports stay online five years (https://www.igj.nl/onderwerpen/openbaarmaking).
ONLINE_YEARS = 5
# Algemene wet bestuursrecht, articles 6:7 and 6:8: six weeks from the day after the decision was sent.
OBJECTION_TERM = timedelta(weeks=6)


def objection_until(decided_at: datetime) -> date:
    """The last day on which somebody can object to a decision; never a day off, see legal_days."""
    return first_working_day(timezone.localdate(decided_at) + OBJECTION_TERM)


def opening(decided_at: datetime) -> datetime:
    """The beginning of the day on which the waiting time is over; at once where nothing waits."""
    wait = settings.PUBLICATION_WAIT_DAYS
    return beginning(timezone.localdate(decided_at) + timedelta(days=wait)) if wait else decided_at


def beginning(day: date) -> datetime:
    """Midnight with which a day begins; no change of the clock falls there."""
    return timezone.make_aware(datetime.combine(day, time.min))


def last_day_online(published_on: date) -> date:
    """The same day of the year five years on; 28 February for what began on a 29th.

    As Regulation (EEC, Euratom) 1182/71, article 3, counts terms in years.
    """
    year = published_on.year + ONLINE_YEARS
    try:
        return published_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def first_kept(today: date) -> date:
    """The first day of publication of which the last day online has not passed."""
    year = today.year - ONLINE_YEARS
    try:
        return today.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def kept_since() -> datetime:
    """What became public before this moment has been online long enough."""
    return beginning(first_kept(timezone.localdate()))
