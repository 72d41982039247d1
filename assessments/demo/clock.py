"""A clock that can be put back, so that the domain's own functions make a past.

Events cannot be dated afterwards: their table refuses changes. And a frozen report carries its dates in
its content. So the demo lives through its past in order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, tzinfo

from django.utils import timezone


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A local time on a day."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@contextmanager
def clock_at(start: datetime) -> Iterator[None]:
    """Within, django.utils.timezone (now, localdate, field defaults) runs on from this moment."""
    back = datetime.now(UTC) - start

    class PutBack(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - back

    outer = timezone.datetime  # type: ignore[attr-defined]
    try:
        timezone.datetime = PutBack  # type: ignore[attr-defined]
        yield
    finally:
        timezone.datetime = outer  # type: ignore[attr-defined]
