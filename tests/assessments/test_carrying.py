"""Beginning with the answers of an earlier year: each is to be confirmed, and nothing goes."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import carrying, questions, services
from assessments.errors import NotReady
from assessments.models import Answer, Revision
from assessments.workflow import REVISION
from norms import mappings
from norms.models import FrameworkVersion, Item, ItemMapping
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_year(editions: Any) -> Revision:
    revision = make.draft_revision(year=2025)
    make.answer(revision, make.item("W1"), "meets", "Geregeld.")
    make.answer(revision, make.item("W1.1"), "yes")
    make.answer(revision, make.item("W2"), "fails", "Nog niemand in de nacht.")
    return revision


def begin(old: Revision, *chosen: FrameworkVersion) -> Revision:
    organisation = old.organisation
    return services.start_self_assessment(
        year=2026,
        locations=organisation.locations.all(),
        editions=chosen or old.editions.all(),
        based_on=old,
        by=make.quality_officer(organisation),
    )


def next_edition(**changes: Any) -> FrameworkVersion:
    """The norm again, a year later: W1 in other words, W2 in two, W3.1 gone, and a question more."""
    old = make.editions(make.IGJ)[0]
    items = list(old.items.order_by("position"))
    before_of = {item.code: item.pk for item in items}
    new = FrameworkVersion.objects.get(pk=old.pk)
    new.pk, new.edition, new.valid_from = None, "2026-06-01", None
    new.save()
    made: dict[int | None, Item] = {None: None}  # type: ignore[dict-item]
    for item in items:
        if item.code == "W3.1":
            continue
        before = item.pk
        parent, section = item.parent_id, item.section_id
        item.pk, item.version, item.parent, item.section = None, new, made[parent], None
        if item.code == "W1":
            item.text = f"{item.text} Ook op zondag."
        item.save()
        made[before] = item
        item.section = made.get(section)
        item.save()
    last = max(item.position for item in items)
    night = made[before_of["W2"]]
    for number, (code, kind, replaces) in enumerate([("W2.A", "judgement", ["W2"]), ("W2.X", "check", [])]):
        Item.objects.create(
            version=new,
            parent=night,
            section=night,
            code=code,
            kind=kind,
            filled_by=["provider"],
            title="Nieuw",
            text="Is de nacht geregeld?",
            replaces=replaces,
            position=last + 1 + number,
            depth=2,
        )
    return new


def row(revision: Revision, code: str) -> Answer:
    return Answer.objects.get(revision=revision, item__code=code)


def test_every_answer_comes_along_and_waits_to_be_confirmed(last_year: Revision) -> None:
    revision = begin(last_year)
    assert revision.based_on == last_year
    answers = revision.answers.order_by("item__position")
    assert [(a.value, a.text) for a in answers] == [
        (a.value, a.text) for a in last_year.answers.order_by("item__position")
    ]
    assert answers.to_confirm().count() == 3
    assert all(answer.versions.count() == 1 for answer in answers)
    assert carrying.left_behind(revision) == []


def test_it_is_handed_in_only_when_all_is_confirmed(last_year: Revision) -> None:
    revision = begin(last_year)
    officer = make.quality_officer(revision.organisation)
    with pytest.raises(NotReady, match="Bevestig eerst de 3 overgenomen antwoorden"):
        REVISION.perform(revision.pk, "offer", by=officer)
    services.confirm_answer(revision.pk, make.item("W1").pk, by=officer)
    services.confirm_answer(revision.pk, make.item("W1.1").pk, by=officer)
    with pytest.raises(NotReady, match="Bevestig eerst het overgenomen antwoord"):
        REVISION.perform(revision.pk, "offer", by=officer)
    make.answer(revision, make.item("W2"), "meets", "Nu wel.", base_version=1)
    assert REVISION.perform(revision.pk, "offer", by=officer).status == Revision.Status.TO_ADOPT


def test_confirming_writes_no_version_and_is_for_who_may_write(last_year: Revision) -> None:
    revision = begin(last_year)
    item = make.item("W1")
    with pytest.raises(PermissionDenied):
        services.confirm_answer(revision.pk, item.pk, by=make.inspector())
    services.confirm_answer(revision.pk, item.pk, by=make.director(revision.organisation))
    answer = row(revision, "W1")
    assert (answer.version, answer.versions.count(), answer.needs_confirming) == (1, 1, False)


@pytest.fixture
def twin_of_then(last_year: Revision) -> Iterator[Revision]:
    """A year that begins with W1 unconfirmed, and A1 linked to it, while W1 itself does not apply."""
    ItemMapping.objects.all().delete()
    a1 = make.item("A1", make.ADDENDUM)
    ItemMapping.objects.create(
        item_a=make.item("W1"), item_b=a1, kind="same", reason="Zelfde vraag.", source="proef"
    )
    mappings.forget()
    revision = begin(last_year)
    make.scope_choice(revision, "W1")
    revision.refresh_from_db()
    yield revision
    mappings.forget()


def test_a_link_hands_in_nothing_unconfirmed(twin_of_then: Revision, writer: Client) -> None:
    revision = twin_of_then
    officer = make.quality_officer(revision.organisation)
    assert row(revision, "A1").linked_to == row(revision, "W1")
    for code in ("W1.1", "W2"):
        if row(revision, code).needs_confirming:
            services.confirm_answer(revision.pk, make.item(code).pk, by=officer)
    with pytest.raises(NotReady, match="Bevestig eerst het overgenomen antwoord"):
        REVISION.perform(revision.pk, "offer", by=officer)
    assert [question.code for question in questions.load(revision).to_confirm] == ["W1"]
    services.confirm_answer(revision.pk, make.item("W1").pk, by=officer)
    assert questions.load(revision).to_confirm == []
    assert REVISION.perform(revision.pk, "offer", by=officer).status == Revision.Status.TO_ADOPT


def test_an_answer_apart_begins_unconfirmed_when_its_source_was(twin_of_then: Revision) -> None:
    apart = services.unlink_answer(
        twin_of_then.pk,
        make.item("A1", make.ADDENDUM).pk,
        by=make.quality_officer(twin_of_then.organisation),
    )
    assert apart.needs_confirming
    assert row(twin_of_then, "A1").needs_confirming


def test_a_supplement_still_waits_for_what_was_never_confirmed(last_year: Revision, writer: Client) -> None:
    revision = begin(last_year)
    officer, director = make.quality_officer(revision.organisation), make.director(revision.organisation)
    for code in ("W1", "W1.1"):
        services.confirm_answer(revision.pk, make.item(code).pk, by=officer)
    make.scope_choice(revision, "W2")
    make.take(revision, "offer", "submit", "supplement", by=director)
    copy = Revision.objects.get(self_assessment=revision.self_assessment, number=2)
    assert [answer.item.code for answer in copy.answers.to_confirm()] == ["W2"]
    assert row(copy, "W1").confirmed_at
    # All of it came along, so there is nothing to read that did not.
    assert "niet zijn overgenomen" not in writer.get(copy.get_absolute_url()).content.decode()
    assert writer.get(reverse("assessments:left_behind", args=[copy.pk])).status_code == 404
    assert "niet zijn overgenomen" in writer.get(revision.get_absolute_url()).content.decode()


def test_another_providers_account_is_no_beginning(last_year: Revision) -> None:
    stranger = make.quality_officer(make.provider())
    with pytest.raises(PermissionDenied):
        services.start_self_assessment(
            year=2026, locations=[], editions=last_year.editions.all(), based_on=last_year, by=stranger
        )


def test_over_a_new_edition_each_question_gets_what_it_followed(last_year: Revision) -> None:
    make.answer(last_year, make.item("W3.1"), "no")
    make.answer(last_year, make.item("A1", make.ADDENDUM), "meets", "Addendum.")
    revision = begin(last_year, next_edition())
    assert row(revision, "W1").text == "Geregeld."
    assert row(revision, "W2.A").text == "Nog niemand in de nacht."
    assert not Answer.objects.filter(revision=revision, item__code="W2.X").exists()
    left = carrying.left_behind(revision)
    assert [answer.item.code for answer in left] == ["W3.1", "A1"]
    shown = {question.code: question for question in questions.load(revision).questions}
    assert any(piece.kind == "new" and "zondag" in piece.text for piece in shown["W1"].changed_words)
    assert not shown["W1.1"].changed_words
    assert (shown["W2.X"].is_new, shown["W1"].is_new) == (True, False)


def test_what_no_longer_fits_stays_behind_and_can_be_read(last_year: Revision) -> None:
    new = next_edition()
    Item.objects.filter(version=new, code="W1.1").update(kind="text")
    revision = begin(last_year, new)
    assert [answer.item.code for answer in carrying.left_behind(revision)] == ["W1.1"]
    client = Client()
    client.force_login(make.quality_officer(revision.organisation).person)
    page = client.get(reverse("assessments:left_behind", args=[revision.pk])).content.decode()
    assert "W1.1" in page and "Ja" in page


# --- on the screen


@pytest.fixture
def writer(last_year: Revision) -> Client:
    client = Client()
    client.force_login(make.quality_officer(last_year.organisation).person)
    return client


def test_the_start_offers_the_year_before(writer: Client, last_year: Revision) -> None:
    url = reverse("assessments:self_assessment_new")
    assert "Met uw antwoorden van 2025" in writer.get(url).content.decode()
    data = {
        "year": 2026,
        "locations": [place.pk for place in last_year.organisation.locations.all()],
        "editions": [edition.pk for edition in last_year.editions.all()],
        "based_on": last_year.pk,
    }
    assert writer.post(url, data).status_code == 302
    assert Revision.objects.get(based_on=last_year).answers.to_confirm().count() == 3


def test_one_button_confirms_one_question(writer: Client, last_year: Revision) -> None:
    revision = begin(last_year)
    item = make.item("W1")
    page_url = reverse("assessments:fill_in_section", args=[revision.pk, item.section_id])
    page = writer.get(page_url).content.decode()
    assert page.count("Klopt nog<") == 2
    # Saving the whole page confirms nothing by itself.
    answer = row(revision, "W1")
    form = {
        f"a-{item.pk}": "meets",
        f"t-{item.pk}": "Geregeld.",
        f"v-{item.pk}": 1,
        f"s-{item.pk}": uuid.uuid4(),
    }
    writer.post(page_url, form)
    answer.refresh_from_db()
    assert answer.needs_confirming
    saved = writer.post(reverse("assessments:answer", args=[revision.pk, item.pk]), {"confirm": item.pk})
    assert "Bevestigd om" in saved.content.decode()
    assert not row(revision, "W1").needs_confirming
    writer.post(page_url, {"confirm": make.item("W1.1").pk})
    assert [answer.item.code for answer in revision.answers.to_confirm()] == ["W2"]
    assert "Te bevestigen" in writer.get(revision.get_absolute_url()).content.decode()


def test_changing_an_answer_confirms_it_and_takes_the_notice_away(
    writer: Client, last_year: Revision
) -> None:
    revision = begin(last_year)
    item = make.item("W1")
    form = {
        f"a-{item.pk}": "fails",
        f"t-{item.pk}": "Anders.",
        f"v-{item.pk}": 1,
        f"s-{item.pk}": uuid.uuid4(),
    }
    saved = writer.post(reverse("assessments:answer", args=[revision.pk, item.pk]), form).content.decode()
    assert f'id="vraag-{item.pk}-carried" hx-swap-oob="delete"' in saved
    assert not row(revision, "W1").needs_confirming


def test_a_page_with_answers_of_then_costs_the_same_at_two_sizes(editions: Any) -> None:
    counts = []
    for kinds in (["judgement"], ["judgement", "check"]):
        old = make.draft_revision(make.provider(), year=2025)
        for item in make.asked_items(old, *kinds):
            make.answer(old, item, "yes" if item.kind == "check" else "meets", "Toelichting.")
        client = Client()
        client.force_login(make.quality_officer(old.organisation).person)
        url = reverse("assessments:fill_in", args=[begin(old).pk])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14
