"""Who may do what with a self-assessment, a visit or a campaign. Everything not said here is refused."""

from django.db.models import Exists, OuterRef

from assessments.models import (
    Campaign,
    CampaignTarget,
    Evidence,
    FieldEdit,
    PassageVersion,
    Revision,
    SecondReader,
    Visit,
    VisitEvent,
    VisitMember,
)
from assessments.models.visit import VisitQuerySet
from providers.actor import SYSTEM, Actor
from providers.models import Role

INSPECTION = (Role.INSPECTOR, Role.COORDINATING_INSPECTOR)
PROVIDER_EDITORS = (Role.QUALITY_OFFICER, Role.DIRECTOR)
# Nobody of a team can do anything before declaring, so these events of a visit say who ever was of it.
OF_THE_TEAM = ("declare", "conflict")


def is_system(actor: Actor, obj: object) -> bool:
    """Only the clock."""
    return actor is SYSTEM


def can_start(actor: Actor) -> bool:
    return actor.has(*PROVIDER_EDITORS)


def can_fill_in(actor: Actor, revision: Revision) -> bool:
    """Write in the own organisation's account (its status decides whether that is possible now)."""
    return actor.has(*PROVIDER_EDITORS) and revision.organisation_id == actor.organisation_id


def can_edit_evidence(actor: Actor, evidence: Evidence) -> bool:
    """Change a piece of the own library, and say who may read it."""
    return actor.has(*PROVIDER_EDITORS) and evidence.organisation_id == actor.organisation_id


def can_adopt(actor: Actor, revision: Revision) -> bool:
    return actor.has(Role.DIRECTOR) and revision.organisation_id == actor.organisation_id


def can_plan(actor: Actor) -> bool:
    return actor.has(*INSPECTION)


def is_member(actor: Actor, visit: Visit) -> bool:
    return actor.user is not None and VisitMember.objects.filter(visit=visit, user=actor.user).exists()


def can_record(actor: Actor, visit: Visit) -> bool:
    """Write findings, judgements and report text: inspectors of this visit's team, once they declared to
    have no interest in the provider."""
    if actor.user is None or not actor.has(*INSPECTION):
        return False
    return VisitMember.objects.filter(visit=visit, user=actor.user, no_conflict_at__isnull=False).exists()


def can_open_judgements(actor: Actor, visit: Visit) -> bool:
    """Who coordinates the visit, or a coordinating inspector: the others could not stop waiting."""
    if actor.has(Role.COORDINATING_INSPECTOR):
        return True
    return can_record(actor, visit) and visit.members.filter(user=actor.user, coordinates=True).exists()


def can_change_plan(actor: Actor, visit: Visit) -> bool:
    """Move, change, hand over or cancel a visit: its team, and every coordinating inspector."""
    in_team = actor.has(*INSPECTION) and is_member(actor, visit)
    return in_team or actor.has(Role.COORDINATING_INSPECTOR)


def can_record_delivery(actor: Actor, visit: Visit) -> bool:
    """Say that a concept was delivered outside the portal: nobody of the team, for a term hangs on it."""
    return actor.has(Role.COORDINATING_INSPECTOR) and not is_member(actor, visit)


def can_read_along(actor: Actor, visit: Visit) -> bool:
    """Remark on the text of a report: an inspector whom the team asked."""
    return actor.has(*INSPECTION) and SecondReader.objects.filter(visit=visit, user=actor.user).exists()


def can_react(actor: Actor, visit: Visit) -> bool:
    return actor.has(*PROVIDER_EDITORS) and visit.organisation_id == actor.organisation_id


def settleable(actor: Actor) -> VisitQuerySet:
    """Visits of whose team a coordinating inspector is not, and never was.

    Who planned the visit, or recorded, judged, wrote or answered anything of it, does not settle it after
    leaving the team. Nor does who left it for an interest in the provider.
    """
    if actor.user is None or not actor.has(Role.COORDINATING_INSPECTOR):
        return Visit.objects.none()
    here = OuterRef("pk")
    return Visit.objects.exclude(created_by=actor.user).filter(
        ~Exists(VisitMember.objects.filter(visit=here, user=actor.user)),
        ~Exists(VisitEvent.objects.filter(visit=here, by=actor.user, action__in=OF_THE_TEAM)),
        ~Exists(FieldEdit.objects.filter(visit=here, author=actor.user)),
        ~Exists(PassageVersion.objects.filter(passage__visit=here, author=actor.user)),
    )


def can_settle(actor: Actor, visit: Visit) -> bool:
    return settleable(actor).filter(pk=visit.pk).exists()


def can_ask(actor: Actor) -> bool:
    """Whom is campaigns.askable."""
    return actor.has(*Campaign.ASKERS)


def can_manage(actor: Actor, campaign: Campaign) -> bool:
    """Everybody who may ask for the organisation that asked."""
    return can_ask(actor) and campaign.organisation_id == actor.organisation_id


def can_answer(actor: Actor, target: CampaignTarget) -> bool:
    """Start what is asked of the own organisation, or ask for more time."""
    return actor.has(*PROVIDER_EDITORS) and target.organisation_id == actor.organisation_id
