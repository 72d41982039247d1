"""Judging apart: each of the team without seeing the others, until all have judged or it is opened."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from assessments import editions, permissions, report_text
from assessments.errors import WrongState
from assessments.models import Judgement, JudgementOpening, Visit, VisitMember
from assessments.values import clean_text
from norms.models import Item
from providers import audit
from providers.actor import Actor
from wlzthuis.isolation import as_system


def checks(items: Iterable[Item]) -> list[Item]:
    """The deelvragen right below judged items, in order: what grounds a score and never counts for it."""
    judged = {item.pk: item for item in items}
    beside = editions.items_beside(judged.values())
    return [row for row in beside if row.parent_id in judged and row.kind == Item.Kind.CHECK]


def places(visit: Visit) -> dict[int, int]:
    """What can be judged at a visit, each with the judged item that it belongs to."""
    judged = report_text.judged_items(visit)
    return {item.pk: item.pk for item in judged} | {
        check.pk: check.parent_id for check in checks(judged) if check.parent_id
    }


def is_apart(visit: Visit, item_id: int) -> bool:
    """Whether a judged item is still closed for colleagues at this visit."""
    return visit.judged_apart and not visit.openings.filter(item=item_id).exists()


def closed_items(visit: Visit, items: Iterable[Item]) -> set[int]:
    """Of these judged items the ones that are still judged apart."""
    if not visit.judged_apart:
        return set()
    return {item.pk for item in items} - set(visit.openings.values_list("item", flat=True))


def hides_own_score(visit: Visit, actor: Actor) -> bool:
    """Whether the team chose to judge first and see the provider's own score after; only while it records.

    So too for who is of the team and still has to declare.
    """
    return visit.own_score_hidden and visit.status in Visit.RECORDING and permissions.is_member(actor, visit)


def hidden_scores(visit: Visit, actor: Actor, items: Iterable[Item]) -> set[int]:
    """The items of which this actor judges first and sees the provider's own score after."""
    if not hides_own_score(visit, actor):
        return set()
    own = Judgement.objects.filter(visit=visit, author=actor.user).exclude(level="")
    return {item.pk for item in items} - set(own.values_list("item", flat=True))


@transaction.atomic
def open_judgements(visit_id: int, item_id: int, reason: str, *, by: Actor) -> None:
    """Let the team see what each judged on an item before all have; once.

    Raises PermissionDenied, WrongState or ValidationError.
    """
    visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
    if not permissions.can_open_judgements(by, visit):
        raise PermissionDenied
    if visit.status not in Visit.CORRECTING:
        raise WrongState(visit.get_status_display())
    reason = clean_text(reason)
    if not reason:
        raise ValidationError("Schrijf waarom u niet wacht tot iedereen heeft geoordeeld.")
    if is_apart(visit, item_id):
        JudgementOpening.objects.create(
            organisation_id=visit.organisation_id, visit=visit, item_id=item_id, by=by.person, reason=reason
        )
        audit.record("judgements_opened", by=by, obj=visit)
        _show(visit, item_id)


@as_system()
def open_what_all_judged(visit: Visit, touched: Iterable[int]) -> None:
    """Open each of these items that the whole team gave a score. Under the lock of the visit."""
    if not visit.judged_apart:
        return
    team = set(VisitMember.objects.filter(visit=visit).values_list("user", flat=True))
    for item_id in touched:
        given = Judgement.objects.filter(visit=visit, item=item_id, item__kind=Item.Kind.JUDGEMENT)
        authors = set(given.exclude(level="").exclude(author=None).values_list("author", flat=True))
        if team <= authors and is_apart(visit, item_id):
            JudgementOpening.objects.create(
                organisation_id=visit.organisation_id, visit=visit, item_id=item_id
            )
            _show(visit, item_id)


@as_system()
def _show(visit: Visit, item_id: int) -> None:
    """The rows of colleagues are not the opener's to change, so this is the system's."""
    of_item = Q(item=item_id) | Q(item__parent=item_id, item__kind=Item.Kind.CHECK)
    Judgement.objects.filter(of_item, visit=visit).update(apart=False)


def waiting_for(visit: Visit, item: Item) -> list[str]:
    """Who of the team did not judge an item yet; says nothing of what was judged."""
    team = visit.members.select_related("user").order_by("user__name")
    names = [(member.user_id, member.user.name) for member in team]
    with as_system():
        given = Judgement.objects.filter(visit=visit, item=item).exclude(level="").exclude(author=None)
        authors = set(given.values_list("author", flat=True))
    return [name for pk, name in names if pk not in authors]
