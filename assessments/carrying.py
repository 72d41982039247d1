"""Revisions that begin with the answers of another: of an earlier year, or the one that they supplement."""

import uuid
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Q

from assessments import editions, linking
from assessments.models import Answer, AnswerVersion, EvidenceLink, Revision
from assessments.values import clean
from norms import comparing
from norms.comparing import Change, ChangeKind
from norms.models import FrameworkVersion, Item
from providers.actor import Actor


def earlier_revisions(organisation_id: int) -> list[Revision]:
    """What a new account can begin with: the newest revision of each year, the latest year first."""
    own = Revision.objects.filter(organisation=organisation_id)
    newest = own.values("self_assessment").annotate(newest=Max("pk")).values("newest")
    rows = own.filter(pk__in=newest).select_related("self_assessment").defer("content")
    return list(rows.order_by("-self_assessment__year"))


def copy_into_new_revision(old: Revision, *, by: Actor) -> Revision:
    """A draft that begins where `old` stands: same editions, answers and evidence. In a transaction."""
    new = Revision.objects.create(
        organisation_id=old.organisation_id,
        self_assessment_id=old.self_assessment_id,
        number=old.number + 1,
        question_count=old.question_count,
        based_on=old,
        created_by=by.person,
    )
    new.locations.set(old.locations.all())
    new.editions.set(old.editions.all())
    before = list(old.answers.all())
    copies = _write(
        [
            _copy(
                answer,
                new,
                answer.item_id,
                carried_from_id=answer.carried_from_id,
                confirmed_at=answer.confirmed_at,
            )
            for answer in before
        ]
    )
    copy_of = {answer.pk: copy for answer, copy in zip(before, copies, strict=True)}
    linked = []
    for answer in before:
        if answer.linked_to_id:
            copy_of[answer.pk].linked_to = copy_of[answer.linked_to_id]
            linked.append(copy_of[answer.pk])
    Answer.objects.bulk_update(linked, ["linked_to"])
    _use_evidence(new, ((link, link.item_id) for link in old.evidence_links.all()))
    return new


def carry(old: Revision, new: Revision) -> None:
    """Take over what still has a question in the new revision; somebody has to confirm each of it.

    What was linked is linked again by what it was linked to, or stands by itself when that is not asked.
    """
    followers = {item.pk: followed for item, followed in _followed(old, new)}
    before = {answer.item_id: answer for answer in old.answers.filter(~Q(text="") | Q(is_answered=True))}
    for is_linked in (False, True):
        filled = set(new.answers.values_list("item_id", flat=True))
        taken = [
            _copy(answer, new, pk, carried_from=answer)
            for pk, followed in followers.items()
            if pk not in filled and (answer := _fitting(pk, followed, before, is_linked))
        ]
        linking.spread(new, _write(taken))
    used: dict[int, list[EvidenceLink]] = {}
    for link in old.evidence_links.all():
        used.setdefault(link.item_id, []).append(link)
    _use_evidence(
        new,
        (
            (link, pk)
            for pk, followed in followers.items()
            for item in followed
            for link in used.get(item.pk, [])
        ),
    )


def left_behind(revision: Revision) -> list[Answer]:
    """The answers of the revision it began with that did not come along, in the order of their questions."""
    taken = revision.answers.exclude(carried_from=None).values("carried_from")
    before = Answer.objects.filter(revision=revision.based_on_id, linked_to=None)
    said = before.filter(~Q(text="") | Q(is_answered=True)).exclude(pk__in=taken)
    in_order = said.order_by("item__version__step", "item__version", "item__position")
    return list(in_order.select_related("item__version"))


def new_questions(revision: Revision, chosen: Iterable[FrameworkVersion]) -> set[int]:
    """The items of its editions that were not asked in the editions that it began with."""
    if revision.based_on_id is None:
        return set()
    through = Revision.editions.through.objects.filter(revision=revision.based_on_id)
    before = list(FrameworkVersion.objects.filter(pk__in=through.values("frameworkversion")))
    return {
        item.pk
        for edition in chosen
        if (earlier := _predecessor(edition, before)) and earlier.pk != edition.pk
        for change in changes(earlier.pk, edition.pk)
        if change.kind == ChangeKind.NEW
        for item in change.new_items
    }


@cache
def changes(old_edition: int, new_edition: int) -> list[Change]:
    """What changed between two editions; both stay as they are, so it is compared once."""
    return comparing.compare(editions.contents(old_edition).items, editions.contents(new_edition).items)


def _followed(old: Revision, new: Revision) -> Iterator[tuple[Item, tuple[Item, ...]]]:
    """Each question of the new revision with the items that it follows in the old one."""
    before = list(old.editions.all())
    for edition in new.editions.select_related("framework"):
        earlier = _predecessor(edition, before)
        if earlier is None:
            continue
        for change in changes(earlier.pk, edition.pk):
            yield from ((item, change.old_items) for item in change.new_items if item.asks_provider)


def _predecessor(edition: FrameworkVersion, before: Iterable[FrameworkVersion]) -> FrameworkVersion | None:
    """The edition itself, or the one that it takes the place of."""
    family = [
        earlier
        for earlier in before
        if earlier.framework_id == edition.framework_id or earlier.succeeded_by == edition.framework.code
    ]
    return max(family, key=lambda earlier: (earlier.pk == edition.pk, earlier.edition), default=None)


def _fitting(
    item_id: int, followed: Iterable[Item], before: dict[int, Answer], is_linked: bool
) -> Answer | None:
    """The first of the old answers that can be an answer to this question as well."""
    item = editions.item(item_id)
    levels = frozenset(code for code, _ in editions.contents(item.version_id).levels)
    for old in followed:
        answer = before.get(old.pk)
        if answer is None or old.kind != item.kind or bool(answer.linked_to_id) != is_linked:
            continue
        try:
            if clean(item, levels, answer.value) == answer.value:
                return answer
        except ValidationError:
            continue
    return None


def _copy(answer: Answer, revision: Revision, item_id: int, **more: Any) -> Answer:
    return Answer(
        organisation_id=revision.organisation_id,
        revision=revision,
        item_id=item_id,
        version=1,
        value=answer.value,
        text=answer.text,
        is_answered=answer.is_answered,
        is_apart=answer.is_apart,
        author_id=answer.author_id,
        updated_at=answer.updated_at,
        **more,
    )


def _write(answers: list[Answer]) -> list[Answer]:
    """New answers, each with its first version."""
    Answer.objects.bulk_create(answers)
    AnswerVersion.objects.bulk_create(
        AnswerVersion(
            organisation_id=answer.organisation_id,
            answer=answer,
            save_id=uuid.uuid4(),
            version=answer.version,
            parent_version=0,
            value=answer.value,
            text=answer.text,
            author_id=answer.author_id,
            at=answer.updated_at,
        )
        for answer in answers
    )
    return answers


def _use_evidence(revision: Revision, used: Iterable[tuple[EvidenceLink, int]]) -> None:
    """The same files under these items; once, where questions came together."""
    EvidenceLink.objects.bulk_create(
        (
            EvidenceLink(
                organisation_id=revision.organisation_id,
                revision=revision,
                item_id=item_id,
                evidence_revision_id=link.evidence_revision_id,
            )
            for link, item_id in used
        ),
        ignore_conflicts=True,
    )
