"""Talks, signing, what changed, who received it, and what the public reads."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments import consultation, difference, files, library, public_account, received, services, signing
from assessments.canonical import canonical_json, sha256_hex
from assessments.errors import NotReady, WrongState
from assessments.models import Consultation, EvidenceRevision, PublicAccount, Revision
from assessments.public_account import PUBLIC_ACCOUNT
from assessments.views import public_account as pages
from assessments.workflow import REVISION
from providers.actor import Actor
from providers.models import Organisation, Role
from tests import factories as f
from tests.test_access import png
from wlzthuis.isolation import as_system

pytestmark = pytest.mark.django_db
C = Consultation


def client_of(role: str, organisation: Organisation) -> Client:
    client = Client()
    client.force_login(f.acting(role, organisation).person)
    return client


# --- talks


def test_the_two_subjects_stand_apart_and_what_is_missing_is_shown() -> None:
    revision = f.answered_revision()
    f.consultation(revision)
    officer = f.quality_officer(revision.organisation)
    instrument, account = consultation.topics(revision, reader=officer)
    assert instrument.missing == ["de cliëntenraad", "de OR of een andere vertegenwoordiging"]
    assert account.missing == ["de OR of een andere vertegenwoordiging"]
    f.consultation(revision, body=C.Body.NO_COUNCIL)
    assert consultation.topics(revision, reader=officer)[1].missing == []


@pytest.mark.parametrize(
    ("subject", "body", "outcome"),
    [
        ("account", "client_council", "consent"),
        ("instrument", "client_council", "positive"),
        ("instrument", "works_council", "consent"),
        ("instrument", "staff", "discussed"),
    ],
)
def test_an_outcome_that_a_body_cannot_give_is_refused(subject: str, body: str, outcome: str) -> None:
    revision = f.answered_revision()
    with pytest.raises(IntegrityError), transaction.atomic():
        f.consultation(revision, subject=subject, body=body, outcome=outcome)


def test_the_form_says_which_outcome_fits() -> None:
    revision = f.answered_revision()
    client = client_of(Role.QUALITY_OFFICER, revision.organisation)
    url = reverse("assessments:consultation_new", args=[revision.pk, "instrument"])
    sent = {
        "body": "works_council",
        "outcome": "consent",
        "held_on": "2026-05-12",
        "who": "voorzitter OR",
        "summary": "Over de vragenlijst.",
    }
    page = client.post(url, sent)
    assert "past ‘Positief advies’ of ‘Negatief advies’" in page.content.decode()
    sent["outcome"] = "positive"
    page = client.post(url, sent | {"summary": "Over mevrouw 111222333."})
    assert "Er lijkt een BSN te staan" in page.content.decode()
    assert client.post(url, sent).status_code == 302
    assert Consultation.objects.get().outcome == "positive"


def test_talks_freeze_with_the_account_and_the_council_reads_them() -> None:
    revision = f.answered_revision()
    row = f.consultation(revision)
    council = client_of(Role.COUNCIL_MEMBER, revision.organisation)
    url = reverse("assessments:consultations", args=[revision.pk])
    assert council.get(url).status_code == 404
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(revision.organisation))
    handed_in = signing.sign(revision.pk, 2022, by=f.director(revision.organisation))
    assert handed_in.content["consultations"][0]["summary"] == "De nacht kwam ter sprake."
    assert "De nacht kwam ter sprake." in council.get(url).content.decode()
    with pytest.raises(WrongState):
        consultation.remove(revision.pk, row.pk, by=f.quality_officer(revision.organisation))


# --- signing


def test_what_the_board_declares_is_frozen() -> None:
    revision = f.offered_revision()
    board = client_of(Role.DIRECTOR, revision.organisation)
    url = reverse("assessments:signing", args=[revision.pk])
    page = board.post(url, {"picture": "on", "code_year": "2022"})
    assert "Kies of u met de Governancecode Zorg werkt." in page.content.decode()
    page = board.post(url, {"picture": "on", "governance": "yes", "plan": "Geen idee."})
    assert "Vul het jaar van de Governancecode in." in page.content.decode()
    revision.refresh_from_db()
    assert revision.status == Revision.Status.TO_ADOPT and revision.declarations == []
    board.post(url, {"picture": "on", "governance": "yes", "code_year": "2022"})
    revision.refresh_from_db()
    assert revision.status == Revision.Status.SUBMITTED
    assert revision.content["declarations"] == [
        signing.PICTURE,
        "Wij werken met de Governancecode Zorg die nu geldt: die van 2022.",
    ]
    assert sha256_hex(canonical_json(revision.content)) == revision.sha256


def test_a_board_that_does_not_work_with_the_code_yet_says_so_and_readers_see_it() -> None:
    revision = f.offered_revision()
    board = client_of(Role.DIRECTOR, revision.organisation)
    url = reverse("assessments:signing", args=[revision.pk])
    # The year of a code that is not worked with says nothing, also when nobody can read it.
    declared = {"picture": "on", "governance": "not_yet", "code_year": "weet ik niet"}
    page = board.post(url, declared).content.decode()
    assert "Schrijf wat u gaat doen, en wanneer het klaar is." in page and "Vul een jaar in" not in page
    assert "lijkt een BSN" in board.post(url, {**declared, "plan": "Vraag 111222333."}).content.decode()
    revision.refresh_from_db()
    assert revision.status == Revision.Status.TO_ADOPT
    board.post(url, {**declared, "plan": "Wij kiezen een toezichthouder.\r\nKlaar op 1 maart."})
    revision.refresh_from_db()
    not_yet = signing.GOVERNANCE_NOT_YET.format(plan="Wij kiezen een toezichthouder.\nKlaar op 1 maart.")
    assert revision.content["declarations"] == [signing.PICTURE, not_yet]
    inspector = Client()
    inspector.force_login(f.inspector().person)
    for reader in (client_of(Role.QUALITY_OFFICER, revision.organisation), inspector):
        page = reader.get(revision.get_absolute_url()).content.decode()
        assert "Wij werken nog niet met de Governancecode Zorg" in page
        assert "Wij kiezen een toezichthouder.<br>Klaar op 1 maart." in page


def test_a_plan_that_was_typed_stays_when_the_account_went_back_meanwhile() -> None:
    revision = f.offered_revision()
    board = client_of(Role.DIRECTOR, revision.organisation)
    REVISION.perform(revision.pk, "return", by=f.director(revision.organisation), note="Nog een vraag.")
    declared = {"picture": "on", "governance": "not_yet", "plan": "Wij kiezen een toezichthouder."}
    page = board.post(reverse("assessments:signing", args=[revision.pk]), declared).content.decode()
    assert "niet ingediend" in page and "De status is nu: concept" in page
    assert "Wij kiezen een toezichthouder." in page and "None" not in page
    revision.refresh_from_db()
    assert revision.status == Revision.Status.DRAFT and not revision.declarations


def test_a_button_pressed_twice_signs_once_and_says_nothing_untrue() -> None:
    revision = f.offered_revision()
    board, page = (
        client_of(Role.DIRECTOR, revision.organisation),
        reverse("assessments:signing", args=[revision.pk]),
    )
    declared = {"picture": "on", "governance": "not_yet", "plan": "Wij kiezen\r\neen toezichthouder."}
    assert board.post(page, declared).status_code == 302
    assert board.post(page, declared).status_code == 302, "what was signed is not told to be lost"
    other = board.post(page, declared | {"plan": "Iets anders."})
    assert other.status_code == 409 and "Iets anders." in other.content.decode()
    revision.refresh_from_db()
    assert "een toezichthouder." in revision.declarations[1]


def test_nobody_declares_without_a_year_or_a_plan() -> None:
    revision = f.offered_revision()
    with pytest.raises(NotReady, match="wat u gaat doen"):
        signing.sign(revision.pk, None, by=f.director(revision.organisation))


def test_nobody_hands_in_past_the_declarations() -> None:
    revision = f.offered_revision()
    board = client_of(Role.DIRECTOR, revision.organisation)
    response = board.post(reverse("assessments:revision_step", args=[revision.pk, "submit"]))
    assert response["Location"] == reverse("assessments:signing", args=[revision.pk])
    with pytest.raises(NotReady, match="tekent eerst"):
        f.REVISION.perform(revision.pk, "submit", by=f.director(revision.organisation))
    revision.refresh_from_db()
    assert revision.status == Revision.Status.TO_ADOPT


def test_only_the_board_signs() -> None:
    revision = f.offered_revision()
    with pytest.raises(PermissionDenied):
        signing.sign(revision.pk, 2022, by=f.quality_officer(revision.organisation))


# --- what changed


def corrected(own: Organisation | None = None) -> tuple[Revision, Revision]:
    """A handed-in revision, and the one that came in its place with another answer, text and file."""
    old = f.answered_revision(own)
    first, second = f.asked_items(old, "judgement")[:2]
    officer, board = f.quality_officer(old.organisation), f.director(old.organisation)
    files.attach_evidence(old.pk, first, png("oud.png"), by=officer)
    f.REVISION.perform(old.pk, "offer", by=officer)
    f.sign(old.pk, 2022, by=board)
    f.REVISION.perform(old.pk, "supplement", by=officer)
    new = Revision.objects.get(self_assessment=old.self_assessment_id, status="draft")
    version = new.answers.get(item=first).version
    f.answer(new, first, "fails", "Zo staat het er nu niet voor.", base_version=version, by=officer)
    files.attach_evidence(new.pk, second, png("nieuw.png", "red"), by=officer)
    new.answers.update(confirmed_at=new.created_at)
    f.REVISION.perform(new.pk, "offer", by=officer)
    f.sign(new.pk, 2022, by=board)
    old.refresh_from_db()
    new.refresh_from_db()
    return old, new


def compared(old: Revision, new: Revision, reader: Actor) -> list[difference.Difference]:
    readable = difference.readable_files(reader, new)
    return difference.compare(old.content, new.content, difference.Words(new.content), readable)


def test_the_difference_says_per_question_what_changed() -> None:
    old, new = corrected()
    changes = compared(old, new, f.inspector())
    first, second = changes
    assert (first.before, first.after) == ("meets", "fails")
    assert [(piece.kind, piece.text.strip()) for piece in first.text if piece.kind != "same"]
    assert (second.added, second.removed, second.has_new_value) == (["nieuw.png"], [], False)
    page = client_of(Role.INSPECTOR, f.inspectorate()).get(reverse("assessments:difference", args=[new.pk]))
    text = page.content.decode()
    assert "<ins>" in text and "Vervallen: " in text and "nieuw.png" in text


def test_the_difference_names_only_files_that_the_reader_may_open() -> None:
    old, new = corrected(f.provider(regions=[f.region()]))
    council = client_of(Role.COUNCIL_MEMBER, new.organisation)
    page = council.get(reverse("assessments:difference", args=[new.pk])).content.decode()
    assert "een bewijsstuk" in page and "nieuw.png" not in page
    office = f.acting(Role.CARE_OFFICE_OFFICER, f.care_office([f.region()]))
    piece = EvidenceRevision.objects.get(name="nieuw.png").evidence
    assert [change.added for change in compared(old, new, office)] == [[], ["een bewijsstuk"]]
    library.release(piece.pk, office.own.pk, by=f.quality_officer(new.organisation))
    assert [change.added for change in compared(old, new, office)] == [[], ["nieuw.png"]]


def test_readers_read_that_a_talk_has_a_report_and_not_how_it_is_called() -> None:
    revision = f.answered_revision()
    officer = f.quality_officer(revision.organisation)
    piece = library.add_piece(png("verslag.png"), "Verslag mevrouw Jansen", None, by=officer)
    f.consultation(revision, evidence=piece)
    f.REVISION.perform(revision.pk, "offer", by=officer)
    signing.sign(revision.pk, 2022, by=f.director(revision.organisation))
    url = reverse("assessments:consultations", args=[revision.pk])
    own = client_of(Role.QUALITY_OFFICER, revision.organisation).get(url).content.decode()
    assert "Verslag mevrouw Jansen" in own
    for reader in (
        client_of(Role.COUNCIL_MEMBER, revision.organisation),
        client_of(Role.INSPECTOR, f.inspectorate()),
    ):
        page = reader.get(url).content.decode()
        assert "Stuk: een bewijsstuk" in page and "Verslag mevrouw Jansen" not in page


@pytest.mark.parametrize("name", ["difference", "consultations"])
def test_who_reads_a_part_opened_the_account(name: str) -> None:
    revision = f.submitted_revision()
    client_of(Role.INSPECTOR, f.inspectorate()).get(reverse(f"assessments:{name}", args=[revision.pk]))
    assert [receipt.reader for receipt in revision.receipts.all()] == [f.inspectorate()]


def test_a_table_and_a_figure_are_told_in_words() -> None:
    revision = f.submitted_revision()
    words = difference.Words(revision.content)
    asked = next(row for row in revision.content["answers"] if row["kind"] == "check")
    assert words(asked, "partly") == "Deels"
    assert words(asked, None) == "Nog niet beantwoord"


# --- received


def test_the_provider_sees_who_can_read_it_and_who_did() -> None:
    region = f.region()
    own = f.provider(regions=[region])
    office = f.care_office([region])
    revision = f.answered_revision(own)
    files.attach_evidence(
        revision.pk, f.asked_items(revision, "judgement")[0], png(), by=f.quality_officer(own)
    )
    f.REVISION.perform(revision.pk, "offer", by=f.quality_officer(own))
    revision = f.sign(revision.pk, 2022, by=f.director(own))
    inspector = f.inspector()
    services.record_opening(revision, by=inspector)
    services.record_opening(revision, by=inspector)
    client = Client()
    client.force_login(inspector.person)
    client.get(reverse("assessments:evidence", args=[EvidenceRevision.objects.get().pk]))
    readers = {reader.organisation.pk: reader for reader in received.readers(revision)}
    seen = readers[inspector.own.pk]
    assert seen.account and seen.account.times == 2
    assert [file.what for file in seen.files] == ["rooster.png"]
    assert readers[office.pk].account is None and region.name in readers[office.pk].through
    page = client_of(Role.QUALITY_OFFICER, own).get(reverse("assessments:received", args=[revision.pk]))
    assert "2 keer" in page.content.decode()


# --- public account


def publish(account: PublicAccount) -> PublicAccount:
    published: PublicAccount = PUBLIC_ACCOUNT.perform(
        account.pk, "publish", by=f.director(account.organisation)
    )
    return published


def test_nothing_goes_out_by_itself() -> None:
    revision = f.submitted_revision()
    account = public_account.begin(revision.pk, by=f.quality_officer(revision.organisation))
    assert not account.passages.exists()
    with pytest.raises(NotReady, match="ten minste één onderdeel"):
        publish(account)
    account = publish(f.public_account(revision))
    assert [passage["score"] for passage in account.content["passages"]] == ["", ""]
    assert "Zo staat het er nu voor" not in str(account.content)
    page = Client().get(account.public_url).content.decode()
    assert "Wij komen ook in de nacht." in page and "Zo staat het er nu voor" not in page


def test_a_draft_is_nobody_elses() -> None:
    account = f.public_account(f.submitted_revision())
    assert Client().get(account.public_url).status_code == 404
    other = client_of(Role.DIRECTOR, f.provider())
    assert other.get(account.get_absolute_url()).status_code == 404
    assert PublicAccount.objects.visible_to(f.inspector()).count() == 0


def test_only_the_board_publishes() -> None:
    account = f.public_account(f.submitted_revision())
    with pytest.raises(PermissionDenied):
        PUBLIC_ACCOUNT.perform(account.pk, "publish", by=f.quality_officer(account.organisation))


def test_a_bsn_stops_publishing() -> None:
    account = f.public_account(f.submitted_revision())
    account.passages.update(text="Mevrouw heeft nummer 111222333.")
    with pytest.raises(NotReady, match="BSN"):
        publish(account)


def test_the_address_stays_over_a_correction_and_after_withdrawal() -> None:
    _, new = corrected()
    first = publish(f.public_account(new))
    second = public_account.begin(new.pk, by=f.quality_officer(new.organisation))
    assert second.passages.count() == 2, "a new version begins with the texts of the one before"
    second = publish(second)
    assert second.public_url == first.public_url
    old_page = Client().get(first.version_url).content.decode()
    assert "Deze versie is vervangen" in old_page
    assert first.version_url in Client().get(second.public_url).content.decode()
    PUBLIC_ACCOUNT.perform(
        second.pk, "withdraw", by=f.director(new.organisation), note="Er stond een fout in."
    )
    for url in (second.public_url, first.version_url):
        gone = Client().get(url)
        assert gone.status_code == 410 and "Er stond een fout in." in gone.content.decode()


def test_what_was_published_does_not_change() -> None:
    account = publish(f.public_account(f.submitted_revision()))
    assert sha256_hex(canonical_json(account.content)) == account.sha256
    with pytest.raises(Exception, match="frozen"), transaction.atomic():
        PublicAccount.objects.filter(pk=account.pk).update(content={})
    with pytest.raises(WrongState):
        public_account.drop_passage(
            account.pk, account.passages.get(position=0).item_id, by=f.quality_officer(account.organisation)
        )


def test_the_front_of_what_was_published_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    account = f.public_account(f.submitted_revision())
    seen = pages._versions

    def then_published(revision: Revision) -> list[PublicAccount]:
        versions = seen(revision)
        with as_system():
            publish(account)
        return versions

    officer = client_of(Role.QUALITY_OFFICER, account.organisation)
    monkeypatch.setattr(pages, "_versions", then_published)
    sent = officer.post(account.get_absolute_url(), {"title": "Anders", "intro": ""})
    monkeypatch.undo()
    assert "Deze versie is al openbaar" in officer.get(sent["Location"]).content.decode()
    standing = PublicAccount.objects.get()
    assert (standing.status, standing.title) == ("published", account.title)


def test_only_what_applies_and_was_judged_can_be_chosen() -> None:
    draft = f.answered_revision()
    unknown, left_out, given = f.asked_items(draft, "judgement")[:3]
    officer = f.quality_officer(draft.organisation)
    f.answer(draft, unknown, "unknown", base_version=1, by=officer)
    f.scope_choice(draft, left_out.code)
    f.REVISION.perform(draft.pk, "offer", by=officer)
    handed_in = f.sign(draft.pk, 2022, by=f.director(draft.organisation))
    chosen = {choice.item for choice in public_account.choosable(handed_in)}
    assert given in chosen and not chosen & {unknown, left_out}


def test_order_is_what_the_provider_chose() -> None:
    account = f.public_account(f.submitted_revision(), n=3)
    last = account.passages.last()
    assert last
    public_account.move_passage(account.pk, last.item_id, up=True, by=f.quality_officer(account.organisation))
    assert [passage.item_id for passage in account.passages.all()][1] == last.item_id


def test_the_road_through_the_pages() -> None:
    revision = f.submitted_revision()
    officer = client_of(Role.QUALITY_OFFICER, revision.organisation)
    url = reverse("assessments:public_account", args=[revision.pk])
    officer.post(url)
    item = public_account.choosable(revision)[0].item
    passage = reverse("assessments:public_account_passage", args=[revision.pk, item.pk])
    assert "Zo staat het er nu voor" in officer.get(passage).content.decode(), "its own text is a proposal"
    officer.post(passage, {"heading": "De nacht", "text": "Wij komen.", "show_score": "on"})
    shown = officer.get(reverse("assessments:public_account_preview", args=[revision.pk])).content.decode()
    assert "De nacht" in shown and "Voldoet" in shown
    board = client_of(Role.DIRECTOR, revision.organisation)
    board.post(reverse("assessments:public_account_step", args=[revision.pk, "publish"]))
    listed = Client().get(reverse("assessments:public_accounts"), {"zoek": revision.organisation.name[:5]})
    assert PublicAccount.objects.get().title in listed.content.decode()
