"""Writes of a self-assessment that touch several rows, each in one transaction."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import WrongState
from assessments.models import Answer, AnswerVersion, EvidenceLink, Receipt, Revision, SelfAssessment
from assessments.permissions import PROVIDER_EDITORS
from assessments.scope import SETTLED, settle
from assessments.values import Value, is_answered
from norms.models import FrameworkVersion
from providers import audit
from providers.actor import Actor
from providers.models import Location, Organisation


class AlreadyStarted(Exception):
    """There is an account of this year already; `self_assessment` is it."""

    def __init__(self, self_assessment: SelfAssessment) -> None:
        self.self_assessment = self_assessment


class AnswerConflict(Exception):
    """Somebody saved a newer text; `current` is that answer. Nothing was written."""

    def __init__(self, current: Answer) -> None:
        self.current = current


@dataclass(frozen=True)
class NewAnswer:
    """What a person wants to save: cleaned value and text, and the version she saw."""

    item_id: int
    value: Value
    text: str
    base_version: int
    save_id: uuid.UUID


def start_self_assessment(
    *, year: int, locations: Iterable[Location], editions: Iterable[FrameworkVersion], by: Actor
) -> Revision:
    """The first revision of a year. Raises AlreadyStarted when the year exists."""
    if by.organisation is None or not by.has(*PROVIDER_EDITORS):
        raise PermissionDenied
    try:
        return _start(by.organisation, year, locations, list(editions), by)
    except IntegrityError:
        existing = SelfAssessment.objects.filter(organisation=by.organisation, year=year).first()
        if existing is None:
            raise
        raise AlreadyStarted(existing) from None


@transaction.atomic
def _start(
    organisation: Organisation,
    year: int,
    locations: Iterable[Location],
    editions: list[FrameworkVersion],
    by: Actor,
) -> Revision:
    revision = Revision.objects.create(
        organisation=organisation,
        self_assessment=SelfAssessment.objects.create(organisation=organisation, year=year),
        created_by=by.person,
    )
    # New, so there is nothing to compare with as set() would.
    revision.locations.add(*locations)
    revision.editions.add(*editions)
    settle(revision)
    revision.save(update_fields=SETTLED)
    audit.record("self_assessment_started", by=by, about=organisation.pk, obj=revision)
    return revision


@transaction.atomic
def save_answer(revision_id: int, new: NewAnswer, *, by: Actor) -> Answer:
    """Save one answer of a draft. Raises WrongState, AnswerConflict or PermissionDenied.

    A save id that was written before, and a text that is already there, change nothing.
    """
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    answer = Answer.objects.select_related("author").filter(revision=revision, item_id=new.item_id).first()
    return write_answer(revision, answer, new, by=by)


def write_answer(revision: Revision, answer: Answer | None, new: NewAnswer, *, by: Actor) -> Answer:
    """As save_answer, for who locked the revision in a transaction and then read the answer."""
    if not by.has(*PROVIDER_EDITORS) or revision.organisation_id != by.organisation_id:
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())
    if answer is None:
        answer = Answer(revision=revision, organisation_id=revision.organisation_id, item_id=new.item_id)
    if (answer.value, answer.text) == (new.value, new.text):
        return answer
    if answer.version != new.base_version:
        saved = AnswerVersion.objects.filter(answer=answer.pk, save_id=new.save_id).first()
        # A page brought back and changed has its old id with another text.
        if saved is None or (saved.value, saved.text) != (new.value, new.text):
            raise AnswerConflict(answer)
        # What that save gave, not what a colleague wrote since: her next save must meet that as a conflict.
        answer.version, answer.value, answer.text = saved.version, saved.value, saved.text
        return answer
    return _write(answer, new, by)


def _write(answer: Answer, new: NewAnswer, by: Actor) -> Answer:
    answer.version += 1
    answer.value, answer.text = new.value, new.text
    answer.is_answered = is_answered(new.value)
    # Who writes here no longer follows another item's answer.
    answer.linked_to = None
    answer.author, answer.updated_at = by.person, timezone.now()
    answer.save()
    AnswerVersion.objects.create(
        organisation_id=answer.organisation_id,
        answer=answer,
        save_id=new.save_id,
        version=answer.version,
        parent_version=new.base_version,
        value=new.value,
        text=new.text,
        author=by.person,
        at=answer.updated_at,
    )
    return answer


def copy_into_new_revision(old: Revision, *, by: Actor) -> Revision:
    """A draft that begins where `old` stands: same editions, answers and evidence. In a transaction."""
    new = Revision.objects.create(
        organisation_id=old.organisation_id,
        self_assessment_id=old.self_assessment_id,
        number=old.number + 1,
        question_count=old.question_count,
        created_by=by.person,
    )
    new.locations.set(old.locations.all())
    new.editions.set(old.editions.all())
    answers = [
        Answer(
            organisation_id=old.organisation_id,
            revision=new,
            item_id=answer.item_id,
            version=1,
            value=answer.value,
            text=answer.text,
            is_answered=answer.is_answered,
            author_id=answer.author_id,
            updated_at=answer.updated_at,
        )
        for answer in old.answers.all()
    ]
    Answer.objects.bulk_create(answers)
    AnswerVersion.objects.bulk_create(_first_version(answer) for answer in answers)
    EvidenceLink.objects.bulk_create(
        EvidenceLink(
            organisation_id=old.organisation_id,
            revision=new,
            item_id=link.item_id,
            evidence_revision_id=link.evidence_revision_id,
        )
        for link in old.evidence_links.all()
    )
    return new


def _first_version(answer: Answer) -> AnswerVersion:
    return AnswerVersion(
        organisation_id=answer.organisation_id,
        answer=answer,
        save_id=uuid.uuid4(),
        version=1,
        parent_version=0,
        value=answer.value,
        text=answer.text,
        author_id=answer.author_id,
        at=answer.updated_at,
    )


def record_opening(revision: Revision, *, by: Actor) -> None:
    """Note that another organisation opened a handed-in revision: each time in the log, once as receipt."""
    if revision.status not in Revision.HANDED_IN or by.organisation_id in (None, revision.organisation_id):
        return
    audit.record("revision_opened", by=by, about=revision.organisation_id, obj=revision, outcome=audit.SEEN)
    Receipt.objects.get_or_create(
        revision=revision,
        reader_id=by.organisation_id,
        defaults={"organisation_id": revision.organisation_id},
    )
