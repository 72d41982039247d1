"""After the decision: suspension, objections, the provider's words, better versions, and what is left."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import corrections, online, publication, report_text
from assessments.errors import NotReady, WrongState
from assessments.models import ConceptVersion, Correction, Objection, Publication, PublicReaction, Visit
from assessments.tasks import publish_due, take_offline
from assessments.workflow import VISIT
from providers.actor import SYSTEM, Actor
from providers.models import AuditEvent, Mail, Role
from reports.content import parse
from reports.models import ReportRequest
from tests import factories as f
from tests.assessments.visit_pages import signed_in, url
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
S = Visit.Status


@pytest.fixture
def public(editions: Any) -> Visit:
    return f.published_visit(f.provider("De Linde"))


@pytest.fixture
def decided(editions: Any, settings: Any) -> Visit:
    settings.PUBLICATION_WAIT_DAYS = 14
    provider = f.provider("De Linde")
    f.director(provider)
    return f.decided_visit(provider)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.person)
    return client


def report_url(visit: Visit, version: str = "1.0") -> str:
    return reverse("reports:detail", args=[visit.number, version])


# --- suspension


def test_a_suspension_says_by_whom_until_when_and_is_forgotten_with_its_end(decided: Visit) -> None:
    board = f.coordinator()
    until = timezone.localdate() + timedelta(days=30)
    page = client_of(board)
    url = reverse("assessments:visit_suspend", args=[decided.pk])
    assert "Kies wie opschort." in page.post(url, {"note": "Uitspraak"}).content.decode()
    sent = {"suspended_by": "court", "case_number": "UTR 26/123", "until": str(until), "note": "Uitspraak"}
    assert page.post(url, sent).status_code == 302
    decided.refresh_from_db()
    row = decided.publication
    assert (decided.status, row.suspended_by, row.case_number, row.suspended_until) == (
        S.SUSPENDED,
        "court",
        "UTR 26/123",
        until,
    )
    assert decided.events.latest("pk").note.startswith("De rechter, zaak UTR 26/123, tot en met")
    assert "zaak UTR 26/123" in page.get(decided.get_absolute_url()).content.decode()
    assert "Opschorting opheffen of verlengen" in page.get(reverse("assessments:tasks")).content.decode()
    f.step(decided, "resume", board, "Beroep ongegrond")
    row.refresh_from_db()
    assert (row.suspended_by, row.case_number, row.suspended_until) == ("", "", None)


def test_what_is_suspended_does_not_open_at_its_moment(decided: Visit) -> None:
    board = f.coordinator()
    publication.suspend(decided.pk, publication.Suspension("inspectorate"), "Nader onderzoek", by=board)
    Publication.objects.update(publish_at=timezone.now() - timedelta(days=1))
    assert publish_due() == 0
    f.step(decided, "resume", board, "Onderzocht")
    assert publish_due() == 1


# --- mails about what follows


def told(visit: Visit) -> list[str]:
    """The mails to the director about what follows, each as subject and text, oldest first."""
    director = f.director(visit.organisation).person
    rows = Mail.objects.filter(kind="after_report", to=director.email).order_by("created_at")
    page = f"{visit.get_absolute_url()}#openbaarmaking"
    assert all(page in row.text and page in row.html for row in rows)
    return [f"{row.subject} | {row.text}" for row in rows]


def test_the_provider_hears_of_a_suspension_and_of_its_end_without_the_reason(decided: Visit) -> None:
    board, until = f.coordinator(), timezone.localdate() + timedelta(days=30)
    suspension = publication.Suspension("court", "UTR 26/123", until)
    with pytest.raises(PermissionDenied):
        publication.suspend(decided.pk, suspension, "Uitspraak", by=f.lead(decided))
    assert told(decided) == []
    assert not Publication.objects.exclude(suspended_by="").exists(), "nothing stays of a step not taken"
    publication.suspend(decided.pk, suspension, "Uitspraak", by=board)
    f.step(decided, "resume", board, "Beroep ongegrond")
    publication.suspend(decided.pk, publication.Suspension("court"), "Opnieuw", by=board)
    first, second, third = told(decided)
    assert f"rapport {decided.number} is opgeschort" in first
    assert f"opgeschort tot en met {date_format(until, 'j F Y')}." in first
    opens = date_format(timezone.localtime(decided.publication.publish_at), "j F Y")
    assert f"Het rapport wordt openbaar op {opens}." in second
    assert "opgeschort tot nader bericht." in third
    assert not any(word in mail for mail in (first, second, third) for word in ("Uitspraak", "UTR", "Beroep"))


def test_the_provider_hears_what_is_public_no_more_and_what_is_again(public: Visit) -> None:
    f.director(public.organisation)
    board, today = f.coordinator(), date_format(timezone.localdate(), "j F Y")
    publication.suspend(public.pk, publication.Suspension("inspectorate"), "Onderzoek", by=board)
    f.step(public, "resume", board, "Onderzocht")
    withdrawn(public)
    _, again, gone = told(public)
    assert f"Het rapport is sinds {today} weer openbaar." in again
    assert f"Rapport {public.number} is ingetrokken" in gone and f"ingetrokken op {today}." in gone
    assert "niet meer openbaar. In Thuispeil leest u waarom." in gone and "vernietigde" not in gone


def test_a_mail_about_what_never_was_public_promises_no_reason(decided: Visit) -> None:
    publication.suspend(decided.pk, publication.Suspension("court"), "Uitspraak", by=f.coordinator())
    withdrawn(decided)
    gone = told(decided)[-1]
    assert "Het rapport wordt niet openbaar." in gone and "waarom" not in gone


def test_the_provider_hears_what_came_of_its_own_objection_and_of_no_other(decided: Visit) -> None:
    board, today = f.coordinator(), timezone.localdate()
    for made_by in ("provider", "other"):
        row = f.objection(decided, made_by)
        publication.settle_objection(row.pk, "partly", today, "Eén datum klopte niet.", by=board)
    (mail,) = told(decided)
    assert f"Uw bezwaar bij rapport {decided.number} is afgehandeld" in mail
    assert f"afgehandeld op {date_format(today, 'j F Y')}. De uitkomst is: deels gegrond." in mail
    assert "klopte" not in mail


# --- objections


def test_an_objection_does_not_stop_publication_and_is_settled_once(decided: Visit) -> None:
    row = f.objection(decided)
    assert f.objection(decided).pk == row.pk
    other: dict[str, Any] = {
        "received_on": row.received_on,
        "made_by": "provider",
        "subject": "En dit klopt ook niet.",
    }
    again = signed_in(f.coordinator()).post(url("objection_new", decided.pk), other)
    beside = again.context["form"].errors["received_on"][0]
    assert "al een bezwaar van de aanbieder" in beside and other["subject"] in again.content.decode()
    assert "Nog niet opgeslagen" in again.content.decode()
    Publication.objects.update(publish_at=timezone.now())
    assert publish_due() == 1
    today, board = timezone.localdate(), f.coordinator()
    with pytest.raises(ValidationError):
        publication.settle_objection(row.pk, "founded", today - timedelta(days=1), "Te vroeg", by=board)
    with pytest.raises(ValidationError):
        publication.settle_objection(row.pk, "founded", today + timedelta(days=1), "Te laat", by=board)
    publication.settle_objection(row.pk, "partly", today, "Eén datum klopte niet.", by=board)
    with pytest.raises(WrongState):
        publication.settle_objection(row.pk, "founded", today, "Nog eens", by=board)
    row.refresh_from_db()
    assert (row.outcome, row.outcome_on, row.reason) == ("partly", today, "Eén datum klopte niet.")
    logged = AuditEvent.objects.filter(action__startswith="objection").values_list("action", flat=True)
    assert sorted(logged) == ["objection_recorded", "objection_settled"]


def test_an_objection_needs_a_decision_and_the_right_people(editions: Any, decided: Visit) -> None:
    row = f.objection(decided)
    for stranger in (
        f.quality_officer(decided.organisation),
        f.acting(Role.CARE_OFFICE_OFFICER, f.care_office()),
    ):
        with pytest.raises(PermissionDenied):
            publication.record_objection(Objection(visit=decided, received_on=f.LONG_AGO), by=stranger)
        with pytest.raises(PermissionDenied):
            publication.settle_objection(row.pk, "founded", timezone.localdate(), "x", by=stranger)
    with pytest.raises(PermissionDenied):
        publication.settle_objection(row.pk, "founded", timezone.localdate(), "x", by=f.lead(decided))
    with pytest.raises(WrongState):
        f.objection(f.settled_visit())


def test_two_others_may_object_on_one_day(decided: Visit) -> None:
    for _ in range(2):
        for subject in ("De buren", "Een cliënt"):
            f.objection(decided, "other", subject=subject)
    assert decided.objections.count() == 2, "each button was pressed twice"
    unsaid = {"received_on": timezone.localdate().isoformat(), "made_by": "other", "subject": ""}
    page = signed_in(f.coordinator()).post(url("objection_new", decided.pk), unsaid).content.decode()
    assert "Schrijf kort waarover dit bezwaar gaat." in page
    assert decided.objections.count() == 2


def test_a_provider_reads_its_own_objection_and_nobody_elses(decided: Visit) -> None:
    f.objection(decided, subject="Onderwerp van de aanbieder")
    theirs = f.objection(decided, "other", subject="Onderwerp van een ander")
    provider = f.quality_officer(decided.organisation)
    assert Objection.objects.visible_to(provider).count() == 1
    with acting(provider.scope):
        assert not Objection.objects.filter(pk=theirs.pk).exists()
    page = client_of(provider).get(decided.get_absolute_url()).content.decode()
    assert "Bezwaar" in page
    assert "Een andere belanghebbende" not in page
    assert "Onderwerp van de aanbieder" not in page, "only the inspectorate reads its own summary"


# --- the waiting time, and the provider's own words


def test_the_last_day_for_an_objection_is_shown_to_both_until_it_is_past(public: Visit) -> None:
    board, inside = client_of(f.director(public.organisation)), client_of(f.coordinator())
    last = date_format(public.publication.objection_until, "j F Y")
    address = public.get_absolute_url()
    assert f"uiterlijk {last}" in board.get(address).content.decode()
    assert f"tot en met {last}" in inside.get(address).content.decode()
    Publication.objects.update(decided_at=timezone.now() - timedelta(days=100))
    assert "Maak bezwaar" not in board.get(address).content.decode()
    assert "Bezwaar kan" not in inside.get(address).content.decode()


def test_an_outcome_is_given_to_an_objection_that_can_be_seen(decided: Visit) -> None:
    board = client_of(f.coordinator())
    own, other = f.objection(decided, subject="De datum."), f.objection(decided, "other", subject="De foto.")
    for row, words in ((own, "De inspectie en de aanbieder lezen dit"), (other, "Alleen de inspectie leest")):
        page = board.get(url("objection_settle", decided.pk, row.pk)).content.decode()
        assert row.subject in page and words in page
    publication.settle_objection(own.pk, "founded", timezone.localdate(), "Klopt.", by=f.coordinator())
    again = url("objection_settle", decided.pk, own.pk)
    assert board.get(again).status_code == 302
    given = {"outcome": "unfounded", "outcome_on": timezone.localdate(), "reason": "Een andere reden."}
    late = board.post(again, given)
    assert late.status_code == 409 and "Een andere reden." in late.content.decode()


def test_an_objection_recorded_wrongly_is_struck_and_the_right_one_stands_beside_it(decided: Visit) -> None:
    wrong, board = f.objection(decided, subject="Van de buren."), f.coordinator()
    publication.settle_objection(wrong.pk, "founded", timezone.localdate(), "Klopt.", by=board)
    for stranger in (f.lead(decided), f.quality_officer(decided.organisation)):
        with pytest.raises(PermissionDenied):
            publication.strike_objection(wrong.pk, "x", by=stranger)
    with pytest.raises(ValidationError):
        publication.strike_objection(wrong.pk, " ", by=board)
    page = url("objection_strike", decided.pk, wrong.pk)
    assert "Schrijf wat er verkeerd" in client_of(board).post(page, {"reason": ""}).content.decode()
    assert client_of(board).post(page, {"reason": "De buren schreven dit."}).status_code == 302
    wrong.refresh_from_db()
    assert (wrong.subject, wrong.outcome, wrong.reason) == ("Van de buren.", "founded", "Klopt.")
    assert (wrong.struck_by, wrong.struck_because) == (board.person, "De buren schreven dit.")
    late = client_of(board).post(page, {"reason": "Nog eens."})
    assert late.status_code == 409 and "Nog eens." in late.content.decode()
    with pytest.raises(WrongState, match="doorgehaald"):
        publication.settle_objection(wrong.pk, "partly", timezone.localdate(), "x", by=board)
    right = f.objection(decided, subject="Van de aanbieder.")
    assert right.pk != wrong.pk and list(Objection.objects.open()) == [right]
    inside = client_of(board).get(decided.get_absolute_url()).content.decode()
    assert "Doorgehaald op" in inside and "De buren schreven dit." in inside
    own = client_of(f.quality_officer(decided.organisation)).get(decided.get_absolute_url()).content.decode()
    assert "Doorgehaald op" in own and "De buren schreven dit." not in own
    assert AuditEvent.objects.filter(action="objection_struck", about=decided.organisation).count() == 1
    told = Mail.objects.filter(kind="after_report", text__contains="Zo klopte het niet")
    assert told.count() == 2 and not told.filter(text__contains="De buren"), "no word that was typed"


def test_a_text_that_is_too_long_is_refused_and_not_cut_off(decided: Visit) -> None:
    board = client_of(f.director(decided.organisation))
    assert "maxlength" not in board.get(url("public_reaction", decided.pk)).content.decode()
    long = "Te lang. " * 300
    page = board.post(url("public_reaction", decided.pk), {"text": long, "seen": ""}).content.decode()
    assert "Maak deze tekst korter" in page and long.strip() in page


def test_who_decides_reads_first_on_which_day_the_report_opens(editions: Any) -> None:
    visit = f.settled_visit()
    day = date_format(timezone.localtime(online.opening(timezone.now())), "j F Y")
    page = client_of(f.coordinator()).get(visit.get_absolute_url()).content.decode()
    assert f"wordt het openbaar op {day}" in page


def test_while_it_waits_the_provider_reads_when_and_what_it_can_do(decided: Visit) -> None:
    page = client_of(f.director(decided.organisation)).get(decided.get_absolute_url()).content.decode()
    assert "Maak bezwaar met een brief" in page
    assert "voorlopige voorziening" in page
    assert "Reactie bij het rapport schrijven" in page
    told = Mail.objects.get(kind="report_decided", to=f.director(decided.organisation).person.email)
    assert date_format(online.objection_until(decided.publication.decided_at), "j F Y") in told.text
    waits = client_of(f.director(decided.organisation)).get(reverse("assessments:tasks")).content.decode()
    assert f"Maakt rapport {decided.number} openbaar op" in waits


def test_the_providers_words_stand_beside_the_public_report_and_are_then_fixed(decided: Visit) -> None:
    officer = f.quality_officer(decided.organisation)
    client, url = client_of(officer), reverse("assessments:public_reaction", args=[decided.pk])
    assert "BSN" in client.post(url, {"text": "Van mevrouw 111222333"}).content.decode()
    assert "ten hoogste 2000" in client.post(url, {"text": "x" * 2001}).content.decode()
    assert client.post(url, {"text": "Wij hebben de nacht nu geregeld."}).status_code == 302
    stale = client.post(url, {"text": "Van een oud scherm.", "seen": ""}).content.decode()
    assert "Wij hebben de nacht nu geregeld." in stale
    assert "Van een oud scherm." in stale
    Publication.objects.update(publish_at=timezone.now())
    publish_due()
    assert "Wij hebben de nacht nu geregeld." in Client().get(report_url(decided)).content.decode()
    with pytest.raises(WrongState):
        publication.keep_reaction(decided.pk, "Anders", seen="Wij hebben de nacht nu geregeld.", by=officer)
    with acting(officer.scope):
        assert PublicReaction.objects.filter(visit=decided).update(text="Buiten de deur om") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            other = f.published_visit(decided.organisation)
            PublicReaction.objects.create(
                organisation=decided.organisation, visit=other, text="x", by=officer.person
            )


def test_only_its_own_provider_writes_beside_a_report(decided: Visit) -> None:
    for stranger in (f.lead(decided), f.quality_officer(f.provider("Anders"))):
        with pytest.raises(PermissionDenied):
            publication.keep_reaction(decided.pk, "x", seen="", by=stranger)
    settled = f.settled_visit(decided.organisation)
    with pytest.raises(WrongState):
        publication.keep_reaction(settled.pk, "x", seen="", by=f.quality_officer(decided.organisation))


# --- a better version


def test_every_passage_can_be_corrected_and_no_other_changes(public: Visit) -> None:
    content = corrections.settled(public).content
    places = {row["key"]: row["text"] for row in report_text.passages_of(content)}
    assert len(places) > 8
    for key, before in places.items():
        text = "\n".join("Nieuw" for _ in before.splitlines()) if key.endswith("moet beter") else "Nieuw"
        changed = corrections.rewritten(content, {key: text})
        after = {row["key"]: row["text"] for row in report_text.passages_of(changed)}
        assert after == places | {key: text}
        parse(changed)


def test_a_point_keeps_its_number_and_date_and_its_action_follows(public: Visit) -> None:
    before = f.point(public)
    row = corrections.begin(public.pk, "Anders gezegd", by=f.lead(public))
    place = next(place for place in corrections.places(row) if place.key == "W2 moet beter")
    with pytest.raises(ValidationError, match="evenveel regels"):
        corrections.write(public.pk, place.key, "Een\nTwee", seen=place.before, by=f.lead(public))
    corrections.write(public.pk, place.key, "Zorg voor elke nacht.", seen=place.before, by=f.lead(public))
    f.step(public, "correct", f.coordinator())
    after = f.point(public)
    assert (after.demand, after.due, after.pk) == ("Zorg voor elke nacht.", before.due, before.pk)
    (action,) = corrections.settled(public).content["actions"]
    assert (action["number"], action["text"]) == ("V1", "Zorg voor elke nacht.")


def test_a_correction_becomes_a_version_beside_the_old_with_both_hashes(public: Visit) -> None:
    f.correction(public)
    f.step(public, "correct", f.coordinator())
    old, new = public.versions.filter(kind=ConceptVersion.Kind.FINAL).order_by("pk")
    assert (old.version, new.version) == ("1.0", "1.1")
    assert old.content["items"] != new.content["items"]
    assert new.content["correction"]["sha256"] == old.sha256
    assert new.content["correction"]["passages"] == ["W2-1"]
    assert ReportRequest.objects.filter(version=new).exists(), "its PDF is asked for"
    event = public.events.get(action="correct")
    assert (event.version, event.old_status, event.new_status) == (new, S.PUBLISHED, S.PUBLISHED)
    public.refresh_from_db()
    assert public.status == S.PUBLISHED
    anybody = Client()
    before = anybody.get(report_url(public)).content.decode()
    assert "Er is een verbeterde versie, 1.1" in before
    after = anybody.get(report_url(public, "1.1")).content.decode()
    assert "Sinds mei komt er in de nacht wel iemand." not in before
    for page in (before, after):
        assert "De aanbieder toonde dat een datum niet klopte." in page
        assert old.sha256[:8] in page
        assert new.sha256[:8] in page
    listed = anybody.get(reverse("reports:list")).content.decode()
    assert report_url(public, "1.1") in listed
    assert report_url(public) not in listed


def test_the_provider_hears_of_a_corrected_report_and_reads_no_word_of_it_in_a_mail(decided: Visit) -> None:
    director = f.director(decided.organisation).person
    f.correction(decided)
    assert not Mail.objects.filter(kind="report_corrected").exists()
    f.step(decided, "correct", f.coordinator())
    told = Mail.objects.get(kind="report_corrected", to=director.email)
    assert decided.number in told.subject and "versie 1.1" in told.text and "nacht" not in told.text


def test_what_was_corrected_before_the_day_itself_never_becomes_public(decided: Visit) -> None:
    f.correction(decided)
    f.step(decided, "correct", f.coordinator())
    Publication.objects.update(publish_at=timezone.now())
    assert publish_due() == 1
    assert Client().get(report_url(decided)).status_code == 404
    assert Client().get(report_url(decided, "1.1")).status_code == 200
    assert client_of(f.quality_officer(decided.organisation)).get(report_url(decided)).status_code == 200


def test_a_correction_of_a_correction_counts_on(public: Visit) -> None:
    for number, text in (("1.1", "Eerst zo."), ("1.2", "Toch anders.")):
        f.correction(public, text)
        f.step(public, "correct", f.coordinator())
        assert corrections.settled(public).version == number
    assert "Er is een verbeterde versie, 1.2" in Client().get(report_url(public, "1.1")).content.decode()


def test_a_correction_is_settled_by_somebody_else_and_only_when_something_changed(public: Visit) -> None:
    board = f.coordinator()
    with pytest.raises(NotReady, match="geen verbetering"):
        f.step(public, "correct", board)
    assert "correct" not in {choice.action for choice in VISIT.available(public, board)}
    row = corrections.begin(public.pk, "Een reden", by=f.lead(public))
    with pytest.raises(NotReady, match="nog geen passage"):
        f.step(public, "correct", board)
    with pytest.raises(PermissionDenied):
        f.step(public, "correct", f.lead(public))
    Correction.objects.filter(pk=row.pk).update(begun_by=board.person)
    with pytest.raises(NotReady, match="schreef zelf"):
        f.step(public, "correct", board)
    corrections.drop(public.pk, by=f.lead(public))
    with pytest.raises(WrongState):
        corrections.drop(public.pk, by=f.lead(public))
    with pytest.raises(NotReady, match="geen verbetering"):
        f.step(public, "correct", board)
    assert corrections.begin(public.pk, "Opnieuw", by=f.lead(public)).pk != row.pk


def test_two_people_at_one_passage_and_what_makes_no_sense(public: Visit) -> None:
    row = f.correction(public, "Van mij.")
    lead = f.lead(public)
    place = next(place for place in corrections.places(row) if place.key == "W2-1")
    with pytest.raises(corrections.StalePlace) as stale:
        corrections.write(public.pk, place.key, "Van een ander.", seen=place.before, by=lead)
    assert stale.value.current == "Van mij."
    with pytest.raises(ValidationError):
        corrections.write(public.pk, "W9-9", "x", seen="", by=lead)
    corrections.write(public.pk, place.key, place.before, seen="Van mij.", by=lead)
    assert not row.places.exists(), "the old text takes the change back"


@pytest.mark.parametrize("state", [S.SETTLED, S.WITHDRAWN])
def test_a_correction_begins_only_after_the_decision(editions: Any, state: str) -> None:
    visit = f.settled_visit() if state == S.SETTLED else withdrawn(f.published_visit())
    with pytest.raises(WrongState):
        corrections.begin(visit.pk, "x", by=f.lead(visit))


def test_nobody_outside_reads_an_open_correction(public: Visit) -> None:
    row = f.correction(public)
    for stranger in (
        f.quality_officer(public.organisation),
        f.acting(Role.CARE_OFFICE_OFFICER, f.care_office()),
    ):
        with acting(stranger.scope):
            assert not Correction.objects.filter(pk=row.pk).exists()
            assert not row.places.exists()


def test_the_pages_of_a_correction_from_begin_to_end(public: Visit) -> None:
    team, board = client_of(f.lead(public)), client_of(f.coordinator())
    page = reverse("assessments:correction", args=[public.pk])
    assert team.post(page, {"reason": ""}).status_code == 200
    assert team.post(page, {"reason": "Een datum klopte niet."}).status_code == 302
    keys = [place.key for place in corrections.places(Correction.objects.get())]
    number = keys.index("W2-1") + 1
    place = reverse("assessments:correction_place", args=[public.pk, number])
    seen = team.get(place).context["form"].initial["seen"]
    assert team.post(place, {"text": "Nu klopt het.", "seen": seen}).status_code == 302
    shown = team.get(page).content.decode()
    assert re.search(r"<ins>.*Nu klopt het\.</ins>", shown)
    assert "Verbeterde versie vaststellen" in board.get(page).content.decode()
    assert "Verbeterde versie vaststellen" in board.get(reverse("assessments:tasks")).content.decode()
    assert board.post(reverse("assessments:visit_correct", args=[public.pk])).status_code == 302
    assert corrections.settled(public).version == "1.1"
    assert team.get(reverse("assessments:correction_place", args=[public.pk, number])).status_code == 404


def test_a_reason_and_a_passage_that_come_too_late_are_shown_once_more(public: Visit) -> None:
    team, page = client_of(f.lead(public)), reverse("assessments:correction", args=[public.pk])
    assert team.post(page, {"reason": "Mijn reden."}).status_code == 302
    assert team.post(page, {"reason": "Mijn reden."}).status_code == 302, "the button pressed twice"
    other = team.post(page, {"reason": "De reden van een ander."})
    assert other.status_code == 409
    assert "Een collega begon al" in other.content.decode() and "van een ander." in other.content.decode()
    place = reverse("assessments:correction_place", args=[public.pk, 1])
    corrections.drop(public.pk, by=f.lead(public))
    late = team.post(place, {"text": "Zo moet het er staan.", "seen": ""})
    assert late.status_code == 409 and "Zo moet het er staan." in late.content.decode()
    withdrawn(public)
    assert "Te laat." in team.post(page, {"reason": "Te laat."}).content.decode()
    assert Correction.objects.get().reason == "Mijn reden."


def test_a_colleagues_passage_stands_beside_ones_own_once(public: Visit) -> None:
    f.correction(public, "Van een collega.")
    team = client_of(f.lead(public))
    keys = [place.key for place in corrections.places(Correction.objects.get())]
    place = reverse("assessments:correction_place", args=[public.pk, keys.index("W2-1") + 1])
    page = team.post(place, {"text": "Van mij.", "seen": "Wat er eerst stond."}).content.decode()
    assert page.count("Van een collega.") == 2, "to read, and in the mark of what was seen"
    assert "Van mij.</textarea>" in page
    assert team.get(place).content.decode().count("Wat uw collega schreef") == 0


# --- what is left


def withdrawn(visit: Visit) -> Visit:
    return f.step(visit, "withdraw", f.coordinator(), "De rechter vernietigde het besluit.")


def test_a_withdrawn_report_leaves_when_and_why_and_nothing_more(public: Visit) -> None:
    with pytest.raises(NotReady, match="BSN"):
        f.step(public, "withdraw", f.coordinator(), "Over mevrouw 111222333")
    withdrawn(public)
    for version in ("1.0", "1.1"):
        gone = Client().get(report_url(public, version))
        page = gone.content.decode()
        assert gone.status_code == 410
        assert "De rechter vernietigde het besluit." in page
        assert "De nacht is niet geregeld" not in page
        assert "De Linde" not in page
    file = Client().get(reverse("reports:download", args=[public.number, "1.0"]))
    assert file.status_code == 410 and "De rechter vernietigde" in file.content.decode()


def test_what_never_was_public_leaves_nothing(decided: Visit) -> None:
    board = f.coordinator()
    publication.suspend(decided.pk, publication.Suspension("court"), "Uitspraak", by=board)
    withdrawn(decided)
    assert Client().get(report_url(decided)).status_code == 404
    provider = client_of(f.quality_officer(decided.organisation))
    assert "vernietigde" not in provider.get(decided.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("days", "goes"), [(0, False), (1, True)])
def test_a_report_leaves_on_the_day_after_its_last(public: Visit, days: int, goes: bool) -> None:
    first = online.first_kept(timezone.localdate())
    Publication.objects.update(published_at=online.beginning(first - timedelta(days=days)))
    assert take_offline() == int(goes)
    if not goes:
        with pytest.raises(NotReady, match="vijf jaar"):
            f.step(public, "take_offline", SYSTEM)
    assert first > date(2020, 1, 1)
