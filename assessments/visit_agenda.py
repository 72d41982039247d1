"""The visits that still ask something, grouped by what comes next, with the day by which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.models import Visit, VisitMember
from providers.actor import Actor

S = Visit.Status
# Working terms of the portal itself. Only the first has a source: a report within a month of the visit.
CONCEPT_DAYS = 30
PROCESS_WEEKS, SETTLE_WEEKS, DECIDE_WEEKS = 2, 4, 6
# So many of each group; the rest is behind a link.
SHOWN = 20


@dataclass(frozen=True)
class Entry:
    """A visit with its next day and what that day is."""

    visit: Visit
    day: date | None
    what: str
    notes: Sequence[str] = ()

    @property
    def is_late(self) -> bool:
        return self.day is not None and self.day < timezone.localdate()


@dataclass(frozen=True)
class Group:
    """Visits that wait for the same; `more` says whether there are others, with that status."""

    title: str
    statuses: tuple[str, ...]
    entries: list[Entry]
    more: bool

    @property
    def links(self) -> list[tuple[str, str]]:
        """Each status with its words, for the lists of all of them."""
        return [(status, S(status).label) for status in self.statuses]


def _after_reaction(visit: Visit, weeks: int) -> date:
    return (visit.reaction_due or visit.ends_on) + timedelta(weeks=weeks)


def next_day(visit: Visit) -> tuple[date | None, str]:
    """The day that counts now, and what it is, of a visit that goes on."""
    status = S(visit.status)
    if status == S.PLANNED:
        return visit.starts_on, "Bezoek"
    if status in (S.CONDUCTED, S.DRAFTING):
        return visit.ends_on + timedelta(days=CONCEPT_DAYS), "Concept versturen"
    if status == S.AT_PROVIDER:
        return (
            visit.reaction_due,
            "Laatste dag voor de reactie" if visit.reaction_due else "Nog niet ontvangen",
        )
    if status == S.REACTED:
        return _after_reaction(visit, PROCESS_WEEKS), "Reactie verwerken"
    if status == S.PROCESSED:
        return _after_reaction(visit, SETTLE_WEEKS), "Rapport vaststellen"
    if status == S.SETTLED:
        return _after_reaction(visit, DECIDE_WEEKS), "Besluiten over openbaarmaking"
    if status == S.SUSPENDED:
        return None, "Opgeschort"
    return timezone.localdate(visit.publication.publish_at), "Openbaar"


GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Komende bezoeken", (S.PLANNED,)),
    ("Rapport schrijven", (S.CONDUCTED, S.DRAFTING)),
    ("Bij de aanbieder", (S.AT_PROVIDER,)),
    ("Reactie verwerken", (S.REACTED,)),
    ("Vaststellen en besluiten", (S.PROCESSED, S.SETTLED)),
    ("Wacht op openbaarmaking", (S.DECIDED, S.SUSPENDED)),
)


def groups(found: QuerySet[Visit], actor: Actor) -> list[Group]:
    """What comes next of these visits: a query for each group, of a bounded number of rows."""
    return [
        group
        for title, statuses in GROUPS
        if (group := _group(title, statuses, found.filter(status__in=statuses), actor)).entries
    ]


def _group(title: str, statuses: tuple[str, ...], found: QuerySet[Visit], actor: Actor) -> Group:
    by_day = found.order_by(Coalesce("reaction_due", "starts_on"), "pk")
    # The coming visits are read along their index; of the others there are never many at a time.
    ordered = found.order_by("starts_on", "pk") if statuses == (S.PLANNED,) else by_day
    rows = list(_with_team(ordered, actor)[: SHOWN + 1])
    entries = [Entry(row, *next_day(row), _notes(row)) for row in rows[:SHOWN]]
    entries.sort(key=lambda entry: entry.day or date.max)
    return Group(title, statuses, entries, len(rows) > SHOWN)


def _with_team(found: QuerySet[Visit], actor: Actor) -> QuerySet[Visit]:
    waiting = VisitMember.objects.filter(visit=OuterRef("pk"), no_conflict_at=None)
    return found.annotate(own_waits=Exists(waiting.filter(user=actor.user)), team_waits=Exists(waiting))


def _notes(visit: Any) -> list[str]:
    if visit.own_waits:
        return ["Verklaar eerst dat u geen belang heeft."]
    if visit.status == S.PLANNED and visit.team_waits:
        return ["Nog niet iedereen van het team heeft verklaard geen belang te hebben."]
    return []
