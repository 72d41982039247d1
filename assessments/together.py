"""Working together on a self-assessment: who takes which theme by when, and what colleagues say."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import permissions
from assessments.errors import WrongState
from assessments.models import Assignment, Comment, Revision
from norms.models import Item
from providers.actor import Actor
from providers.models import Membership, Organisation, User
from wlzthuis.isolation import as_system


@dataclass(frozen=True)
class Share:
    """Who has a theme, by when; nobody and no date together."""

    assignee_id: int | None = None
    due: date | None = None


@dataclass(frozen=True)
class Change:
    """What somebody wants for a theme, and what stood there when she looked."""

    section_id: int
    seen: Share
    wanted: Share


def colleagues(organisation_id: int | None) -> QuerySet[User]:
    """Who fills in or adopts for a provider today, by name."""
    held = Membership.objects.on().filter(organisation=organisation_id, role__in=permissions.PROVIDER_EDITORS)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


@transaction.atomic
def share_out(revision_id: int, changes: Iterable[Change], *, by: Actor) -> dict[int, Assignment]:
    """Give themes of a draft to colleagues. Raises PermissionDenied or WrongState.

    Returns, by theme, what somebody else changed since it was seen; those are not written, the rest is.
    """
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not permissions.can_fill_in(by, revision):
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())
    stored = {row.section_id: row for row in revision.assignments.select_related("assignee", "by")}
    clashes = {}
    for change in changes:
        row = stored.get(change.section_id) or Assignment(
            organisation_id=revision.organisation_id, revision=revision, section_id=change.section_id
        )
        now = Share(row.assignee_id, row.due)
        if change.wanted in (change.seen, now):
            continue
        if change.seen != now:
            clashes[change.section_id] = row
            continue
        row.assignee_id, row.due = change.wanted.assignee_id, change.wanted.due
        row.by, row.at = by.person, timezone.now()
        row.save()
    return clashes


def carry(old: Revision, new: Revision) -> None:
    """Let a supplement begin with who has which theme, and with what colleagues said that is still open."""
    Assignment.objects.bulk_create(
        Assignment(
            organisation_id=new.organisation_id,
            revision=new,
            section_id=row.section_id,
            assignee_id=row.assignee_id,
            due=row.due,
            by_id=row.by_id,
            at=row.at,
        )
        for row in old.assignments.all()
    )
    Comment.objects.bulk_create(
        Comment(
            organisation_id=new.organisation_id,
            revision=new,
            item_id=row.item_id,
            key=uuid.uuid5(row.key, str(new.pk)),
            text=row.text,
            by_id=row.by_id,
            at=row.at,
        )
        for row in old.comments.filter(settled_at=None)
    )


def say(revision: Revision, item: Item, key: uuid.UUID, text: str, *, by: Actor) -> None:
    """Say something about an item. What one form sends twice is written once; with another text it is new."""
    if not permissions.can_fill_in(by, revision):
        raise PermissionDenied
    Comment.objects.get_or_create(
        organisation_id=revision.organisation_id,
        # A page brought back and changed has its old key with another text.
        key=uuid.uuid5(key, f"{revision.pk} {item.pk} {text}"),
        defaults={"revision": revision, "item": item, "text": text, "by": by.person, "at": timezone.now()},
    )


def settle(comment: Comment, *, by: Actor) -> None:
    """Mark what somebody said as dealt with; who was first stays."""
    if not permissions.can_fill_in(by, comment.revision):
        raise PermissionDenied
    Comment.objects.filter(pk=comment.pk, settled_at=None).update(
        settled_by=by.person, settled_at=timezone.now()
    )


def comments(revision: Revision) -> QuerySet[Comment]:
    """What was said about a revision, with who said it and who dealt with it."""
    return Comment.objects.filter(revision=revision).select_related("by", "settled_by")


def open_themes(user: User, organisation: Organisation) -> QuerySet[Assignment]:
    """The themes of drafts that a person has there."""
    return Assignment.objects.filter(
        organisation=organisation, assignee=user, revision__status=Revision.Status.DRAFT
    )


@as_system()
def open_theme_count(user: User, organisation: Organisation) -> int:
    """Also told to who runs the portal, and sees no self-assessments."""
    return open_themes(user, organisation).count()


@as_system()
def hand_over_themes(leaver: User, heir: User, organisation: Organisation, by: Actor) -> None:
    """Give the themes of who leaves to a colleague; the dates stay."""
    open_themes(leaver, organisation).update(assignee=heir, at=timezone.now())
