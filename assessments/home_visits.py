"""Homes entered at a visit: each with the consent of who lives there, and counted from that.

Without consent an inspector may not enter a home (Wkkgz, article 24). Never a name or an address.
"""

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments import permissions
from assessments.errors import WrongState
from assessments.models import HomeVisit, Visit
from providers import audit
from providers.actor import Actor


@transaction.atomic
def record(
    visit_id: int,
    *,
    day: date,
    consent_on: date,
    consent_by: str,
    consent_how: str,
    key: uuid.UUID,
    by: Actor,
) -> HomeVisit:
    """Consent for one home on a day; what one form sends twice is one.

    Raises PermissionDenied, WrongState or ValidationError by field.
    """
    visit = _locked(visit_id, by)
    if known := HomeVisit.objects.filter(visit=visit, key=key).first():
        return known
    if consent_on > timezone.localdate():
        raise ValidationError({"consent_on": "Deze dag komt nog. Vul in wanneer u de toestemming kreeg."})
    if consent_on > day:
        raise ValidationError({"consent_on": "Zonder toestemming vooraf gaat u een woning niet binnen."})
    home = HomeVisit.objects.create(
        organisation_id=visit.organisation_id,
        visit=visit,
        key=key,
        day=day,
        consent_on=consent_on,
        consent_by=consent_by,
        consent_how=consent_how,
        recorded_by=by.person,
    )
    _count(visit)
    audit.record("home_visit_recorded", by=by, obj=visit)
    return home


@transaction.atomic
def drop(home_id: int, *, by: Actor) -> None:
    """Consent was taken back, or nobody went: this home does not count any more."""
    home = HomeVisit.objects.get(pk=home_id)
    visit = _locked(home.visit_id, by)
    dropped = HomeVisit.objects.filter(pk=home_id, dropped_at=None).update(
        dropped_at=timezone.now(), dropped_by=by.person
    )
    if dropped:
        _count(visit)
        audit.record("home_visit_dropped", by=by, obj=visit)


def _locked(visit_id: int, by: Actor) -> Visit:
    visit = Visit.objects.select_for_update(no_key=True, of=("self",)).get(pk=visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if visit.status not in Visit.CORRECTING:
        raise WrongState(visit.get_status_display())
    return visit


def _count(visit: Visit) -> None:
    visit.home_visits = visit.homes.filter(dropped_at=None).count()
    visit.save(update_fields=["home_visits"])
