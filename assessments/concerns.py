"""Writing down what somebody tells about a provider, and what came of it. The provider hears of neither."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments import permissions, risk_signals
from assessments.errors import WrongState
from assessments.models import Concern, ConcernOutcome
from providers import audit
from providers.actor import Actor
from providers.models import Organisation, OrganisationQuerySet, Role


def tellable(actor: Actor) -> OrganisationQuerySet:
    """The providers about which the actor may tell something: any for an inspectorate, else its regions'."""
    if actor.has(*permissions.INSPECTION):
        return Organisation.objects.providers()
    if actor.has(Role.CARE_OFFICE_OFFICER) and actor.organisation_id:
        return Organisation.objects.in_regions_of(actor.organisation_id)
    return Organisation.objects.none()


@transaction.atomic
def keep(concern: Concern, *, by: Actor) -> Concern:
    """Keep a new concern. What one form sent before comes back, and nothing is written.

    Raises PermissionDenied when it is about a provider that is none of the actor's.
    """
    if not tellable(by).filter(pk=concern.organisation_id).exists():
        raise PermissionDenied
    known = Concern.objects.filter(created_by=by.person, key=concern.key).first()
    if known:
        return known
    is_shared = by.has(Role.CARE_OFFICE_OFFICER)
    concern.created_by, concern.shared_by = by.person, by.own if is_shared else None
    concern.save()
    # Not about the provider: it may not read that somebody told something.
    audit.record("concern_shared" if is_shared else "concern_recorded", by=by, obj=concern)
    risk_signals.mark(concern.organisation_id)
    return concern


@transaction.atomic
def close(concern_id: int, reason: str, *, by: Actor) -> ConcernOutcome:
    """Say what was done with a concern. Raises PermissionDenied, or WrongState when somebody did before."""
    if not by.has(*permissions.INSPECTION):
        raise PermissionDenied
    concern = Concern.objects.get(pk=concern_id)
    outcome, is_new = ConcernOutcome.objects.get_or_create(
        concern=concern, defaults={"reason": reason, "by": by.person}
    )
    if not is_new and outcome.reason != reason:
        raise WrongState("Dit signaal is al afgehandeld.")
    if is_new:
        audit.record("concern_closed", by=by, obj=concern)
        risk_signals.mark(concern.organisation_id)
    return outcome
