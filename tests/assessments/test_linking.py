"""One answer stands under all questions that ask the same, until somebody wants it otherwise."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import linking, questions, services
from assessments.models import Answer, Revision
from assessments.services import AnswerConflict, Link, NewAnswer
from norms import mappings
from norms.models import Item, ItemMapping
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def same(editions: Any) -> Iterator[None]:
    """W1, A1 and B1 ask the same, and so do W1.1 and A2a.1; W2 has to do with W1."""
    ItemMapping.objects.all().delete()
    decide("same", w1(), a1())
    decide("same", a1(), make.item("B1", make.ADDENDUM))
    decide("same", make.item("W1.1"), make.item("A2a.1", make.ADDENDUM))
    decide("related", w1(), make.item("A3", make.ADDENDUM))
    mappings.forget()
    yield
    mappings.forget()


def decide(kind: str, one: Item, other: Item) -> None:
    ItemMapping.objects.create(item_a=one, item_b=other, kind=kind, reason="Zelfde vraag.", source="proef")


def w1() -> Item:
    return make.item("W1")


def a1() -> Item:
    return make.item("A1", make.ADDENDUM)


def row(revision: Revision, item: Item) -> Answer:
    return Answer.objects.get(revision=revision, item=item)


def said(answer: Answer) -> tuple[Any, str, bool]:
    return answer.value, answer.text, answer.is_answered


def writer(revision: Revision) -> Any:
    return make.quality_officer(revision.organisation)


def save(revision: Revision, item: Item, value: str, text: str, base: int, **more: Any) -> Answer:
    new = NewAnswer(item.pk, value, text, base, uuid.uuid4(), **more)
    return services.save_answer(revision.pk, new, by=writer(revision))


def test_the_first_answer_stands_under_all_that_ask_the_same() -> None:
    revision = make.draft_revision()
    source = make.answer(revision, w1(), "meets", "Geregeld.")
    linked = Answer.objects.filter(linked_to=source)
    assert sorted(linked.values_list("item__code", flat=True)) == ["A1", "B1"]
    assert all(said(answer) == ("meets", "Geregeld.", True) for answer in linked)
    assert all((answer.version, answer.versions.count()) == (0, 0) for answer in linked)
    assert questions.load(revision).spared == 2


def test_every_save_of_the_source_reaches_what_is_linked() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Eerst.")
    make.answer(revision, w1(), "fails", "Later.", base_version=1)
    assert said(row(revision, a1())) == ("fails", "Later.", True)
    make.answer(revision, w1(), None, "", base_version=2)
    assert said(row(revision, a1())) == (None, "", False)
    assert row(revision, a1()).version == 0


def test_only_what_the_revision_asks_is_linked() -> None:
    revision = make.draft_revision(frameworks=[make.IGJ])
    make.answer(revision, w1(), "meets")
    assert revision.answers.count() == 1


def test_not_knowing_yet_answers_no_other_question() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "unknown")
    assert revision.answers.count() == 1
    make.answer(revision, a1(), "meets", "Wel hier.")
    assert row(revision, w1()).linked_to == row(revision, a1())


def test_an_answer_of_its_own_is_never_taken_over() -> None:
    revision = make.draft_revision()
    b1 = make.item("B1", make.ADDENDUM)
    Answer.objects.create(
        revision=revision, organisation=revision.organisation, item=b1, version=1, text="Eigen woorden.",
        author=writer(revision).person,
    )  # fmt: skip
    make.answer(revision, w1(), "meets", "Van de ander.")
    assert row(revision, b1).text == "Eigen woorden."
    assert row(revision, b1).linked_to is None


def test_who_typed_before_the_link_meets_it_as_a_conflict() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Van de ander.")
    with pytest.raises(AnswerConflict):
        save(revision, a1(), "fails", "Van mij.", 0)
    assert said(row(revision, a1())) == ("meets", "Van de ander.", True)
    chosen = save(revision, a1(), "fails", "Van mij.", 0, is_chosen=True)
    assert (chosen.linked_to, chosen.is_apart, chosen.version) == (None, True, 1)
    assert row(revision, w1()).text == "Van de ander."


def test_unlinking_copies_and_stays_so() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Eerst.")
    apart = services.unlink_answer(revision.pk, a1().pk, by=writer(revision))
    assert (apart.version, apart.text, apart.linked_to) == (1, "Eerst.", None)
    make.answer(revision, w1(), "fails", "Later.", base_version=1)
    assert row(revision, a1()).text == "Eerst."
    make.answer(revision, a1(), None, "", base_version=1)
    make.answer(revision, w1(), "meets", "Nog later.", base_version=2)
    assert said(row(revision, a1())) == (None, "", False), "who wanted it apart is not linked again by itself"
    assert services.unlink_answer(revision.pk, a1().pk, by=writer(revision)).version == 2


def link(revision: Revision, item: Item, source: Item, says: Any = None) -> Answer:
    versions = (row(revision, item).version, row(revision, source).version)
    return services.link_answer(revision.pk, Link(item.pk, source.pk, versions, says), by=writer(revision))


def test_linking_again_keeps_ones_own_text_in_the_history() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Bron.")
    services.unlink_answer(revision.pk, a1().pk, by=writer(revision))
    make.answer(revision, a1(), "fails", "Eigen.", base_version=1)
    answer = link(revision, a1(), w1())
    answer.refresh_from_db()
    assert (answer.linked_to, answer.is_apart, answer.text) == (row(revision, w1()), False, "Bron.")
    assert list(answer.versions.order_by("version").values_list("text", flat=True)) == ["Bron.", "Eigen."]


def test_ones_own_text_can_become_that_of_all() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Bron.")
    services.unlink_answer(revision.pk, a1().pk, by=writer(revision))
    make.answer(revision, a1(), "fails", "Eigen.", base_version=1)
    link(revision, a1(), w1(), ("fails", "Eigen."))
    b1 = row(revision, make.item("B1", make.ADDENDUM))
    assert {row(revision, w1()).text, row(revision, a1()).text, b1.text} == {"Eigen."}
    assert row(revision, w1()).version == 2


def test_links_stay_one_deep() -> None:
    """What followed an answer that now follows another, follows that other too."""
    revision = make.draft_revision()
    make.answer(revision, a1(), "meets", "Bron van twee.")
    services.unlink_answer(revision.pk, w1().pk, by=writer(revision))
    link(revision, a1(), w1())
    source = row(revision, w1())
    assert set(Answer.objects.exclude(linked_to=None).values_list("linked_to", flat=True)) == {source.pk}
    make.answer(revision, w1(), "fails", "Anders.", base_version=1)
    assert set(revision.answers.values_list("text", flat=True)) == {"Anders."}


def test_linking_on_what_one_did_not_see_is_refused() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Bron.")
    services.unlink_answer(revision.pk, a1().pk, by=writer(revision))
    make.answer(revision, a1(), "fails", "Nieuwer dan gezien.", base_version=1)
    with pytest.raises(AnswerConflict):
        services.link_answer(revision.pk, Link(a1().pk, w1().pk, (1, 1)), by=writer(revision))
    with pytest.raises(Answer.DoesNotExist):
        link(revision, a1(), make.item("A3", make.ADDENDUM)) if Answer.objects.filter(
            item__code="A3"
        ) else services.link_answer(
            revision.pk, Link(a1().pk, make.item("W2").pk, (2, 0)), by=writer(revision)
        )


def test_handing_in_gives_each_linked_answer_its_text_and_says_where_it_came_from() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "largely_meets", "Bron.")
    make.take(revision, "offer", "submit", by=make.director(revision.organisation))
    frozen = Revision.objects.get(pk=revision.pk)
    assert frozen.content is not None
    answer = next(one for one in frozen.content["answers"] if one["item"] == "A1")
    assert (answer["value"], answer["text"]) == ("largely_meets", "Bron.")
    assert answer["linked_to"] == {"framework": make.IGJ, "item": "W1"}
    assert [version.text for version in row(revision, a1()).versions.all()] == ["Bron."]
    assert frozen.answered_count == 3


def test_a_supplement_keeps_its_links() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Bron.")
    director = make.director(revision.organisation)
    make.take(revision, "offer", "submit", "supplement", by=director)
    copy = Revision.objects.get(number=2)
    assert row(copy, a1()).linked_to == row(copy, w1())
    make.answer(copy, w1(), "fails", "Aangevuld.", base_version=1)
    assert row(copy, a1()).text == "Aangevuld."
    assert row(revision, a1()).text == "Bron."


def test_a_framework_that_is_added_is_answered_as_far_as_it_asks_the_same() -> None:
    revision = make.draft_revision(frameworks=[make.IGJ])
    make.answer(revision, w1(), "meets", "Bron.")
    revision.editions.add(*make.editions(make.ADDENDUM))
    linking.spread(revision, revision.answers.all())
    assert row(revision, a1()).text == "Bron."


# --- on the screen


def client_of(revision: Revision) -> Client:
    client = Client()
    client.force_login(writer(revision).person)
    return client


def section_url(revision: Revision, item: Item) -> str:
    return reverse("assessments:fill_in_section", args=[revision.pk, item.section_id])


def test_a_linked_question_shows_the_answer_and_where_to_change_it() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Geregeld in maart.")
    client = client_of(revision)
    page = client.get(section_url(revision, a1())).content.decode()
    assert "Geregeld in maart." in page and "Wijzig bij W1" in page
    assert f'name="a-{a1().pk}"' not in page and f'name="v-{a1().pk}"' not in page
    assert "2 vragen hoefden u niet nog eens te beantwoorden." in page
    assert "2 vragen hoefden" in client.get(revision.get_absolute_url()).content.decode()
    # Saving the page changes nothing there.
    client.post(section_url(revision, a1()), {})
    assert row(revision, a1()).linked_to is not None


def test_saving_says_where_else_it_stands_now() -> None:
    revision = make.draft_revision()
    client, name = client_of(revision), f"a-{w1().pk}"
    sent = {name: "meets", f"t-{w1().pk}": "Bron.", f"v-{w1().pk}": "0", f"s-{w1().pk}": str(uuid.uuid4())}
    url = reverse("assessments:answer", args=[revision.pk, w1().pk])
    assert "Ook bijgewerkt bij A1, B1" in client.post(url, sent).content.decode()
    alone = make.item("W3")
    sent = {f"a-{alone.pk}": "meets", f"v-{alone.pk}": "0", f"s-{alone.pk}": str(uuid.uuid4())}
    url = reverse("assessments:answer", args=[revision.pk, alone.pk])
    assert "Ook bijgewerkt" not in client.post(url, sent).content.decode()


def test_answering_apart_and_linking_again_on_the_screen() -> None:
    revision = make.draft_revision()
    make.answer(revision, w1(), "meets", "Bron.")
    client = client_of(revision)
    response = client.post(section_url(revision, a1()), {"apart": str(a1().pk)})
    assert response["Location"].endswith(f"#vraag-{a1().pk}")
    make.answer(revision, a1(), "fails", "Eigen.", base_version=1)
    link_url = reverse("assessments:answer_link", args=[revision.pk, a1().pk])
    assert link_url in client.get(section_url(revision, a1())).content.decode()
    page = client.get(link_url).content.decode()
    assert "Bron." in page and "Eigen." in page and "Beide teksten houden" in page
    seen = {"own": "2", "other": "1", "twin": str(w1().pk)}
    for changed in ({"own": "1"}, {"twin": str(make.item("B1", make.ADDENDUM).pk)}, {"twin": ""}):
        stale = client.post(link_url, seen | changed | {"mine": "1"}, follow=True)
        assert "intussen is er iets gewijzigd" in stale.content.decode()
    client.post(link_url, seen | {"both": "1"})
    assert row(revision, w1()).text == row(revision, a1()).text == "Bron.\n\nEigen."
    assert client.get(link_url).status_code == 302, "there is nothing to link any more"


def test_a_note_without_a_judgement_is_shown_before_it_goes_and_found_back_after() -> None:
    revision = make.draft_revision()
    make.answer(revision, a1(), None, "Alleen nog een toelichting.")
    make.answer(revision, w1(), "meets", "Bron.")
    client = client_of(revision)
    link_url = reverse("assessments:answer_link", args=[revision.pk, a1().pk])
    page = client.get(link_url).content.decode()
    assert "Alleen nog een toelichting." in page and "Beide teksten houden" in page
    client.post(link_url, {"own": "1", "other": "1", "twin": str(w1().pk), "theirs": "1"})
    assert row(revision, a1()).text == "Bron."
    history = reverse("assessments:answer_history", args=[revision.pk, a1().pk])
    assert history in client.get(section_url(revision, a1())).content.decode()
    assert "Alleen nog een toelichting." in client.get(history).content.decode()
    # Nothing else ever stood at the source.
    assert "eerder/" not in client.get(section_url(revision, w1())).content.decode()


def test_what_was_left_alone_is_no_conflict_on_a_page_from_before_the_link() -> None:
    revision = make.draft_revision()
    client, other = client_of(revision), make.item("A1.1", make.ADDENDUM)
    form = {
        f"a-{a1().pk}": "",
        f"t-{a1().pk}": "",
        f"v-{a1().pk}": "0",
        f"s-{a1().pk}": str(uuid.uuid4()),
    }
    make.answer(revision, w1(), "meets", "Van de ander.")
    assert client.post(section_url(revision, a1()), form).status_code == 302
    assert row(revision, a1()).linked_to == row(revision, w1())
    # Where something else on that page is refused, it shows what stands there now.
    broken = {f"a-{other.pk}": "nonsense", f"v-{other.pk}": "0", f"s-{other.pk}": str(uuid.uuid4())}
    page = client.post(section_url(revision, a1()), form | broken).content.decode()
    assert "Van de ander." in page


def test_related_questions_show_each_other() -> None:
    revision = make.draft_revision()
    make.answer(revision, make.item("A3", make.ADDENDUM), "fails", "Nog niet.")
    page = client_of(revision).get(section_url(revision, w1())).content.decode()
    assert "Hier hangt mee samen: A3" in page and "Nog niet." in page


def test_saving_costs_the_same_however_much_is_linked(django_assert_num_queries: Any) -> None:
    revision = make.draft_revision()
    by = writer(revision)
    make.answer(revision, w1(), "meets")
    make.answer(revision, make.item("W1.1"), "yes")
    for item, value in ((w1(), "fails"), (make.item("W1.1"), "no")):
        new = NewAnswer(item.pk, value, "", 1, uuid.uuid4())
        with django_assert_num_queries(7):
            services.save_answer(revision.pk, new, by=by)
