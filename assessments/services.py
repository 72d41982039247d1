"""Writes of a self-assessment that touch several rows, each in one transaction."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from assessments import carrying, linking, scope
from assessments.errors import WrongState
from assessments.models import Answer, AnswerVersion, Receipt, Revision, SelfAssessment
from assessments.permissions import PROVIDER_EDITORS
from assessments.values import Value, is_answered
from norms import mappings
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
    """What a person wants to save: cleaned value and text, and the version she saw.

    `is_chosen`: she saw what stands there and chose this instead, also over an answer that is linked.
    """

    item_id: int
    value: Value
    text: str
    base_version: int
    save_id: uuid.UUID
    is_chosen: bool = False


def start_self_assessment(
    *,
    year: int,
    locations: Iterable[Location],
    editions: Iterable[FrameworkVersion],
    by: Actor,
    based_on: Revision | None = None,
) -> Revision:
    """The first revision of a year, empty or with the answers of an earlier one, to be confirmed.

    Raises AlreadyStarted when the year exists.
    """
    if by.organisation is None or not by.has(*PROVIDER_EDITORS):
        raise PermissionDenied
    if based_on is not None and based_on.organisation_id != by.organisation_id:
        raise PermissionDenied
    try:
        return _start(by.organisation, year, locations, list(editions), based_on, by)
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
    based_on: Revision | None,
    by: Actor,
) -> Revision:
    asked = {} if based_on else scope.work_out(organisation.pk, year, editions, choices={})
    revision = Revision.objects.create(
        organisation=organisation,
        self_assessment=SelfAssessment.objects.create(organisation=organisation, year=year),
        based_on=based_on,
        created_by=by.person,
        **asked,
    )
    # New, so there is nothing to compare with as set() would.
    revision.locations.add(*locations)
    revision.editions.add(*editions)
    if based_on is not None:
        carrying.carry(based_on, revision)
        scope.carry(based_on, revision)
    audit.record("self_assessment_started", by=by, about=organisation.pk, obj=revision)
    return revision


@transaction.atomic
def save_answer(revision_id: int, new: NewAnswer, *, by: Actor) -> Answer:
    """Save one answer of a draft. Raises WrongState, AnswerConflict or PermissionDenied.

    A save id that was written before, and a text that is already there, change nothing.
    """
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    answers = Answer.objects.select_related("author")
    answer = answers.filter(revision=revision, item_id=new.item_id).first()
    return write_answer(revision, answer, new, by=by)


def write_answer(revision: Revision, answer: Answer | None, new: NewAnswer, *, by: Actor) -> Answer:
    """As save_answer, for who locked the revision in a transaction and then read the answer."""
    _may_write(revision, by)
    if answer is None:
        answer = Answer(revision=revision, organisation_id=revision.organisation_id, item_id=new.item_id)
    if (answer.value, answer.text) == (new.value, new.text):
        return answer
    # Who typed on a page from before the link did not see what stands there now.
    is_unseen = answer.linked_to_id is not None and not new.is_chosen
    if is_unseen or answer.version != new.base_version:
        version = _known_version(answer, new)
        if version is None:
            raise AnswerConflict(answer)
        # What stood there then, not what a colleague wrote since: her next save must meet that as a conflict.
        if not answer.linked_to_id:
            answer.version, answer.value, answer.text = version, new.value, new.text
        return answer
    return _write(revision, answer, new, by)


def _known_version(answer: Answer, new: NewAnswer) -> int | None:
    """The version that this is already: what the save gave, or what stood on a page that left it alone.

    A page brought back and changed has its old id with another text, and is neither.
    """
    if not (new.is_chosen or new.base_version or new.value or new.text):
        return 0
    earlier = Q(save_id=new.save_id)
    if not new.is_chosen:
        earlier |= Q(version=new.base_version)
    rows = AnswerVersion.objects.filter(earlier, answer=answer.pk).order_by("-version")
    same = (row.version for row in rows if (row.value, row.text) == (new.value, new.text))
    return next(same, None)


def _may_write(revision: Revision, by: Actor) -> None:
    if not by.has(*PROVIDER_EDITORS) or revision.organisation_id != by.organisation_id:
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())


def _write(revision: Revision, answer: Answer, new: NewAnswer, by: Actor) -> Answer:
    is_source = bool(answer.pk) and not answer.linked_to_id
    if answer.linked_to_id:
        answer.linked_to, answer.is_apart = None, True
    answer.version += 1
    answer.value, answer.text = new.value, new.text
    answer.is_answered = is_answered(new.value)
    answer.author, answer.updated_at = by.person, timezone.now()
    answer.confirmed_at = answer.updated_at if answer.carried_from_id else None
    if is_source:
        linking.write(answer)
    else:
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
    linking.spread(revision, [answer])
    return answer


@transaction.atomic
def confirm_answer(revision_id: int, item_id: int, *, by: Actor) -> Answer:
    """Somebody says that an answer of an earlier revision still holds."""
    answer = _own_answer(_locked_draft(revision_id, by), item_id)
    if answer.needs_confirming:
        answer.confirmed_at = timezone.now()
        answer.save(update_fields=["confirmed_at"])
    return answer


@transaction.atomic
def unlink_answer(revision_id: int, item_id: int, *, by: Actor) -> Answer:
    """Give a linked question an answer of its own, which begins as a copy of what it says."""
    revision = _locked_draft(revision_id, by)
    answer = _own_answer(revision, item_id)
    if answer.linked_to_id is None:
        return answer
    source = answer.linked_to
    copy = NewAnswer(item_id, answer.value, answer.text, answer.version, uuid.uuid4())
    answer = _write(revision, answer, copy, by)
    if source and source.needs_confirming:
        answer.carried_from_id, answer.confirmed_at = source.carried_from_id, None
        answer.save(update_fields=["carried_from", "confirmed_at"])
    return answer


@dataclass(frozen=True)
class Link:
    """Which answer is to follow which, on the versions that the person saw of them.

    `says` is what both will say, when that is not what the source says already.
    """

    item_id: int
    source_id: int
    versions: tuple[int, int]
    says: tuple[Value, str] | None = None


@transaction.atomic
def link_answer(revision_id: int, wanted: Link, *, by: Actor) -> Answer:
    """Let one answer follow another that asks the same.

    Raises AnswerConflict when either changed since, Answer.DoesNotExist when they do not ask the same.
    """
    revision = _locked_draft(revision_id, by)
    if wanted.source_id not in mappings.same_items([wanted.item_id]).get(wanted.item_id, ()):
        raise Answer.DoesNotExist
    source = _own_answer(revision, wanted.source_id)
    answer = Answer.objects.filter(revision=revision, item=wanted.item_id).first() or Answer(
        organisation_id=revision.organisation_id, revision=revision, item_id=wanted.item_id
    )
    if answer.linked_to_id == source.pk:
        return answer
    is_linked = source.linked_to_id or answer.linked_to_id
    if is_linked or (answer.version, source.version) != wanted.versions:
        raise AnswerConflict(answer)
    if wanted.says and wanted.says != (source.value, source.text):
        _write(revision, source, NewAnswer(source.item_id, *wanted.says, source.version, uuid.uuid4()), by)
    return linking.link(answer, source)


def _own_answer(revision: Revision, item_id: int) -> Answer:
    return Answer.objects.get(revision=revision, item=item_id)


def _locked_draft(revision_id: int, by: Actor) -> Revision:
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    _may_write(revision, by)
    return revision


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
