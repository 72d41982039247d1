"""The provider's screens: starting, filling in, adopting, supplementing, and what bad input gets."""

import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, AnswerVersion, EvidenceLink, Receipt, Revision, RevisionEvent
from norms.models import Item
from providers.models import Organisation, Role
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Organisation:
    return f.provider("De Linde", regions=[f.region()], locations=2)


def client_of(actor: Any) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


@pytest.fixture
def writer(provider: Organisation) -> Client:
    return client_of(f.quality_officer(provider))


@pytest.fixture
def director(provider: Organisation) -> Client:
    return client_of(f.director(provider))


def posted(revision: Revision, item: Item, value: str, text: str = "", version: int = 0) -> dict[str, str]:
    """What the form of one question sends."""
    pk = item.pk
    return {f"a-{pk}": value, f"t-{pk}": text, f"v-{pk}": str(version), f"s-{pk}": str(uuid.uuid4())}


def section_url(revision: Revision, item: Item) -> str:
    return reverse("assessments:fill_in_section", args=[revision.pk, item.section_id])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_start_chooses_year_locations_and_editions(writer: Client, provider: Organisation) -> None:
    editions = f.editions()
    data = {
        "year": timezone.localdate().year,
        "locations": [place.pk for place in provider.locations.all()],
        "editions": [edition.pk for edition in editions],
    }
    response = writer.post(reverse("assessments:self_assessment_new"), data)
    revision = Revision.objects.get()
    assert response.status_code == 302
    assert "/invullen/" in response["Location"]
    assert set(revision.editions.all()) == set(editions)
    assert revision.locations.count() == 2
    assert revision.question_count == len(f.asked_items(revision))
    again = writer.post(reverse("assessments:self_assessment_new"), data)
    assert "U heeft al een zelfevaluatie over" in again.content.decode()
    assert Revision.objects.count() == 1


def test_start_refuses_another_providers_location(writer: Client) -> None:
    stranger = f.provider("Andere Zorg")
    data = {
        "year": timezone.localdate().year,
        "locations": [stranger.locations.get().pk],
        "editions": [f.editions()[0].pk],
    }
    response = writer.post(reverse("assessments:self_assessment_new"), data)
    assert response.status_code == 200
    assert not Revision.objects.exists()


