"""The work that a colleague leaves behind. Each app adds what it knows of at start-up."""

from collections.abc import Callable
from dataclasses import dataclass

from providers import audit
from providers.actor import Actor
from providers.models import Organisation, User


@dataclass(frozen=True)
class Handover:
    """One kind of open work: its name in the plural, how much somebody has, and giving it to another."""

    label: str
    count: Callable[[User, Organisation], int]
    hand_over: Callable[[User, User, Organisation, Actor], None]


HANDOVERS: list[Handover] = []


def open_work(user: User, organisation: Organisation) -> list[tuple[str, int]]:
    """What lies open at this person: (label, number), only where there is any."""
    counted = [(work.label, work.count(user, organisation)) for work in HANDOVERS]
    return [(label, count) for label, count in counted if count]


def hand_over(leaver: User, heir: User, organisation: Organisation, *, by: Actor) -> None:
    """Give all open work to a colleague."""
    for work in HANDOVERS:
        work.hand_over(leaver, heir, organisation, by)
    audit.record("work_handed_over", by=by, about=organisation.pk, obj=leaver)
