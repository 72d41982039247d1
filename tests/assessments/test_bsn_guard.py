"""A BSN in an account: said at its field, stopped before it is handed over, overruled with a reason."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from assessments import bsn_guard, files
from assessments.errors import NotReady, WrongState
from assessments.models import Answer, BsnOverrule, EvidenceRevision
from providers.models import AuditEvent, Role
from tests import factories as make
from tests.assessments.test_files import PDF, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder", "editions")]
NUMBER, SEEN = "111222333", "*****2333"


@pytest.fixture
def draft():
    return make.answered_revision()


@pytest.fixture
def officer(draft):
    return make.quality_officer(draft.organisation)


def type_number(revision, text=f"Mw. J., BSN {NUMBER}", code="W3"):
    item, version = make.item(code), 0
    if standing := Answer.objects.filter(revision=revision, item=item).first():
        version = standing.version
    return make.answer(revision, item, "meets", text, base_version=version)


def client(by) -> Client:
    signed_in = Client()
    signed_in.force_login(by.person)
    return signed_in


def offer(revision):
    return make.REVISION.perform(revision.pk, "offer", by=make.quality_officer(revision.organisation))


def test_it_is_said_at_the_field_and_the_text_is_saved(draft, officer):
    item = make.item("W3")
    data = {
        f"a-{item.pk}": "meets",
        f"t-{item.pk}": f"Cliënt {NUMBER}",
        f"v-{item.pk}": Answer.objects.filter(revision=draft, item=item)
        .values_list("version", flat=True)
        .first()
        or 0,
        f"s-{item.pk}": str(uuid.uuid4()),
    }
    saved = client(officer).post(reverse("assessments:answer", args=[draft.pk, item.pk]), data)
    assert f"Er lijkt een BSN te staan: {SEEN}. Haal het weg." in saved.content.decode()
    assert Answer.objects.get(revision=draft, item=item).text == f"Cliënt {NUMBER}"
    page = client(officer).get(reverse("assessments:fill_in_section", args=[draft.pk, item.section_id]))
    assert f"Er lijkt een BSN te staan: {SEEN}" in page.content.decode()


def test_every_kind_of_place_is_found(draft, officer):
    type_number(draft)
    item = make.item("W1")
    files.attach_evidence(draft.pk, item, upload(f"plan {NUMBER}.pdf", PDF), by=officer)
    files.attach_evidence(draft.pk, item, upload("brief.pdf", PDF + b"2"), by=officer)
    EvidenceRevision.objects.filter(name="brief.pdf").update(bsn="found", bsn_places=[f"bladzijde 3: {SEEN}"])
    found = bsn_guard.findings(draft)
    assert {(finding.subject.split(".")[0], finding.place.split(" plan")[0]) for finding in found} == {
        ("W3", "in uw antwoord"),
        ("W1", "in het bestand"),
        ("W1", "in het bestand brief.pdf, bladzijde 3"),
    }
    assert all(NUMBER not in finding.key for finding in found)


def test_reasons_and_talks_are_read_too(draft, officer):
    make.scope_choice(draft, "W3.1", f"Gaat over {NUMBER}.")
    make.scope_choice(draft, "W3.2", f"Gaat over {NUMBER}.")
    make.scope_choice(draft, "W3.2", "Dit doet de gemeente.")
    talk = make.consultation(draft, summary=f"Over mw. J., {NUMBER}")
    make.consultation(draft, who=f"dochter van {NUMBER}")
    found = bsn_guard.findings(draft)
    assert [finding.subject.split(".")[0] for finding in found] == [
        "W3",
        "De zelfevaluatie: Cliëntenraad",
        "De zelfevaluatie: Cliëntenraad",
    ]
    signed_in = client(officer)
    assert found[1].url == reverse("assessments:consultation_edit", args=[draft.pk, talk.pk])
    assert all(signed_in.get(finding.url).status_code == 200 for finding in found)
    page = signed_in.get(reverse("assessments:bsn_check", args=[draft.pk])).content.decode()
    assert found[1].url in page
    assert NUMBER not in page
    with pytest.raises(NotReady, match="Op 3 plaatsen"):
        offer(draft)
    bsn_guard.overrule(draft.pk, [finding.key for finding in found], "Een projectnummer.", by=officer)
    assert offer(draft).status == "to_adopt"


def test_what_is_still_being_read_is_said_and_stops_nobody(draft, officer):
    files.attach_evidence(draft.pk, make.item("W1"), upload("brief.pdf", PDF), by=officer)
    said = "1 bestand wordt nog nagelezen op een BSN"
    assert said in client(officer).get(draft.get_absolute_url()).content.decode()
    offered = offer(draft)
    signing = reverse("assessments:signing", args=[offered.pk])
    assert said in client(make.director(draft.organisation)).get(signing).content.decode()
    EvidenceRevision.objects.update(bsn="none")
    assert said not in client(officer).get(draft.get_absolute_url()).content.decode()


def test_a_table_is_read_too(draft):
    assert bsn_guard.text_of([{"row": "1", "who": NUMBER}], "") == f"1\n{NUMBER}\n"


def test_offering_stops_and_says_where(draft, officer):
    type_number(draft)
    with pytest.raises(NotReady, match="lijkt een BSN"):
        offer(draft)
    page = client(officer).get(draft.get_absolute_url()).content.decode()
    url = reverse("assessments:bsn_check", args=[draft.pk])
    assert url in page
    shown = client(officer).get(url).content.decode()
    assert SEEN in shown
    assert NUMBER not in shown
    type_number(draft, "Mw. J.")
    assert offer(draft).status == "to_adopt"


def test_handing_in_stops_too(draft):
    files.attach_evidence(
        draft.pk, make.item("W1"), upload("brief.pdf", PDF), by=make.quality_officer(draft.organisation)
    )
    offered = offer(draft)
    # Only now a worker found it.
    EvidenceRevision.objects.update(bsn="found", bsn_places=[SEEN])
    with pytest.raises(NotReady, match="lijkt een BSN"):
        make.sign(offered.pk, 2022, by=make.director(offered.organisation))


def test_a_reason_opens_the_way_and_is_kept(draft, officer):
    type_number(draft)
    url = reverse("assessments:bsn_check", args=[draft.pk])
    keys = [finding.key for finding in bsn_guard.findings(draft)]
    refused = client(officer).post(url, {"key": keys, "reason": " "})
    assert "Schrijf waarom dit geen BSN is." in refused.content.decode()
    assert not BsnOverrule.objects.exists()
    client(officer).post(url, {"key": keys, "reason": "Een projectnummer."})
    kept = BsnOverrule.objects.get()
    assert (kept.reason, kept.by, kept.keys) == ("Een projectnummer.", officer.person, keys)
    assert AuditEvent.objects.filter(action="bsn_overruled", about=draft.organisation).exists()
    assert offer(draft).status == "to_adopt"


def test_a_reason_holds_for_what_was_shown_only(draft, officer):
    type_number(draft)
    shown = [finding.key for finding in bsn_guard.findings(draft)]
    type_number(draft, "BSN 123456782", "W2")
    bsn_guard.overrule(draft.pk, [*shown, "answer-0-nonsense"], "Een projectnummer.", by=officer)
    assert [finding.masked for finding in bsn_guard.findings(draft)] == ["*****6782"]
    with pytest.raises(NotReady):
        offer(draft)


def test_only_the_own_editors_give_a_reason_and_only_before_it_is_handed_in(draft):
    keys = ["x"]
    for stranger in (
        make.quality_officer(make.provider()),
        make.acting(Role.COUNCIL_MEMBER, draft.organisation),
        make.inspector(),
    ):
        with pytest.raises(PermissionDenied):
            bsn_guard.overrule(draft.pk, keys, "x", by=stranger)
    handed_in = make.submitted_revision()
    with pytest.raises(WrongState):
        bsn_guard.overrule(handed_in.pk, keys, "x", by=make.director(handed_in.organisation))


def test_a_reason_is_never_changed(draft, officer):
    type_number(draft)
    bsn_guard.overrule(draft.pk, [f.key for f in bsn_guard.findings(draft)], "Een nummer.", by=officer)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        BsnOverrule.objects.update(reason="Anders.")
