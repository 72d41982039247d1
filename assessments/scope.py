"""Which questions apply to a provider: from its profile and the day, or by its own choice with a reason.

What follows is written on the revision itself, in `Revision.scope`, each time that something changes while
it is a draft. Readers, lists and counts then need no profile, and nothing moves once it lies with the board.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments import editions
from assessments.errors import NotReady, WrongState
from assessments.models import Revision, ScopeChoice
from assessments.permissions import can_fill_in
from norms import applicability
from norms.models import FrameworkVersion, Item
from providers import audit, profile
from providers.actor import Actor


@dataclass(frozen=True)
class Reach:
    """Whether a question applies, why, and whether the provider decided that itself."""

    applies: bool
    reason: str
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """A question or section on the page about the reach, with its own choice when it has one."""

    item: Item
    reach: Reach
    choice: ScopeChoice | None


@dataclass(frozen=True)
class Part:
    """A section of an edition with its questions."""

    head: Line
    lines: list[Line]

    @property
    def left_out(self) -> int:
        return sum(not line.reach.applies for line in self.lines)


def day_of(year: int) -> date:
    """The day on which the profile is read for an account: the end of its year, or today before that."""
    return min(date(year, 12, 31), timezone.localdate())


def reaches_of(revision: Revision) -> dict[int, Reach]:
    """What was decided about questions that do not simply apply, by item."""
    return {int(key): Reach(**reach) for key, reach in revision.scope.items()}


def settle(revision: Revision) -> None:
    """Work out on a draft which questions apply, and how many those are. The caller saves it."""
    year, chosen = revision.self_assessment.year, revision.editions.all()
    settled = work_out(revision.organisation_id, year, chosen, latest_choices(revision))
    for name, value in settled.items():
        setattr(revision, name, value)


SETTLED = ("scope", "question_count")


def work_out(
    organisation_id: int, year: int, chosen: Iterable[FrameworkVersion], choices: Mapping[int, ScopeChoice]
) -> dict[str, Any]:
    """The fields SETTLED of an account of this provider over this year, by editions and own choices."""
    on = day_of(year)
    facts = profile.facts(organisation_id, on) or {}
    asked = [item for item in _items(chosen) if item.asks_provider]
    # Most questions are for everybody: nothing has to be worked out for those.
    reaches = {
        item.pk: _reach(item, facts, on, choices)
        for item in asked
        if choices or item.applies_from or item.applies_when
    }
    kept = {pk: reach for pk, reach in reaches.items() if reach.chosen or not reach.applies}
    return {
        "scope": {str(pk): asdict(reach) for pk, reach in kept.items()},
        "question_count": len(asked) - sum(not reach.applies for reach in kept.values()),
    }


def _reach(item: Item, facts: Mapping[str, Any], on: date, choices: Mapping[int, ScopeChoice]) -> Reach:
    """Its own choice first (also to follow the profile), then that of its section, then the edition."""
    choice = choices.get(item.pk) or choices.get(item.section_id or 0)
    if choice and choice.applies is not None:
        return Reach(choice.applies, choice.reason, chosen=True)
    found = applicability.applies(item, facts, on)
    return Reach(found.applies, found.reason)


def _items(chosen: Iterable[FrameworkVersion]) -> list[Item]:
    return [item for edition in chosen for item in editions.contents(edition.pk).items]


def latest_choices(revision: Revision) -> dict[int, ScopeChoice]:
    """Per item the last choice; without `applies` it follows the profile."""
    last = ScopeChoice.objects.filter(revision=revision).order_by("item_id", "-id").distinct("item_id")
    return {choice.item_id: choice for choice in last.select_related("by")}


@transaction.atomic
def choose(revision_id: int, item: Item, applies: bool | None, reason: str, *, by: Actor) -> None:
    """Decide about a question or a section; None follows the profile again.

    Raises PermissionDenied, WrongState or NotReady.
    """
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_fill_in(by, revision):
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())
    reason = reason.strip()
    if applies is not None and not reason:
        raise NotReady("Schrijf waarom.")
    ScopeChoice.objects.create(
        organisation_id=revision.organisation_id,
        revision=revision,
        item=item,
        applies=applies,
        reason=reason if applies is not None else "",
        by=by.person,
    )
    settle(revision)
    revision.save(update_fields=SETTLED)
    audit.record("scope_chosen", by=by, about=revision.organisation_id, obj=revision)


def carry(old: Revision, new: Revision) -> None:
    """Let a new revision begin with the choices of an older one, as far as it asks the same items."""
    items = {item.pk for item in _items(new.editions.all())}
    ScopeChoice.objects.bulk_create(
        ScopeChoice(
            organisation_id=new.organisation_id,
            revision=new,
            item_id=pk,
            applies=choice.applies,
            reason=choice.reason,
            by=choice.by,
            at=choice.at,
        )
        for pk, choice in latest_choices(old).items()
        if pk in items
    )
    settle(new)
    new.save(update_fields=SETTLED)


def on_profile_changed(sender: Any, organisation_id: int, **kwargs: Any) -> None:
    """Receives providers.profile.changed."""
    follow_profile(organisation_id)


@transaction.atomic
def follow_profile(organisation_id: int) -> None:
    """Work out anew what applies, in every draft of a provider."""
    drafts = Revision.objects.filter(organisation=organisation_id, status=Revision.Status.DRAFT)
    for draft in drafts.select_related("self_assessment").select_for_update(no_key=True, of=("self",)):
        settle(draft)
        draft.save(update_fields=SETTLED)


@transaction.atomic
def follow(pk: int) -> bool:
    """Let a draft follow what began to apply since. True when that changed it."""
    drafts = Revision.objects.filter(status=Revision.Status.DRAFT).select_related("self_assessment")
    draft = drafts.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
    if draft is None:
        return False
    before = draft.scope
    settle(draft)
    if draft.scope == before:
        return False
    draft.save(update_fields=SETTLED)
    return True


def parts(revision: Revision, edition: FrameworkVersion) -> list[Part]:
    """The sections of an edition with what applies, for a page; with the reason of every question."""
    choices, reaches, on = (
        latest_choices(revision),
        reaches_of(revision),
        day_of(revision.self_assessment.year),
    )
    facts = profile.facts(revision.organisation_id, on) or {}

    def line(item: Item) -> Line:
        reach = reaches.get(item.pk) or Reach(True, applicability.applies(item, facts, on).reason)
        return Line(item, reach, choices.get(item.pk))

    return [
        Part(line(section), [line(item) for item in items if item.asks_provider])
        for section, items in editions.contents(edition.pk).sections
        if any(item.asks_provider for item in items)
    ]
