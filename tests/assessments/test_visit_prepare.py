"""Around a visit: notes for the team alone, documents that a provider is asked for, consent at home."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import digest, document_requests, home_visits, visit_notes
from assessments.errors import NotReady, WrongState
from assessments.models import (
    DocumentRequest,
    DocumentRequestFile,
    Evidence,
    EvidenceRevision,
    HomeVisit,
    Visit,
    VisitNote,
)
from providers.models import Mail, Role
from tests import factories as make
from tests.assessments.visit_pages import fields, page, signed_in, url
from tests.test_access import png
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation(editions: Any) -> Any:
    organisation = make.provider("De Linde")
    make.submitted_revision(organisation, year=2025, frameworks=[make.IGJ])
    return organisation


# --- notes


def test_a_note_keeps_every_version_and_a_clash_loses_nothing(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    lead, colleague = make.lead(visit), make.member(visit, name="Ans")
    item, key = make.item("W2").pk, uuid.uuid4()
    first = visit_notes.save(visit.pk, item, "Vraag naar de nacht.", 0, key, by=lead)
    assert visit_notes.save(visit.pk, item, "Vraag naar de nacht.", 0, key, by=lead) == first
    visit_notes.save(visit.pk, item, "En naar de avond.", 1, uuid.uuid4(), by=colleague)
    with pytest.raises(visit_notes.StaleNote) as stale:
        visit_notes.save(visit.pk, item, "Iets anders.", 1, uuid.uuid4(), by=lead)
    assert stale.value.current.text == "En naar de avond."
    visit_notes.save(visit.pk, None, "Twee teams bezoeken.", 0, key, by=lead)  # the key of an old page
    assert VisitNote.objects.count() == 3
    for bad in (make.item("A1", make.ADDENDUM).pk, 999_999):
        with pytest.raises(ValidationError):
            visit_notes.save(visit.pk, bad, "Elders", 0, uuid.uuid4(), by=lead)
    outsider = make.actor(make.person(Role.INSPECTOR, make.inspectorate()))
    for stranger in (outsider, make.director(organisation)):
        with pytest.raises(PermissionDenied):
            visit_notes.save(visit.pk, item, "Mag niet", 2, uuid.uuid4(), by=stranger)
    Visit.objects.filter(pk=visit.pk).update(status=Visit.Status.SETTLED)
    with pytest.raises(WrongState):
        visit_notes.save(visit.pk, item, "Te laat", 2, uuid.uuid4(), by=lead)
    with pytest.raises(ProgrammingError), transaction.atomic():
        VisitNote.objects.update(text="Herschreven")


def test_writing_notes_beside_the_account(organisation: Any) -> None:
    """While typing and with the button; a colleague's newer text is shown beside the own one, to choose."""
    visit = make.planned_visit(organisation)
    lead, colleague = make.lead(visit), make.member(visit, name="Ans")
    client, address = signed_in(lead), url("visit_preparation", visit.pk)
    text = page(client, address)
    assert "Zo staat het er nu voor bij W1." in text, "what the provider wrote"
    sent = fields(text)
    box = f"n{make.item('W2').pk}"
    sent[f"{box}-text"] = "Vraag naar de nacht."
    typed = client.post(url("visit_note", visit.pk, make.item("W2").pk), sent).content.decode()
    assert "data-saved" in typed and 'value="1"' in typed, "the next save is about version 1"
    visit_notes.save(visit.pk, make.item("W2").pk, "En naar de avond.", 1, uuid.uuid4(), by=colleague)
    sent = {**sent, f"{box}-base": "1", f"{box}-text": "Iets anders.", f"{box}-key": str(uuid.uuid4())}
    typed = client.post(url("visit_note", visit.pk, make.item("W2").pk), sent).content.decode()
    assert "data-saved" not in typed and "Iets anders." in typed and "En naar de avond." in typed
    answer = client.post(address, sent)
    assert answer.status_code == 409
    chosen = {**sent, f"{box}-both": "1", f"{box}-seen": "2"}
    assert client.post(address, chosen).status_code == 302
    assert "En naar de avond.\n\nIets anders." in page(client, address)
    assert "Iets anders." not in page(client, url("visit", visit.pk))


