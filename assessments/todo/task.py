"""One thing to do or to wait for, and where such things come from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from providers.actor import Actor
from providers.models import Role

# How many rows of one source are read at the most.
LIMIT = 30


@dataclass(frozen=True)
class Task:
    """One thing to do (`label` names the button) or to wait for (no label)."""

    title: str
    text: str
    url: str
    label: str = ""
    due: date | None = None
    done: int | None = None
    total: int | None = None
    # Before others of the same day.
    comes_first: bool = False
    # A colleague can do nothing until this is done: it goes before what has more time.
    is_awaited: bool = False

    @property
    def days_left(self) -> int | None:
        return (self.due - timezone.localdate()).days if self.due else None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def due_words(self) -> str:
        """How far away the date is, in words."""
        days = self.days_left
        if days is None:
            return ""
        if days == 0:
            return "vandaag"
        count = f"{abs(days)} {'dag' if abs(days) == 1 else 'dagen'}"
        return f"{count} te laat" if days < 0 else f"nog {count}"


# Who is told, and what gives the tasks.
Source = tuple[tuple[Role, ...], Callable[[Actor], Iterator[Task]]]


def day_of(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""
