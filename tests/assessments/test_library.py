"""The evidence library: kept once, used everywhere, renewed and released by who owns it."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import evidence_mail, files, library
from assessments.errors import WrongState
from assessments.models import Evidence, EvidenceLink, EvidenceRelease, EvidenceRevision
from providers.models import AuditEvent, Mail, ProviderRegion, Role
from tests import factories as make
from tests.assessments.test_files import PDF, image, upload
from wlzthuis.isolation import acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder", "editions")]


@pytest.fixture
def own():
    return make.provider(regions=[make.region()])


@pytest.fixture
def officer(own):
    return make.quality_officer(own)


def piece(by, title="Beleid", content=PDF, name="beleid.pdf", valid_until=None) -> Evidence:
    return library.add_piece(upload(name, content), title, valid_until, by=by)


def client(by) -> Client:
    signed_in = Client()
    signed_in.force_login(by.person)
    return signed_in


def page(by, name, *args, **query) -> str:
    response = client(by).get(reverse(f"assessments:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def post(by, name, *args, **data):
    return client(by).post(reverse(f"assessments:{name}", args=args), data, follow=True)


def offer_and_submit(revision):
    make.REVISION.perform(revision.pk, "offer", by=make.quality_officer(revision.organisation))
    return make.sign(revision.pk, 2022, by=make.director(revision.organisation))


# --- the list


def test_the_list_finds_by_title_and_by_file_name_and_shows_what_asks_attention(officer):
    soon = timezone.localdate() + timedelta(days=10)
    piece(officer, "Nachtrooster", PDF, "rooster.pdf", soon)
    piece(officer, "Scholing", image("PNG"), "certificaten.png")
    gone = piece(officer, "Oud plan", image("JPEG"), "plan.jpg")
    library.archive(gone.pk, True, by=officer)

    def shown(**query) -> set[str]:
        text = page(officer, "library", **query)
        return {title for title in ("Nachtrooster", "Scholing", "Oud plan") if title in text}

    assert shown() == {"Nachtrooster", "Scholing"}
    assert shown(zoek="ROOSTER") == {"Nachtrooster"}
    assert shown(zoek="certificaten png") == {"Scholing"}
    assert shown(zoek="bestaat niet") == set()
    assert shown(toon="verloopt") == {"Nachtrooster"}
    assert shown(toon="ongebruikt") == {"Nachtrooster", "Scholing"}
    assert shown(toon="archief") == {"Oud plan"}
    assert shown(toon="onzin") == {"Nachtrooster", "Scholing"}


def test_the_list_of_others_is_their_own(officer):
    piece(officer, "Nachtrooster")
    assert "Nachtrooster" not in page(make.quality_officer(make.provider()), "library")


@pytest.mark.parametrize("name", ["library", "choose_evidence"])
def test_a_longer_list_asks_the_database_nothing_more(own, officer, name, django_assert_max_num_queries):
    revision = make.draft_revision(own)
    args = [revision.pk, make.item("W1").pk] if name == "choose_evidence" else []
    signed_in, url = client(officer), reverse(f"assessments:{name}", args=args)
    signed_in.get(url)  # a first request finds its session and who acts
    counted = []
    for number in range(6):
        piece(officer, f"Stuk {number}", PDF + str(number).encode(), "a.pdf")
        if number in (1, 5):
            with django_assert_max_num_queries(100) as queries:
                assert signed_in.get(url).status_code == 200
            counted.append([query["sql"] for query in queries])
    assert len(counted[0]) == len(counted[1]), counted


# --- a piece


def test_a_piece_is_added_once(officer):
    first = piece(officer, "", name="nacht-rooster_2.pdf")
    assert first.title == "Nacht rooster 2"
    with pytest.raises(ValidationError, match="U heeft dit bestand al, als ‘Nacht rooster 2’"):
        piece(officer, "Nog eens")
    assert Evidence.objects.count() == 1


def test_added_renamed_and_archived_on_the_page(own, officer):
    post(officer, "evidence_new", file=upload("plan.pdf", PDF), title="Plan", valid_until="2030-01-31")
    made = Evidence.objects.get()
    assert (made.title, str(made.valid_until)) == ("Plan", "2030-01-31")
    post(officer, "evidence_detail", made.pk, title="Nachtplan", valid_until="")
    made.refresh_from_db()
    assert (made.title, made.valid_until) == ("Nachtplan", None)
    answer = post(officer, "evidence_archive", made.pk)
    assert "Terughalen" in answer.content.decode()
    post(officer, "evidence_archive", made.pk, undo="1")
    made.refresh_from_db()
    assert made.archived_at is None
    actions = set(AuditEvent.objects.filter(about=own).values_list("action", flat=True))
    assert {"evidence_added", "evidence_archived", "evidence_restored"} <= actions


def test_what_a_colleague_changed_meanwhile_is_not_lost(officer):
    kept = piece(officer, "Plan")
    colleague = make.director(officer.own)
    seen = {"was_title": "Plan", "was_valid_until": ""}
    shown = page(officer, "evidence_detail", kept.pk)
    assert 'name="was_title" value="Plan"' in shown
    post(colleague, "evidence_detail", kept.pk, title="Plan", valid_until="2030-01-31", **seen)
    post(officer, "evidence_detail", kept.pk, title="Nachtplan", valid_until="", **seen)
    kept.refresh_from_db()
    assert (kept.title, str(kept.valid_until)) == ("Nachtplan", "2030-01-31")
    answer = post(colleague, "evidence_detail", kept.pk, title="Dagplan", valid_until="2030-01-31", **seen)
    assert "Een collega wijzigde dit intussen in ‘Nachtplan’" in answer.content.decode()
    kept.refresh_from_db()
    assert kept.title == "Nachtplan"


def test_a_refused_file_is_said_at_its_field_and_what_was_typed_stays(officer):
    answer = post(officer, "evidence_new", file=upload("plan.pdf", b"x"), title="Mijn plan")
    assert "De inhoud van ‘plan.pdf’ is geen PDF" in answer.content.decode()
    assert 'value="Mijn plan"' in answer.content.decode()


def test_a_new_file_leaves_the_old_one_where_it_is_cited(own, officer):
    revision = make.answered_revision(own)
    link = files.attach_evidence(revision.pk, make.item("W1"), upload("a.pdf", PDF), by=officer)
    kept, old = link.evidence_revision.evidence, link.evidence_revision
    post(officer, "evidence_new_file", kept.pk, file=upload("a2.pdf", PDF + b"2"))
    new = EvidenceRevision.objects.get(evidence=kept, number=2)
    link.refresh_from_db()
    assert link.evidence_revision == old
    shown = page(officer, "fill_in_section", revision.pk, make.item("W1").section_id)
    assert "Nieuwere versie gebruiken" in shown
    post(officer, "fill_in_section", revision.pk, make.item("W1").section_id, renew=str(link.pk))
    assert EvidenceLink.objects.get(revision=revision).evidence_revision == new
    handed_in = offer_and_submit(revision)
    post(officer, "evidence_new_file", kept.pk, file=upload("a3.pdf", PDF + b"3"))
    assert EvidenceLink.objects.get(revision=handed_in).evidence_revision == new
    assert handed_in.content["answers"][0]["evidence"] or new.sha256 in str(handed_in.content)
    with pytest.raises(WrongState):
        files.renew_evidence(EvidenceLink.objects.get(revision=handed_in), by=officer)


def test_the_same_file_is_no_new_version(officer):
    kept = piece(officer)
    with pytest.raises(ValidationError, match="staat er al"):
        library.add_file(kept.pk, upload("b.pdf", PDF), by=officer)


def test_the_page_tells_where_it_is_used_and_who_opened_it(own, officer):
    revision = make.answered_revision(own, year=2025)
    link = files.attach_evidence(revision.pk, make.item("W1"), upload("a.pdf", PDF), by=officer)
    offer_and_submit(revision)
    inspector = make.inspector()
    client(inspector).get(reverse("assessments:evidence", args=[link.evidence_revision_id]))
    shown = page(officer, "evidence_detail", link.evidence_revision.evidence_id)
    assert "2025, versie 1" in shown
    assert link.evidence_revision.sha256 in shown
    opened = shown[shown.index("Wie het opende") :]
    assert inspector.own.name in opened
    assert inspector.person.name not in opened


def test_only_the_own_editors_change_a_piece(officer):
    kept = piece(officer)
    for stranger in (
        make.quality_officer(make.provider()),
        make.acting(Role.COUNCIL_MEMBER, officer.own),
        make.inspector(),
    ):
        for change in (
            lambda by: library.change(kept.pk, "Anders", None, by=by),
            lambda by: library.archive(kept.pk, True, by=by),
            lambda by: library.add_file(kept.pk, upload("b.pdf", PDF + b"2"), by=by),
            lambda by: library.release(kept.pk, 1, by=by),
            lambda by: library.withdraw(kept.pk, 1, by=by),
        ):
            with pytest.raises(PermissionDenied):
                change(stranger)


# --- choosing at a question


def test_chosen_from_the_library_without_a_script(own, officer):
    revision = make.draft_revision(own)
    kept, other = piece(officer), piece(officer, "Rooster", image("PNG"), "r.png")
    strange = piece(make.quality_officer(make.provider()), "Vreemd")
    item = make.item("W1")
    saved = client(officer).post(
        reverse("assessments:fill_in_section", args=[revision.pk, item.section_id]), {"choose": item.pk}
    )
    choose = reverse("assessments:choose_evidence", args=[revision.pk, item.pk])
    assert saved["Location"] == choose
    client(officer).post(choose, {"piece": [kept.pk, strange.pk, "x", "9" * 30]})
    assert [link.evidence_revision.evidence for link in EvidenceLink.objects.all()] == [kept]
    shown = client(officer).get(choose).content.decode()
    assert "Staat al bij deze vraag" in shown
    assert f'value="{other.pk}"' in shown
    client(officer).post(choose, {"piece": [kept.pk]})
    assert EvidenceLink.objects.count() == 1


def test_after_offering_nothing_is_chosen_any_more(own, officer):
    revision = make.offered_revision(own)
    kept = piece(officer)
    answer = post(officer, "choose_evidence", revision.pk, make.item("W1").pk, piece=kept.pk)
    assert "intussen ter vaststelling" in answer.content.decode()
    assert not EvidenceLink.objects.exists()


# --- releasing


@pytest.fixture
def handed_in(own, officer):
    revision = make.answered_revision(own)
    item = make.item("W1")
    files.attach_evidence(revision.pk, item, upload("vrij.pdf", PDF), by=officer)
    files.attach_evidence(revision.pk, item, upload("dicht.png", image("PNG")), by=officer)
    return offer_and_submit(revision)


def sees(by, revision) -> set[str]:
    text = page(by, "fill_in", revision.pk)
    names = {name for name in ("vrij.pdf", "dicht.png") if name in text}
    with acting(by.scope):
        assert names == set(EvidenceRevision.objects.values_list("name", flat=True))
    assert names == set(EvidenceRevision.objects.visible_to(by).values_list("name", flat=True))
    return names


def test_a_care_office_sees_what_is_released_to_it_and_no_other_name(own, officer, handed_in):
    region = make.region()
    office = make.acting(Role.CARE_OFFICE_OFFICER, make.care_office([region]))
    other_region = make.region("5509", "Utrecht")
    ProviderRegion.objects.create(provider=own, region=other_region, valid_from=date(2020, 1, 1))
    second = make.acting(Role.CARE_OFFICE_OFFICER, make.care_office([other_region], name="Zorgkantoor Twee"))
    kept = Evidence.objects.get(title="Vrij")
    assert sees(office, handed_in) == set()
    shown = post(officer, "evidence_release", kept.pk, release=office.own.pk)
    assert "Intrekken" in shown.content.decode()
    assert sees(office, handed_in) == {"vrij.pdf"}
    file = kept.revisions.get()
    url = reverse("assessments:evidence", args=[file.pk])
    assert client(office).get(url).status_code == 302
    assert client(second).get(url).status_code == 404
    assert sees(second, handed_in) == set()
    assert sees(make.inspector(), handed_in) == {"vrij.pdf", "dicht.png"}
    post(officer, "evidence_release", kept.pk, withdraw=office.own.pk)
    assert sees(office, handed_in) == set()
    assert client(office).get(url).status_code == 404
    assert EvidenceRelease.objects.get().withdrawn_by == officer.person


def test_released_but_not_handed_in_is_seen_by_nobody(own, officer):
    office = make.acting(Role.CARE_OFFICE_OFFICER, make.care_office([make.region()]))
    kept = piece(officer)
    library.release(kept.pk, office.own.pk, by=officer)
    with acting(office.scope):
        assert not EvidenceRevision.objects.exists()
        assert not Evidence.objects.exists()
    assert not EvidenceRevision.objects.visible_to(office).exists()


def test_released_only_to_a_care_office_of_the_own_regions(officer):
    kept = piece(officer)
    for stranger in (make.care_office(name="Zorgkantoor Verweg"), make.inspectorate()):
        with pytest.raises(PermissionDenied):
            library.release(kept.pk, stranger.pk, by=officer)
        post(officer, "evidence_release", kept.pk, release=stranger.pk)
    assert not EvidenceRelease.objects.exists()


def test_another_provider_cannot_release_it_in_the_database_itself(officer):
    kept, office = piece(officer), make.care_office([make.region()])
    thief = make.quality_officer(make.provider())
    with acting(thief.scope), pytest.raises(IntegrityError), transaction.atomic():
        EvidenceRelease.objects.create(
            organisation=thief.own, evidence_id=kept.pk, reader=office, by=thief.person
        )


# --- the last day


def test_who_can_act_is_reminded_once_before_and_once_at_the_day(officer):
    director = make.director(officer.own)
    today = timezone.localdate()
    kept = piece(officer, "Rooster", valid_until=today + timedelta(days=30))
    later = piece(officer, "Plan", image("PNG"), "p.png", today + timedelta(days=31))
    assert evidence_mail.remind() == 1
    assert evidence_mail.remind() == 0
    mails = Mail.objects.filter(kind="evidence_ending")
    assert {mail.to for mail in mails} == {officer.person.email, director.person.email}
    for sent in mails:
        assert kept.get_absolute_url() in sent.text
        assert later.get_absolute_url() not in sent.text
        assert "Rooster" not in f"{sent.subject} {sent.text} {sent.html}"
    mails.delete()
    Evidence.objects.filter(pk=kept.pk).update(valid_until=today)
    assert evidence_mail.remind() == 1
    assert evidence_mail.remind() == 0
    # For another last day anew.
    Mail.objects.all().delete()
    library.change(kept.pk, "Rooster", today + timedelta(days=5), by=officer)
    assert evidence_mail.remind() == 1


def test_what_comes_to_end_later_on_the_same_day_is_told_too(officer):
    soon = timezone.localdate() + timedelta(days=3)
    first = piece(officer, valid_until=soon)
    assert evidence_mail.remind() == 1
    second = piece(officer, "Plan", image("PNG"), "p.png", soon)
    assert evidence_mail.remind() == 1
    older, newer = Mail.objects.filter(kind="evidence_ending").order_by("created_at")
    assert first.get_absolute_url() in older.text
    assert second.get_absolute_url() in newer.text
    assert first.get_absolute_url() not in newer.text


def test_one_mail_for_many_pieces_and_none_for_what_is_archived(officer):
    soon = timezone.localdate() + timedelta(days=3)
    for number in range(25):
        piece(officer, f"Stuk {number}", PDF + str(number).encode(), "a.pdf", soon)
    library.archive(Evidence.objects.get(title="Stuk 0").pk, True, by=officer)
    assert evidence_mail.remind() == 1
    mail = Mail.objects.get(kind="evidence_ending")
    assert mail.subject == "Kijk 24 bewijsstukken na"
    assert "En nog 4" in mail.text
    assert Evidence.objects.get(title="Stuk 0").get_absolute_url() not in mail.text


# --- too much


def test_too_many_files_in_a_short_time_are_refused(officer, monkeypatch):
    monkeypatch.setattr(files, "RATE", 2)
    piece(officer, content=PDF + b"1")
    piece(officer, content=PDF + b"2")
    with pytest.raises(ValidationError, match="Wacht tien minuten"):
        piece(officer, content=PDF + b"3")
    EvidenceRevision.objects.update(uploaded_at=timezone.now() - timedelta(minutes=11))
    piece(officer, content=PDF + b"3")


def test_the_room_of_an_organisation_has_an_end(officer, settings):
    settings.EVIDENCE_QUOTA_MB = 1
    piece(officer, content=PDF.ljust(700_000, b"\0"))
    answer = post(officer, "evidence_new", file=upload("b.pdf", PDF.ljust(400_000, b"1")))
    assert "bewaart al 1 MB aan bewijsstukken" in answer.content.decode()
    assert EvidenceRevision.objects.count() == 1


def test_no_page_says_what_a_stranger_typed_as_markup(officer):
    kept = piece(officer, "<script>alert(1)</script>")
    assert not re.search(r"<script>alert", page(officer, "evidence_detail", kept.pk))
