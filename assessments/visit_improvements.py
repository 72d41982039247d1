"""What must be better according to a settled report, as improvement actions at the provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q
from django.utils.text import Truncator

from assessments import report_text
from assessments.improvement import IMPROVEMENT
from assessments.models import EvidenceRevision, ImprovementAction, Visit, VisitEvent
from assessments.models.improvement import ImprovementActionQuerySet
from assessments.workflow.machine import Choice
from providers.actor import Actor

S = ImprovementAction.Status
NOBODY_YET = "Nog niet verdeeld"


def follow_settling(event: VisitEvent) -> None:
    """Hook of the visit's course: each point of the settled report becomes an action, in one transaction."""
    if event.action != "settle" or event.version is None or event.by is None:
        return
    by = Actor(event.by, event.by_organisation, frozenset(event.roles.split(",")))
    items = {item.code: item for item in report_text.judged_items(event.visit)}
    for asked in event.version.content["actions"]:
        action = ImprovementAction.objects.create(
            organisation_id=event.organisation_id,
            visit=event.visit,
            item=items.get(asked["item"]),
            point=asked["number"],
            demand=asked["text"],
            due=date.fromisoformat(asked["due_on"]),
            what=Truncator(asked["text"]).chars(200),
            role_name=NOBODY_YET,
            created_by=event.by,
        )
        IMPROVEMENT.record(action, "ask", by=by, old_status=action.status)


@dataclass(frozen=True)
class Point:
    """One point on the agenda of a visit, and what the actor can do with it."""

    action: ImprovementAction
    files: Sequence[EvidenceRevision]
    choices: Sequence[Choice]


def agenda(visit: Visit, actor: Actor) -> list[Point]:
    """The points of this visit's own report; of a follow-up also those of the visits before it that were
    not found good enough yet, or were at this visit."""
    shown = Q(visit=visit)
    before = visit.follows
    while before is not None:
        shown |= Q(visit=before) & (~Q(status=S.CHECKED) | Q(ended_at__date__gte=visit.starts_on))
        before = before.follows
    rows = (
        points(actor)
        .filter(shown)
        .prefetch_related(Prefetch("evidence", EvidenceRevision.objects.order_by("pk")))
    )
    return [Point(row, list(row.evidence.all()), IMPROVEMENT.available(row, actor)) for row in rows]


def points(actor: Actor) -> ImprovementActionQuerySet:
    """What the inspectorate asks, as far as the actor may see it, by date."""
    visible = ImprovementAction.objects.visible_to(actor).points()
    return visible.select_related("item", "visit__organisation", "assignee").order_by("due", "pk")
