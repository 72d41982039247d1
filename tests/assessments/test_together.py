"""Sharing out themes and talking about items: who may, what a clash does, and what never costs more."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import questions, together
from assessments.errors import WrongState
from assessments.models import Assignment, Comment, ImprovementAction, Revision
from assessments.together import Change, Share
from providers import leaving
from providers.actor import Actor
from providers.models import Role, User
from tests import factories as f
from wlzthuis import isolation

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def draft() -> Revision:
    return f.answered_revision(f.provider("De Linde"), n=2)


@pytest.fixture
def officer(draft: Revision) -> Actor:
    return f.quality_officer(draft.organisation)


@pytest.fixture
def colleague(draft: Revision) -> User:
    return f.person(Role.QUALITY_OFFICER, draft.organisation, name="Bas Jansen")


def sections(revision: Revision) -> list[questions.Section]:
    return questions.load(revision).sections


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(page: str, name: str) -> str:
    """The value of a hidden field on a page."""
    return (
        page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0] if f'name="{name}"' in page else ""
    )


def posted(page: str, revision: Revision) -> dict[str, str]:
    """What sending the page unchanged would send."""
    data = {}
    for section in sections(revision):
        pk = section.item.pk
        data[f"was-{pk}"] = was = shown(page, f"was-{pk}")
        data[f"who-{pk}"], _, data[f"due-{pk}"] = was.partition("|")
    return data


def test_a_theme_goes_to_a_colleague_with_a_day(draft: Revision, officer: Actor, colleague: User) -> None:
    client, url = signed_in(officer.person), reverse("assessments:sharing", args=[draft.pk])
    theme = sections(draft)[0].item.pk
    data = posted(client.get(url).content.decode(), draft)
    data |= {f"who-{theme}": str(colleague.pk), f"due-{theme}": str(in_days(10))}
    assert client.post(url, data).status_code == 302
    row = Assignment.objects.get()
    assert (row.section_id, row.assignee, row.due, row.by) == (theme, colleague, in_days(10), officer.user)
    tasks = signed_in(colleague).get(reverse("assessments:tasks")).content.decode()
    assert "Thema W1 invullen" in tasks


@pytest.mark.parametrize(
    ("who", "days", "sentence"),
    [
        (True, None, "Kies ook een dag."),
        (False, 5, "Kies ook een collega"),
        (True, -1, "Deze dag is al voorbij."),
    ],
)
def test_a_half_choice_is_told_beside_the_field(
    draft: Revision, officer: Actor, colleague: User, who: bool, days: int | None, sentence: str
) -> None:
    client, url = signed_in(officer.person), reverse("assessments:sharing", args=[draft.pk])
    theme = sections(draft)[0].item.pk
    data = posted(client.get(url).content.decode(), draft)
    data[f"who-{theme}"] = str(colleague.pk) if who else ""
    data[f"due-{theme}"] = "" if days is None else str(in_days(days))
    page = client.post(url, data).content.decode()
    assert sentence in page
    assert not Assignment.objects.exists()


def test_two_people_at_one_theme_meet_and_what_does_not_clash_is_saved(
    draft: Revision, officer: Actor, colleague: User
) -> None:
    other = signed_in(f.director(draft.organisation).person)
    mine, url = signed_in(officer.person), reverse("assessments:sharing", args=[draft.pk])
    first, second = (section.item.pk for section in sections(draft)[:2])
    seen = posted(mine.get(url).content.decode(), draft)
    theirs = seen | {f"who-{first}": str(colleague.pk), f"due-{first}": str(in_days(3))}
    assert other.post(url, theirs).status_code == 302
    wanted = seen | {
        f"who-{first}": str(officer.person.pk),
        f"due-{first}": str(in_days(9)),
        f"who-{second}": str(officer.person.pk),
        f"due-{second}": str(in_days(9)),
    }
    page = mine.post(url, wanted).content.decode()
    assert "wijzigde dit intussen in: Bas Jansen" in page
    assert Assignment.objects.get(section=first).assignee == colleague
    assert Assignment.objects.get(section=second).assignee == officer.user
    # What is sent with that page is one's own choice, knowingly.
    again = wanted | {f"was-{first}": shown(page, f"was-{first}")}
    again |= {f"was-{second}": f"{officer.person.pk}|{in_days(9)}"}
    assert mine.post(url, again).status_code == 302
    assert Assignment.objects.get(section=first).assignee == officer.user


def test_what_i_did_not_touch_stays_as_a_colleague_made_it(
    draft: Revision, officer: Actor, colleague: User
) -> None:
    theme = sections(draft)[0].item.pk
    mine = Change(theme, Share(), Share())
    together.share_out(draft.pk, [Change(theme, Share(), Share(colleague.pk, in_days(3)))], by=officer)
    assert together.share_out(draft.pk, [mine], by=officer) == {}
    assert Assignment.objects.get().assignee == colleague


def test_nobody_from_elsewhere_and_no_council_shares_out(draft: Revision, colleague: User) -> None:
    theme = sections(draft)[0].item.pk
    change = Change(theme, Share(), Share(colleague.pk, in_days(3)))
    for actor in (f.quality_officer(f.provider("Anders")), f.acting(Role.COUNCIL_MEMBER, draft.organisation)):
        with pytest.raises(PermissionDenied):
            together.share_out(draft.pk, [change], by=actor)
    stranger = f.person(Role.QUALITY_OFFICER, f.provider("Nog anders"))
    officer = signed_in(f.quality_officer(draft.organisation).person)
    url = reverse("assessments:sharing", args=[draft.pk])
    data = posted(officer.get(url).content.decode(), draft)
    data |= {f"who-{theme}": str(stranger.pk), f"due-{theme}": str(in_days(3))}
    assert "Kies een collega uit de lijst." in officer.post(url, data).content.decode()


def test_what_lies_with_the_board_is_not_shared_out(officer: Actor, draft: Revision, colleague: User) -> None:
    theme = sections(draft)[0].item.pk
    f.REVISION.perform(draft.pk, "offer", by=officer)
    with pytest.raises(WrongState):
        together.share_out(draft.pk, [Change(theme, Share(), Share(colleague.pk, in_days(3)))], by=officer)


def test_who_leaves_hands_over_her_themes(draft: Revision, officer: Actor, colleague: User) -> None:
    theme = sections(draft)[0].item.pk
    together.share_out(draft.pk, [Change(theme, Share(), Share(colleague.pk, in_days(3)))], by=officer)
    assert ("Verdeelde thema’s", 1) in leaving.open_work(colleague, draft.organisation)
    leaving.hand_over(colleague, officer.person, draft.organisation, by=f.director(draft.organisation))
    assert Assignment.objects.get().assignee == officer.user


def test_who_runs_the_portal_hands_them_over_too(draft: Revision, officer: Actor, colleague: User) -> None:
    f.theme(draft, colleague)
    f.improvement(draft, assignee=colleague)
    admin = f.acting(Role.PORTAL_ADMIN, f.portal())
    with isolation.acting(admin.scope):
        assert leaving.open_work(colleague, draft.organisation) == [
            ("Verdeelde thema’s", 1),
            ("Open verbeteracties", 1),
        ]
        leaving.hand_over(colleague, officer.person, draft.organisation, by=admin)
    assert Assignment.objects.get().assignee == ImprovementAction.objects.get().assignee == officer.user


def test_a_comment_is_said_once_and_dealt_with_once(draft: Revision, officer: Actor, colleague: User) -> None:
    item = f.asked_items(draft, "judgement")[0]
    client, url = signed_in(colleague), reverse("assessments:comments", args=[draft.pk, item.pk])
    data = {"key": str(uuid.uuid4()), "text": "Doet team Noord dit ook zo?"}
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    said = Comment.objects.get()
    assert "Doet team Noord dit ook zo?" in signed_in(officer.person).get(url).content.decode()
    settle = reverse("assessments:comment_settle", args=[draft.pk, said.pk])
    signed_in(officer.person).post(settle)
    client.post(settle)
    said.refresh_from_db()
    assert said.settled_by == officer.user


def test_a_page_brought_back_with_another_text_says_that_too(draft: Revision, colleague: User) -> None:
    item = f.asked_items(draft, "judgement")[0]
    client, url = signed_in(colleague), reverse("assessments:comments", args=[draft.pk, item.pk])
    key = str(uuid.uuid4())
    for text in ("Eerst dit.", "Toch anders.", "Toch anders."):
        client.post(url, {"key": key, "text": text})
    assert [said.text for said in Comment.objects.all()] == ["Eerst dit.", "Toch anders."]


def test_nobody_from_elsewhere_and_no_council_talks(draft: Revision, officer: Actor) -> None:
    item = f.asked_items(draft, "judgement")[0]
    together.say(draft, item, uuid.uuid4(), "Zo is het.", by=officer)
    for actor in (f.director(f.provider("Anders")), f.acting(Role.COUNCIL_MEMBER, draft.organisation)):
        with pytest.raises(PermissionDenied):
            together.say(draft, item, uuid.uuid4(), "Ik ook.", by=actor)
        with pytest.raises(PermissionDenied):
            together.settle(Comment.objects.get(), by=actor)
    assert Comment.objects.get().settled_at is None


def test_what_was_said_stands(draft: Revision, officer: Actor) -> None:
    item = f.asked_items(draft, "judgement")[0]
    together.say(draft, item, uuid.uuid4(), "Zo is het.", by=officer)
    said = Comment.objects.all()
    for change in (lambda: said.update(text="Anders."), said.delete):
        with pytest.raises(DatabaseError, match="stands"), transaction.atomic():
            change()
    together.settle(said.get(), by=officer)
    with pytest.raises(DatabaseError, match="stands"), transaction.atomic():
        said.update(settled_at=None, settled_by=None)


def test_a_button_beside_a_question_saves_what_was_typed_first(draft: Revision, officer: Actor) -> None:
    item = f.asked_items(draft, "judgement")[3]
    client = signed_in(officer.person)
    url = reverse("assessments:fill_in_section", args=[draft.pk, item.section_id])
    page = client.get(url).content.decode()
    data = {
        f"a-{item.pk}": "meets",
        f"t-{item.pk}": "Getypt en nog niet bewaard.",
        f"v-{item.pk}": "0",
        f"s-{item.pk}": shown(page, f"s-{item.pk}"),
    }
    response = client.post(url, data | {"beside": f"comments-{item.pk}"})
    assert response["Location"] == reverse("assessments:comments", args=[draft.pk, item.pk])
    assert draft.answers.get(item=item).text == "Getypt en nog niet bewaard."


def test_the_page_with_all_questions_costs_the_same_with_many_comments(
    draft: Revision, officer: Actor, django_assert_num_queries: Any
) -> None:
    client, url = signed_in(officer.person), reverse("assessments:fill_in", args=[draft.pk])
    asked = f.asked_items(draft, "judgement")
    f.improvement(draft, asked[0])
    together.say(draft, asked[0], uuid.uuid4(), "Eén.", by=officer)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for item in asked:
        f.improvement(draft, item)
        for _ in range(3):
            together.say(draft, item, uuid.uuid4(), "Meer.", by=officer)
    with django_assert_num_queries(len(few)):
        page = client.get(url).content.decode()
    assert "4 opmerkingen, 4 open" in page


def test_readers_elsewhere_see_nothing_of_it(draft: Revision, officer: Actor) -> None:
    item = f.asked_items(draft, "judgement")[0]
    together.say(draft, item, uuid.uuid4(), "Alleen voor ons.", by=officer)
    f.improvement(draft, item, what="Alleen onze actie")
    f.REVISION.perform(draft.pk, "offer", by=officer)
    f.sign(draft.pk, 2022, by=f.director(draft.organisation))
    url = reverse("assessments:fill_in", args=[draft.pk])
    assert "Alleen voor ons." in signed_in(officer.person).get(url).content.decode()
    for reader in (f.inspector(), f.acting(Role.COUNCIL_MEMBER, draft.organisation)):
        page = signed_in(reader.person).get(url).content.decode()
        assert "Alleen" not in page
        assert "Opmerking schrijven" not in page
