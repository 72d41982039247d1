"""What the page of a visit shows of its preparation, for the inspectorate and for the provider."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from assessments import document_requests, permissions, planning, preparation_text, visit_notes
from assessments.models import DocumentRequest, Visit, VisitMember
from assessments.visit_overview import is_inside
from providers.actor import Actor


@dataclass(frozen=True)
class Preparing:
    """Who is in the team, what is asked of this person, and what she may change of the plan."""

    members: Sequence[VisitMember]
    # What this person has to declare before she can record; '' when there is nothing to declare.
    declaration: str
    may_change: bool
    may_hand_over: bool
    may_note: bool
    may_ask: bool
    may_follow_up: bool
    requests: Sequence[DocumentRequest]
    followed_by: Sequence[Visit]

    @property
    def coordinator(self) -> VisitMember | None:
        return next((member for member in self.members if member.coordinates), None)


def of_visit(visit: Visit, actor: Actor) -> Preparing:
    """A constant number of queries."""
    inside = is_inside(actor)
    members = list(visit.members.select_related("user").order_by("user__name", "pk")) if inside else []
    own = next((member for member in members if member.user_id == actor.person.pk), None)
    is_open = visit.status not in planning.CLOSED
    may_change = permissions.can_change_plan(actor, visit)
    records = own is not None and own.no_conflict_at is not None
    asked = DocumentRequest.objects.visible_to(actor).filter(visit=visit)
    return Preparing(
        members=members,
        declaration=preparation_text.declaration(timezone.localdate())
        if own and not records and is_open
        else "",
        may_change=may_change and visit.status == Visit.Status.PLANNED,
        may_hand_over=may_change and is_open,
        may_note=records and visit.status in visit_notes.NOTING,
        may_ask=records and visit.status in document_requests.ASKING and visit.is_known_to_provider,
        may_follow_up=inside and visit.status in planning.FOLLOWED,
        requests=list(asked.annotate(files=Count("given"))),
        followed_by=list(visit.followed_by.order_by("starts_on")) if inside else [],
    )
