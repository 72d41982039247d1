"""An inspector outside the team reads a report along, before it is sent or settled. Never the provider's."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import permissions
from assessments.errors import WrongState
from assessments.models import Passage, PassageRemark, SecondReader, Visit
from assessments.values import clean_text
from providers import audit
from providers.actor import Actor
from providers.models import Membership, User


class AlreadyAnswered(Exception):
    """A colleague answered this remark in between; `current` is that row. Nothing was written."""

    def __init__(self, current: PassageRemark) -> None:
        self.current = current


def askable(visit: Visit, *, by: Actor) -> QuerySet[User]:
    """Inspectors outside the team who were not asked yet."""
    held = Membership.objects.on().filter(organisation=by.organisation_id, role__in=permissions.INSPECTION)
    return (
        User.objects.filter(pk__in=held.values("user"), is_active=True)
        .exclude(pk__in=visit.members.values("user"))
        .exclude(pk__in=visit.second_readers.values("user"))
        .order_by("name", "pk")
    )


@transaction.atomic
def ask(visit_id: int, reader: User, question: str, *, by: Actor) -> SecondReader:
    """Ask somebody to read along. Raises PermissionDenied, WrongState, or ValidationError for a wrong one."""
    visit = _written(visit_id)
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    if known := visit.second_readers.filter(user=reader).first():
        return known
    if not askable(visit, by=by).filter(pk=reader.pk).exists():
        raise ValidationError("Kies een inspecteur die niet in het team zit.")
    asked = SecondReader.objects.create(
        organisation_id=visit.organisation_id,
        visit=visit,
        user=reader,
        question=clean_text(question),
        asked_by=by.person,
    )
    # Not about the provider: it does not read how the inspectorate works.
    audit.record("reader_asked", by=by, obj=visit)
    return asked


@transaction.atomic
def remark(visit_id: int, passage_id: int | None, text: str, key: uuid.UUID, *, by: Actor) -> PassageRemark:
    """What a reader has to say of a passage, or (None) of the whole; the same key twice is one remark.

    Raises PermissionDenied, WrongState or ValidationError.
    """
    visit = _written(visit_id)
    if not permissions.can_read_along(by, visit):
        raise PermissionDenied
    if passage_id is not None and not Passage.objects.filter(pk=passage_id, visit=visit).exists():
        raise ValidationError("Kies de passage waarover het gaat.")
    text = clean_text(text)
    if not text:
        raise ValidationError("Schrijf uw opmerking.")
    said, is_new = PassageRemark.objects.get_or_create(
        visit=visit,
        key=key,
        defaults={
            "organisation_id": visit.organisation_id,
            "passage_id": passage_id,
            "text": text,
            "by": by.person,
        },
    )
    if is_new:
        audit.record("passage_remarked", by=by, obj=visit)
    return said


@transaction.atomic
def finish(visit_id: int, *, by: Actor) -> None:
    """The reader is done; reading on and remarking stays possible."""
    visit = _written(visit_id)
    if not permissions.can_read_along(by, visit):
        raise PermissionDenied
    visit.second_readers.filter(user=by.person, done_at=None).update(done_at=timezone.now())


@transaction.atomic
def answer(remark_id: int, text: str, *, by: Actor) -> PassageRemark:
    """What the team did with a remark, once.

    Raises PermissionDenied, WrongState, ValidationError or AlreadyAnswered.
    """
    visit = _written(PassageRemark.objects.values_list("visit", flat=True).get(pk=remark_id))
    if not permissions.can_record(by, visit):
        raise PermissionDenied
    text = clean_text(text)
    if not text:
        raise ValidationError("Schrijf wat u ermee deed.")
    said = PassageRemark.objects.select_related("answered_by").get(pk=remark_id)
    if said.answered_at:
        if said.answer == text:
            return said
        raise AlreadyAnswered(said)
    said.answer, said.answered_by, said.answered_at = text, by.person, timezone.now()
    said.save()
    audit.record("passage_remark_answered", by=by, obj=visit)
    return said


def open_remarks(visit: Visit) -> QuerySet[PassageRemark]:
    """Remarks that the team did not answer. They hold nothing up: the team decides."""
    return visit.passage_remarks.filter(answered_at=None).select_related("by", "passage__item")


def _written(visit_id: int) -> Visit:
    """The visit, locked, while its text is being written."""
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if visit.status not in Visit.WRITING:
        raise WrongState(visit.get_status_display())
    return visit