def test_notes_are_the_inspectorates_alone(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    make.note(visit, "GEHEIM")
    make.home_visit(visit)
    office = make.acting(Role.CARE_OFFICE_OFFICER, make.care_office())
    for stranger in (make.quality_officer(organisation), make.director(organisation), office):
        with acting(stranger.scope):
            assert not VisitNote.objects.exists() and not HomeVisit.objects.exists()
    assert signed_in(office).get(url("visit_preparation", visit.pk)).status_code == 403
    assert "GEHEIM" in page(signed_in(make.coordinator()), url("visit_preparation", visit.pk))


def test_own_scores_stay_hidden_while_preparing_if_the_team_chose_so(organisation: Any) -> None:
    visit = make.planned_visit(organisation, own_score_hidden=True)
    client, address = signed_in(make.lead(visit)), url("visit_preparation", visit.pk)
    hidden = "U ziet dit na uw eigen oordeel."
    assert page(client, address).count(hidden) == 3
    make.judge(visit, "W2", common=False)
    assert page(client, address).count(hidden) == 2


def test_the_preparation_asks_as_much_for_one_note_as_for_all(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    client, address = signed_in(make.lead(visit)), url("visit_preparation", visit.pk)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, address)
        return len(seen)

    make.note(visit)
    statements()  # what a process reads once
    before = statements()
    for code in ("", "W1", "W3"):
        make.note(visit, code=code)
        make.note(visit, "Nog een versie.", code=code)
    assert statements() == before


# --- documents


def test_documents_are_asked_given_taken_back_and_complete(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    lead, officer = signed_in(make.lead(visit)), signed_in(make.quality_officer(organisation))
    sent = fields(page(lead, url("document_request_new", visit.pk)))
    sent |= {"what": "Het rooster van de nachten", "why": "Om te zien wie er komt."}
    assert lead.post(url("document_request_new", visit.pk), sent).status_code == 200, "no day"
    sent["due"] = (timezone.localdate() + timedelta(days=7)).isoformat()
    for _ in range(2):
        assert lead.post(url("document_request_new", visit.pk), sent).status_code == 302
    asked = DocumentRequest.objects.get()
    people = {make.quality_officer(organisation).person.email, make.director(organisation).person.email}
    assert {mail.to for mail in Mail.objects.filter(kind="documents_asked")} == people
    assert "Documenten geven aan de inspectie" in page(officer, url("tasks"))
    assert "Het rooster van de nachten" in page(officer, url("visit", visit.pk))
    assert officer.post(asked.get_absolute_url(), {"file": png()}).status_code == 302
    assert officer.post(asked.get_absolute_url(), {"file": png("nog-eens.png")}).status_code == 302
    assert Evidence.objects.count() == DocumentRequestFile.objects.count() == 1, "the same content, once"
    file = EvidenceRevision.objects.get()
    assert "rooster.png" in page(lead, asked.get_absolute_url())
    assert lead.get(url("evidence", file.pk)).status_code == 302, "the inspectorate may open it"
    given = DocumentRequestFile.objects.get()
    officer.post(url("document_take_back", asked.pk, given.pk))
    assert lead.get(url("evidence", file.pk)).status_code == 404 and Evidence.objects.exists()
    officer.post(asked.get_absolute_url(), {"file": png()})
    lead.post(url("document_close", asked.pk))
    asked.refresh_from_db()
    assert asked.status == "complete"
    with pytest.raises(WrongState):
        document_requests.give(asked.pk, png("later.png", "red"), by=make.director(organisation))
    with pytest.raises(WrongState):
        document_requests.close(asked.pk, "withdrawn", by=make.lead(visit))
    text = page(officer, asked.get_absolute_url())
    assert "Alles is er" in text and "Terugnemen" not in text and make.lead(visit).person.name not in text


def test_asking_never_gives_an_unannounced_visit_away(organisation: Any) -> None:
    """Refused by the domain, by the page and, when all forget, by the database."""
    visit = make.planned_visit(organisation, announced=False)
    lead = make.lead(visit)
    with pytest.raises(NotReady, match="weet nog niet"):
        make.documents_asked(visit)
    assert signed_in(lead).get(url("document_request_new", visit.pk)).status_code == 302
    assert "Documenten opvragen" not in page(signed_in(lead), url("visit", visit.pk))
    row = {
        "organisation": organisation,
        "visit": visit,
        "what": "x",
        "why": "x",
        "due": date(2027, 1, 1),
        "asked_by": lead.person,
    }
    with pytest.raises(ProgrammingError), acting(lead.scope), transaction.atomic():
        DocumentRequest.objects.create(**row)
    assert not Mail.objects.exists()
    make.step(visit, "conduct", lead)
    asked = make.documents_asked(visit)
    officer = make.quality_officer(organisation)
    with acting(officer.scope):
        assert DocumentRequest.objects.visible_to(officer).get() == asked


def test_whose_request_and_whose_file_it_is(organisation: Any) -> None:
    asked = make.documents_asked(make.planned_visit(organisation))
    other = make.provider("Andere Zorg")
    stranger = make.director(other)
    assert signed_in(stranger).get(asked.get_absolute_url()).status_code == 404
    with acting(stranger.scope), pytest.raises(DocumentRequest.DoesNotExist):
        document_requests.give(asked.pk, png(), by=stranger)
    for wrong in (make.lead(asked.visit), make.acting(Role.COUNCIL_MEMBER, organisation)):
        with pytest.raises(PermissionDenied):
            document_requests.give(asked.pk, png(), by=wrong)
    with pytest.raises(PermissionDenied):
        document_requests.close(asked.pk, "complete", by=make.director(organisation))
    office = make.acting(Role.CARE_OFFICE_OFFICER, make.care_office())
    given = document_requests.give(asked.pk, png(), by=make.director(organisation))
    with acting(office.scope):
        assert not DocumentRequest.objects.exists() and not DocumentRequestFile.objects.exists()
        assert not EvidenceRevision.objects.exists()
    with acting(make.director(organisation).scope):
        assert DocumentRequest.objects.filter(pk=asked.pk).update(what="Iets anders") == 0
    assert given.organisation == organisation


def test_what_is_late_is_late_for_both(organisation: Any) -> None:
    visit = make.planned_visit(organisation)
    asked = make.documents_asked(visit, due=0)
    assert not asked.is_late
    DocumentRequest.objects.update(due=timezone.localdate() - timedelta(days=1))
    for who in (make.lead(visit), make.quality_officer(organisation)):
        text = page(signed_in(who), asked.get_absolute_url())
        assert "Te laat" in text and "Die dag is voorbij" in text
        assert asked.get_absolute_url() in page(signed_in(who), url("tasks"))
    with pytest.raises(ValidationError):
        make.documents_asked(visit, due=-1)


def test_the_daily_mail_reminds_of_documents_that_are_due(organisation: Any) -> None:
    asked = make.documents_asked(make.planned_visit(organisation))
    officer, today = make.quality_officer(organisation).person, timezone.localdate()
    DocumentRequest.objects.update(asked_at=timezone.now() - timedelta(days=3))

    def told(due: int) -> list[digest.Line]:
        DocumentRequest.objects.update(due=today + timedelta(days=due))
        return list(digest.due_to_inspectorate({officer.pk}, timezone.now() - timedelta(hours=20), today))

    (line,) = told(0)
    assert (line.heading, line.due) == (digest.DUE, today) and str(asked.pk) in line.link
    assert asked.what not in line.text and len(told(7)) == 1 and told(8) == []


# --- home visits


def test_homes_are_counted_from_their_consent(organisation: Any) -> None:
    visit = make.conducted_visit(organisation)
    client, address = signed_in(make.lead(visit)), url("visit_homes", visit.pk)
    sent = fields(page(client, address)) | {"consent_by": "representative", "consent_how": "written"}
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    make.home_visit(visit)
    visit.refresh_from_db()
    assert visit.home_visits == HomeVisit.objects.count() == 2
    assert "2 huisbezoeken in het rapport" in page(client, address)
    home = HomeVisit.objects.earliest("pk")
    for _ in range(2):
        client.post(url("home_drop", visit.pk, home.pk))
    visit.refresh_from_db()
    assert visit.home_visits == 1 and "Vervallen op" in page(client, address)
    day = visit.starts_on
    for told in (
        {"consent_on": day + timedelta(days=1)},
        {"day": day - timedelta(days=1), "consent_on": day},
    ):
        with pytest.raises(ValidationError):
            make.home_visit(visit, **told)
    with pytest.raises(PermissionDenied):
        home_visits.drop(home.pk, by=make.coordinator())
    wrong = {**sent, "key": str(uuid.uuid4()), "day": (day + timedelta(days=40)).isoformat()}
    assert "valt buiten het bezoek" in client.post(address, wrong).content.decode()
