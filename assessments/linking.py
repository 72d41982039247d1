"""One answer under all questions that ask the same: a linked answer says what its source says.

Who calls these locked the revision. Links are one deep: a source is never linked itself.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, DateTimeField, F, Field, PositiveIntegerField, Q, Value, When

from assessments import editions
from assessments.models import Answer, Revision
from norms import mappings

SAID = ("value", "text", "is_answered", "author_id", "updated_at")


def say(linked: Answer, source: Answer) -> Answer:
    """Make one answer say what another says; it is not saved."""
    linked.linked_to, linked.is_apart = source, False
    for name, value in _said_by(source).items():
        setattr(linked, name, value)
    return linked


def write(source: Answer) -> None:
    """Write a changed answer, and what it says into those that are linked to it: in one statement."""
    itself = Q(pk=source.pk)
    own: dict[str, Field[Any, Any]] = {"version": PositiveIntegerField()}
    if source.carried_from_id:
        own["confirmed_at"] = DateTimeField()
    Answer.objects.filter(itself | Q(linked_to=source)).update(
        **_said_by(source),
        **{
            name: Case(When(itself, then=Value(getattr(source, name))), default=F(name), output_field=field)
            for name, field in own.items()
        },
    )


def spread(revision: Revision, sources: Iterable[Answer]) -> None:
    """Link the questions that ask the same as an answered one and have no answer of their own."""
    answered = {
        source.item_id: source for source in sources if source.is_answered and not source.linked_to_id
    }
    same = mappings.same_items(answered)
    if not same:
        return
    wanted = {twin: answered[pk] for pk, twins in same.items() for twin in twins}
    found = {row.item_id: row for row in Answer.objects.filter(revision=revision, item__in=wanted)}
    chosen = set(revision.editions.values_list("pk", flat=True)) if wanted.keys() - found else set()
    free = [
        (pk, source)
        for pk, source in wanted.items()
        if (found[pk].is_free if pk in found else _is_asked(pk, chosen))
    ]
    Answer.objects.bulk_create(
        say(Answer(organisation_id=revision.organisation_id, revision=revision, item_id=pk), source)
        for pk, source in free
        if pk not in found
    )
    Answer.objects.bulk_update(
        [say(found[pk], source) for pk, source in free if pk in found], ["linked_to", "is_apart", *SAID]
    )


def _is_asked(item_id: int, chosen: set[int]) -> bool:
    item = editions.item(item_id)
    return item.asks_provider and item.version_id in chosen


def link(answer: Answer, source: Answer) -> Answer:
    """Let an answer, and what was linked to it, say from now on what the source says.

    Its own texts stay in its history.
    """
    say(answer, source).save()
    Answer.objects.filter(linked_to=answer).update(linked_to=source, **_said_by(source))
    return answer


def _said_by(source: Answer) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SAID}
