"""What a provider writes hangs under its own account: the database itself takes nothing under another's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from assessments.models import (
    Assignment,
    Comment,
    ImprovementAction,
    ImprovementEvent,
    Revision,
    ScopeChoice,
)
from norms.models import Item
from providers.actor import Actor
from tests import factories as f
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
Write = Callable[[Revision, Item, Actor], Any]


def choose(revision: Revision, item: Item, by: Actor) -> None:
    ScopeChoice.objects.create(
        organisation=by.own, revision=revision, item=item, applies=False, reason="Zo is het.", by=by.person
    )


def assign(revision: Revision, item: Item, by: Actor) -> None:
    Assignment.objects.create(
        organisation=by.own,
        revision=revision,
        section_id=item.section_id or 0,
        assignee=by.person,
        due=timezone.localdate(),
        by=by.person,
    )


def comment(revision: Revision, item: Item, by: Actor) -> None:
    Comment.objects.create(organisation=by.own, revision=revision, item=item, text="Klopt dit?", by=by.person)


def improve(revision: Revision, item: Item, by: Actor) -> None:
    ImprovementAction.objects.create(
        organisation=by.own,
        revision=revision,
        item=item,
        what="Rooster",
        expected="Rust",
        due=timezone.localdate(),
        assignee=by.person,
        created_by=by.person,
    )


@pytest.mark.parametrize("write", [choose, assign, comment, improve])
def test_nothing_hangs_under_the_account_of_another(write: Write) -> None:
    own, foreign = f.draft_revision(), f.draft_revision()
    by = f.quality_officer(own.organisation)
    item = f.asked_items(own, "judgement")[0]
    with acting(by.scope):
        write(own, item, by)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            write(foreign, item, by)


def test_nothing_is_logged_of_the_action_of_another() -> None:
    action = f.improvement(f.draft_revision())
    by = f.quality_officer(f.provider())
    with acting(by.scope), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ImprovementEvent.objects.create(
            organisation=by.own, improvement=action, action="change", old_status="planned", new_status="busy"
        )