def test_plain_saving_keeps_what_is_right_and_shows_what_is_not(
    writer: Client, provider: Organisation
) -> None:
    revision = f.draft_revision(provider)
    judgement = f.item("W1")
    check = f.item("W1.1")
    data = posted(revision, judgement, "meets", "Vastgesteld in maart.") | posted(
        revision, check, "misschien"
    )
    response = writer.post(section_url(revision, judgement), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Kies één van de antwoorden die er staan." in page
    assert f'href="#vraag-{check.pk}"' in page
    saved = Answer.objects.get()
    assert (saved.item, saved.value, saved.text) == (judgement, "meets", "Vastgesteld in maart.")


def test_a_figure_that_is_no_number_stays_in_its_field(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    figure = Item.objects.filter(kind="figure", version__in=revision.editions.all()).first()
    assert figure is not None
    page = writer.post(section_url(revision, figure), posted(revision, figure, "veel")).content.decode()
    assert 'value="veel"' in page
    assert not Answer.objects.exists()


def test_leaving_and_coming_back_shows_what_was_saved(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W2")
    response = writer.post(
        section_url(revision, item),
        posted(revision, item, "largely_fails", "Na 23 uur: 's nachts <niemand>."),
    )
    assert response.status_code == 302
    page = writer.get(section_url(revision, item)).content.decode()
    assert "&lt;niemand&gt;" in page
    assert "<niemand>" not in page


def test_sending_one_page_twice_saves_once(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    data = posted(revision, item, "meets", "Eén keer.")
    for _ in range(2):
        assert writer.post(section_url(revision, item), data).status_code == 302
    assert AnswerVersion.objects.count() == 1


def test_two_writers_see_both_texts_and_choose(
    writer: Client, director: Client, provider: Organisation
) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    writer.post(section_url(revision, item), posted(revision, item, "meets", "Tekst van de een."))
    clash = posted(revision, item, "fails", "Tekst van de ander.")
    page = director.post(section_url(revision, item), clash).content.decode()
    assert "Er zijn twee versies" in page
    assert "Tekst van de een." in page and "Tekst van de ander." in page
    assert Answer.objects.get().text == "Tekst van de een."
    again = director.post(section_url(revision, item), clash).content.decode()
    assert "Er zijn twee versies" in again, "without a choice nothing may be overwritten"
    choice = clash | {f"both-{item.pk}": "1", f"c-{item.pk}": "1", f"s-{item.pk}": str(uuid.uuid4())}
    assert director.post(section_url(revision, item), choice).status_code == 302
    stored = Answer.objects.get()
    assert stored.text == "Tekst van de een.\n\nTekst van de ander."
    assert [version.text for version in stored.versions.order_by("version")][0] == "Tekst van de een."


@pytest.mark.parametrize(("choice", "expected"), [("mine", "Van de ander."), ("theirs", "Van de een.")])
def test_one_of_two_texts_stays(
    writer: Client, director: Client, provider: Organisation, choice: str, expected: str
) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    writer.post(section_url(revision, item), posted(revision, item, "meets", "Van de een."))
    data = posted(revision, item, "fails", "Van de ander.")
    director.post(section_url(revision, item), data | {f"{choice}-{item.pk}": "1", f"c-{item.pk}": "1"})
    assert Answer.objects.get().text == expected


def test_two_texts_as_answer_can_stand_together_too(
    writer: Client, director: Client, provider: Organisation
) -> None:
    revision = f.draft_revision(provider)
    item = f.item("F2.3", f.ADDENDUM)
    writer.post(section_url(revision, item), posted(revision, item, "Op de website."))
    clash = posted(revision, item, "In het kwaliteitsverslag.")
    assert "Beide houden" in director.post(section_url(revision, item), clash).content.decode()
    director.post(section_url(revision, item), clash | {f"both-{item.pk}": "1", f"c-{item.pk}": "1"})
    assert Answer.objects.get().value == "Op de website.\n\nIn het kwaliteitsverslag."


def test_of_two_numbers_one_stays(writer: Client, director: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    item = f.item("F5.1", f.ADDENDUM)
    writer.post(section_url(revision, item), posted(revision, item, "2"))
    page = director.post(section_url(revision, item), posted(revision, item, "3")).content.decode()
    assert "Er zijn twee versies" in page and "Beide houden" not in page


def test_a_version_that_no_page_sent_is_no_choice(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    url = reverse("assessments:answer", args=[revision.pk, item.pk])
    writer.post(url, posted(revision, item, "meets"))
    odd = posted(revision, item, "fails") | {f"mine-{item.pk}": "1", f"c-{item.pk}": "9" * 5000}
    assert "Er zijn twee versies" in writer.post(url, odd).content.decode()


def test_who_may_not_open_a_file_does_not_read_its_name(writer: Client) -> None:
    region = f.region()
    provider = f.provider("Zorgthuis De Kade", regions=[region])
    revision = f.answered_revision(provider)
    item = f.item("W1")
    upload = SimpleUploadedFile("gesprek met mevrouw Jansen.pdf", b"%PDF-1.7 gesprek")
    officer = client_of(f.quality_officer(provider))
    officer.post(section_url(revision, item), {f"f-{item.pk}": upload})
    f.take(revision, "offer", "submit", by=f.director(provider))
    office = f.acting(Role.CARE_OFFICE_OFFICER, f.care_office([region]))
    council = f.acting(Role.COUNCIL_MEMBER, provider)
    url = section_url(revision, item)
    seen = [b"Jansen" in client_of(reader).get(url).content for reader in (office, council, f.inspector())]
    assert seen == [False, False, True]


def test_an_answer_saves_while_one_types(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    url = reverse("assessments:answer", args=[revision.pk, item.pk])
    page = writer.post(url, posted(revision, item, "meets", "Kort.")).content.decode()
    assert "Opgeslagen om" in page
    assert f'name="v-{item.pk}" value="1"' in page
    refused = writer.post(url, posted(revision, item, "superb", "", 1)).content.decode()
    assert "Kies één van de antwoorden die er staan." in refused
    assert Answer.objects.get().value == "meets"


def test_an_item_of_no_edition_of_the_revision_is_no_question(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider, frameworks=[f.IGJ])
    stranger = f.item("A1", f.ADDENDUM)
    url = reverse("assessments:answer", args=[revision.pk, stranger.pk])
    assert writer.post(url, posted(revision, stranger, "meets")).status_code == 404
    whole = f.item("W")
    url = reverse("assessments:answer", args=[revision.pk, whole.pk])
    assert writer.post(url, posted(revision, whole, "meets")).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("leeg.pdf", b"", "is leeg"),
        ("nep.pdf", b"geen pdf", "is geen PDF"),
        ("script.exe", b"MZ", "heeft een soort die hier niet kan"),
        ("foto.png", b"%PDF-1.7", "is geen PNG"),
    ],
)
def test_a_bad_file_gets_its_reason_and_the_answers_stay(
    writer: Client, provider: Organisation, name: str, content: bytes, sentence: str
) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    data: dict[str, Any] = posted(revision, item, "meets", "Blijft staan.")
    data[f"f-{item.pk}"] = SimpleUploadedFile(name, content)
    page = writer.post(section_url(revision, item), data).content.decode()
    assert sentence in page
    assert "Blijft staan." in page
    assert Answer.objects.get().text == "Blijft staan."
    assert not EvidenceLink.objects.exists()


def test_a_file_over_the_limit_is_refused(writer: Client, provider: Organisation, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    revision = f.draft_revision(provider)
    item = f.item("W1")
    data = {f"f-{item.pk}": SimpleUploadedFile("groot.pdf", b"%PDF-" + b"x" * 2000)}
    assert (
        "Kies een bestand van 25 MB of kleiner."
        in writer.post(section_url(revision, item), data).content.decode()
    )


def test_losing_a_file_saves_what_was_typed_too(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    upload = {f"f-{item.pk}": SimpleUploadedFile("beleid.pdf", b"%PDF-1.7 beleid")}
    writer.post(section_url(revision, item), upload)
    link = EvidenceLink.objects.get()
    data = posted(revision, item, "meets", "Ook bewaard.") | {"detach": str(link.pk)}
    assert writer.post(section_url(revision, item), data).status_code == 302
    assert not EvidenceLink.objects.exists()
    assert Answer.objects.get().text == "Ook bewaard."


def test_a_download_is_an_attachment_that_no_browser_runs(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    writer.post(section_url(revision, item), {f"f-{item.pk}": SimpleUploadedFile("a.pdf", b"%PDF-1.7 a")})
    link = EvidenceLink.objects.get()
    url = reverse("assessments:evidence", args=[link.evidence_revision_id])
    response: Any = writer.get(url, follow=True)  # to a signed address without cookies
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.getvalue() == b"%PDF-1.7 a"


def test_double_click_gives_one_event(writer: Client, provider: Organisation) -> None:
    revision = f.answered_revision(provider)
    url = reverse("assessments:revision_step", args=[revision.pk, "offer"])
    assert "ligt bij uw bestuurder" in said(writer.post(url))
    assert "Er is niets gewijzigd" in said(writer.post(url))
    assert RevisionEvent.objects.count() == 1


def test_sending_back_needs_a_reason(director: Client, writer: Client, provider: Organisation) -> None:
    revision = f.offered_revision(provider)
    url = reverse("assessments:revision_step", args=[revision.pk, "return"])
    assert "Schrijf een reden." in director.post(url, {"note": " "}).content.decode()
    director.post(url, {"note": "Zet de nacht erbij."})
    revision.refresh_from_db()
    assert revision.status == Revision.Status.DRAFT
    page = writer.get(revision.get_absolute_url()).content.decode()
    told = page.index("De bestuurder stuurde de zelfevaluatie terug")
    assert told < page.index("Zet de nacht erbij.") < page.index("Alle oordelen in één beeld")
    assert "De bestuurder stuurde haar terug." in writer.get(reverse("assessments:tasks")).content.decode()
    writer.post(reverse("assessments:revision_step", args=[revision.pk, "offer"]))
    page = writer.get(revision.get_absolute_url()).content.decode()
    assert "De bestuurder stuurde de zelfevaluatie terug" not in page


def test_what_was_typed_after_handing_in_is_shown_not_saved(writer: Client, provider: Organisation) -> None:
    revision = f.submitted_revision(provider)
    item = f.item("W1")
    before = Answer.objects.get(item=item).text
    page = writer.post(
        section_url(revision, item), posted(revision, item, "fails", "Te laat.", 1)
    ).content.decode()
    assert "Niet opgeslagen: de zelfevaluatie is intussen ingediend." in page
    assert "Te laat." in page
    assert Answer.objects.get(item=item).text == before


def test_supplementing_opens_a_copy_and_the_old_one_stays(director: Client, provider: Organisation) -> None:
    old = f.submitted_revision(provider)
    url = reverse("assessments:revision_step", args=[old.pk, "supplement"])
    response = director.post(url)
    new = Revision.objects.get(number=2)
    assert response["Location"] == new.get_absolute_url()
    assert new.answers.count() == old.answers.count()
    director.post(url)
    assert Revision.objects.count() == 2
    old.refresh_from_db()
    assert old.status == Revision.Status.SUBMITTED


def test_one_person_with_both_roles_may_adopt_and_it_shows(provider: Organisation) -> None:
    user = f.person(Role.QUALITY_OFFICER, provider)
    f.add_role(user, Role.DIRECTOR, provider)
    both = f.actor(user)
    revision = f.answered_revision(provider, by=both)
    client = client_of(both)
    client.post(reverse("assessments:revision_step", args=[revision.pk, "offer"]))
    signed = {"picture": "on", "governance": "yes", "code_year": "2022"}
    client.post(reverse("assessments:signing", args=[revision.pk]), signed)
    revision.refresh_from_db()
    assert revision.same_person
    assert (
        "Dezelfde persoon vulde in en stelde vast."
        in client.get(revision.get_absolute_url()).content.decode()
    )


def test_a_reader_leaves_one_receipt_and_the_provider_sees_it(writer: Client, provider: Organisation) -> None:
    revision = f.submitted_revision(provider)
    reader = client_of(f.inspector())
    for _ in range(2):
        assert reader.get(revision.get_absolute_url()).status_code == 200
    assert Receipt.objects.count() == 1
    page = writer.get(revision.get_absolute_url()).content.decode()
    assert "Inspectie Gezondheidszorg en Jeugd" in page
    assert "Wie heeft dit gezien" not in reader.get(revision.get_absolute_url()).content.decode()


def test_signals_show_under_the_judgement(writer: Client, provider: Organisation) -> None:
    revision = f.draft_revision(provider)
    url = section_url(revision, f.item("W2"))
    assert "Alleen dit is niet voldoende" not in writer.get(url).content.decode()
    f.answer(revision, f.item("W2.3"), "no")
    assert "Alleen dit is niet voldoende" in writer.get(url).content.decode()


def test_a_signal_comes_and_goes_with_the_answer_that_is_saved(
    writer: Client, provider: Organisation
) -> None:
    revision = f.draft_revision(provider)
    ground = f.item("W2.3")
    url = reverse("assessments:answer", args=[revision.pk, ground.pk])
    page = writer.post(url, posted(revision, ground, "no")).content.decode()
    assert f'id="vraag-{f.item("W2").pk}-signals"' in page and "Alleen dit is niet voldoende" in page
    page = writer.post(url, posted(revision, ground, "yes", version=1)).content.decode()
    assert f'id="vraag-{f.item("W2").pk}-signals"' in page and "Alleen dit is niet voldoende" not in page


def test_a_version_of_an_answer_that_never_was_is_no_error_of_ours(
    writer: Client, provider: Organisation
) -> None:
    revision = f.draft_revision(provider)
    item = f.item("W1")
    url = reverse("assessments:answer", args=[revision.pk, item.pk])
    page = writer.post(url, posted(revision, item, "meets", version=7)).content.decode()
    assert "kwam niet goed aan" in page


def queries(client: Client, url: str, counter: Any) -> int:
    client.get(url)  # content types and the like, once
    with counter() as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.fixture
def counter(django_db_blocker: Any) -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_lists_cost_the_same_at_two_sizes(counter: Any) -> None:
    region = f.region()
    readers = [
        client_of(f.inspector()),
        client_of(f.acting(Role.CARE_OFFICE_OFFICER, f.care_office([region]))),
    ]
    f.submitted_revision(f.provider(regions=[region]))
    urls = [reverse("assessments:self_assessments"), reverse("assessments:tasks")]
    small = [queries(client, url, counter) for client in readers for url in urls]
    for _ in range(6):
        f.submitted_revision(f.provider(regions=[region]))
    large = [queries(client, url, counter) for client in readers for url in urls]
    assert small == large
    assert max(large) <= 16, large  # the tasks of an inspector: one for each thing to look for


def test_the_long_page_costs_the_same_empty_and_full(
    writer: Client, provider: Organisation, counter: Any
) -> None:
    revision = f.draft_revision(provider)
    url = reverse("assessments:fill_in", args=[revision.pk])
    empty = queries(writer, url, counter)
    for item in f.asked_items(revision, "judgement", "check"):
        f.answer(revision, item, "meets" if item.kind == "judgement" else "yes", "Toelichting.")
    assert queries(writer, url, counter) == empty
    assert empty <= 12


def test_own_list_and_overview_cost_the_same_at_two_sizes(
    writer: Client, provider: Organisation, counter: Any
) -> None:
    revision = f.submitted_revision(provider, year=2024)
    f.submitted_revision(provider, year=2023)  # the year before, which the overview shows beside it
    urls = [
        reverse("assessments:self_assessments"),
        revision.get_absolute_url(),
        reverse("assessments:tasks"),
    ]
    small = [queries(writer, url, counter) for url in urls]
    for year in (2022, 2021, 2020):
        f.submitted_revision(provider, year=year)
    assert [queries(writer, url, counter) for url in urls] == small


def test_the_council_reads_the_account_but_not_the_talk_about_it(provider: Organisation) -> None:
    revision = f.offered_revision(provider)
    f.REVISION.perform(revision.pk, "return", by=f.director(provider), note="GEHEIM: dit kan zo niet.")
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(provider))
    f.sign(revision.pk, 2022, by=f.director(provider))
    f.REVISION.perform(revision.pk, "supplement", by=f.director(provider))
    council = client_of(f.acting(Role.COUNCIL_MEMBER, provider))
    page = council.get(revision.get_absolute_url()).content.decode()
    assert "GEHEIM" not in page
    assert Revision.objects.get(number=2).get_absolute_url() not in page
