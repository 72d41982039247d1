"""Bad input on the pages of a visit: a Dutch sentence beside the field, and what was typed stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import FactualRemark, Finding, Judgement, Passage, Visit, VisitEvent
from norms.models import FrameworkVersion
from tests import factories
from tests.assessments.visit_pages import fields, items, page, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(editions: Any) -> Any:
    return factories.provider("Zorgthuis De Linde", locations=2)


def refused(answer: Any, *words: str) -> str:
    """The page of a refused form: summary on top, and these words on it."""
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "data-error-summary" in html
    missing = [word for word in words if word not in html]
    assert not missing, missing
    return html


def plan(provider: Any, **changes: Any) -> tuple[Any, Any]:
    client = signed_in(factories.inspector())
    today = timezone.localdate()
    sent = fields(page(client, url("visit_plan", provider.pk))) | {
        "locations": [provider.locations.first().pk],
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=1)).isoformat(),
        "confirmed": "on",
        "focus": "Een melding.",
    }
    return client, {name: value for name, value in (sent | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"locations": None}, "Kies ten minste één locatie of team."),
        ({"locations": ["999999"]}, "Kies een locatie of team uit de lijst."),
        ({"locations": ["x"]}, "Kies een locatie of team uit de lijst."),
        ({"starts_on": None}, "Vul de eerste dag van het bezoek in."),
        ({"starts_on": "32-13-2026"}, "Vul een datum in, bijvoorbeeld 31-12-2026."),
        ({"starts_on": "0202-01-01"}, "Kijk het jaar na"),
        ({"ends_on": "2020-01-01"}, "De laatste dag ligt vóór de eerste dag."),
        ({"announced": "misschien"}, "Kies of u het bezoek aankondigt."),
        ({"team": ["999999"]}, "Kies een collega uit de lijst."),
        ({"editions": None}, "Kies ten minste één normenkader."),
        ({"confirmed": None}, "Vink aan dat u toch met deze versie wilt toetsen"),
        ({"focus": "x" * 10_001}, "Deze tekst heeft 10001 tekens."),
    ],
)
def test_plan_refuses(provider: Any, changes: dict[str, Any], sentence: str) -> None:
    client, sent = plan(provider, **changes)
    html = refused(client.post(url("visit_plan", provider.pk), sent), sentence)
    assert changes.get("focus", "Een melding.") in html
    assert not Visit.objects.exists()


def test_edition_that_does_not_hold_is_a_warning(provider: Any) -> None:
    client, sent = plan(provider)
    html = page(client, url("visit_plan", provider.pk))
    assert "Deze versie geldt niet op de dag van het bezoek" in html
    assert "gold tot en met 31 december 2025" in html
    client.post(url("visit_plan", provider.pk), sent)
    assert Visit.objects.get().editions.count() == 1
    day = timezone.localdate().replace(year=2025, month=12, day=1).isoformat()
    client, sent = plan(provider, starts_on=day, ends_on="", confirmed=None)
    assert client.post(url("visit_plan", provider.pk), sent).status_code == 302
    assert Visit.objects.count() == 2


def test_location_of_another_provider_is_refused(provider: Any) -> None:
    other = factories.provider()
    client, sent = plan(provider, locations=[other.locations.get().pk])
    refused(client.post(url("visit_plan", provider.pk), sent), "Kies een locatie of team uit de lijst.")


def test_finding_is_refused_and_kept(provider: Any) -> None:
    visit = factories.conducted_visit(provider)
    item = items(visit)["W2"]
    client = signed_in(factories.lead(visit))
    new = url("finding_new", visit.pk)
    sent = fields(page(client, url("visit_criterion", visit.pk, item.pk)), new)
    sent["finding-text"] = ["Om 21.40 uur kwam er niemand."]
    html = refused(
        client.post(new, sent), "Kies waar de bevinding vandaan komt.", "Om 21.40 uur kwam er niemand."
    )
    assert html.count("Kies waar de bevinding vandaan komt.") == 2
    refused(client.post(new, sent | {"finding-source": "roddel"}), "Kies waar de bevinding vandaan komt.")
    refused(
        client.post(new, sent | {"finding-source": "record", "finding-text": " "}), "Schrijf op wat u hoorde"
    )
    other = factories.item("A1", factories.ADDENDUM).pk
    wrong = sent | {"finding-source": "record", "finding-items": [str(other)]}
    refused(client.post(new, wrong), "Kies bij welk criterium de bevinding hoort.")
    assert client.post(new, sent | {"criterion": "nul"}).status_code == 404
    assert not Finding.objects.exists()


def test_judgement_is_refused_and_kept(provider: Any) -> None:
    visit = factories.conducted_visit(provider)
    item = items(visit)["W1"]
    client = signed_in(factories.lead(visit))
    address = url("judgement", visit.pk, item.pk)
    sent = fields(page(client, url("visit_criterion", visit.pk, item.pk)), address)
    refused(
        client.post(address, sent | {"own-reason": "Dit schreef ik."}), "Kies een oordeel.", "Dit schreef ik."
    )
    html = refused(client.post(address, sent | {"own-level": "fails"}), "Schrijf waarom dit het oordeel is.")
    assert 'value="fails" id="id_own-level_3" checked' in html
    not_ours = sent | {"own-level": "not_applicable", "own-reason": "x"}
    refused(client.post(address, not_ours), "Kies een oordeel.")
    assert not Judgement.objects.exists()


def test_counts_are_refused_and_kept(provider: Any) -> None:
    visit = factories.conducted_visit(provider)
    client = signed_in(factories.lead(visit))
    address = url("visit_counts", visit.pk)
    sent = fields(page(client, url("visit", visit.pk)), address)
    for value, sentence in (
        ("-1", "Vul 0 of meer in."),
        ("veel", "Vul een heel getal in."),
        ("", "Geen? Vul 0 in."),
        ("1000", "Vul ten hoogste 999 in."),
    ):
        html = refused(client.post(address, sent | {"counts-interviews": value}), sentence)
        assert f'value="{value}"' in html or not value
    client.post(address, sent | {"counts-interviews": "14"})
    visit.refresh_from_db()
    assert (visit.interviews, visit.records) == (14, 0)


def test_passage_is_refused_and_kept(provider: Any) -> None:
    visit = factories.drafting_visit(provider)
    client = signed_in(factories.lead(visit))
    address = url("report_text", visit.pk)
    must = Passage.objects.get(visit=visit, key="must", item__code="W2")
    sent = fields(page(client, address))
    wrong = sent | {f"p{must.pk}-due_on": "gauw", f"p{must.pk}-text": "Regel de nacht nu."}
    html = refused(client.post(address, wrong), "Vul een datum in", "Regel de nacht nu.", 'value="gauw"')
    assert f'href="#id_p{must.pk}-due_on"' in html
    long = sent | {f"p{must.pk}-text": "x" * 10_001}
    refused(client.post(address, long), "Deze tekst heeft 10001 tekens.")
    client.post(address, sent | {f"p{must.pk}-due_on": ""})
    overview = page(client, url("visit", visit.pk))
    assert "Zet eerst een datum bij wat moet beter: W2." in overview
    answer = client.post(url("visit_step", visit.pk, "send_concept"), follow=True)
    assert "Zet eerst een datum bij wat moet beter: W2." in answer.content.decode()
    assert not VisitEvent.objects.filter(action="send_concept").exists()


def test_remark_is_refused_and_kept(provider: Any) -> None:
    visit = factories.concept_visit(provider)
    client = signed_in(factories.quality_officer(provider))
    address = url("concept", visit.pk)
    refused(client.post(address, {"passage": "W2-1", "text": " "}), "Schrijf wat er niet klopt")
    html = refused(client.post(address, {"passage": "X9-9", "text": "Klopt niet."}), "Kies de passage")
    assert "Klopt niet." in html
    assert not FactualRemark.objects.exists()
    assert "Schrijf eerst bij een passage" in page(client, address)


def test_answer_is_refused_and_kept(provider: Any) -> None:
    visit = factories.reacted_visit(provider)
    remark = visit.remarks.get()
    client = signed_in(factories.lead(visit))
    address, name = url("remark_answer", visit.pk, remark.pk), f"remark{remark.pk}"
    refused(client.post(address, {f"{name}-answer": "Ik denk van wel."}), "Kies of u", "Ik denk van wel.")
    refused(client.post(address, {f"{name}-verdict": "adopted"}), "Schrijf waarom.")
    overview = page(client, url("visit", visit.pk))
    assert "Beantwoord eerst de opmerking van de aanbieder." in overview


def test_note_is_asked_for(provider: Any) -> None:
    visit = factories.planned_visit(provider)
    client = signed_in(factories.lead(visit))
    address = url("visit_step", visit.pk, "cancel")
    assert "Bezoek annuleren" in page(client, address)
    refused(client.post(address, {"note": " "}), "reden")
    client.post(address, {"note": "De aanbieder is gestopt."})
    assert VisitEvent.objects.get(action="cancel").note == "De aanbieder is gestopt."


def test_filters_refuse_nonsense_and_keep_it(provider: Any) -> None:
    client = signed_in(factories.inspector())
    answer = client.get(url("worklist"), {"regio": "x", "q": "Linde"})
    assert answer.status_code == 200 and 'value="Linde"' in answer.content.decode()
    assert client.get(url("worklist"), {"q": "\x00"}).status_code == 200
    assert client.get(url("visits"), {"status": "x", "welke": "y", "na": "z"}).status_code == 200


def test_two_editions_with_the_same_numbers_make_no_report(provider: Any) -> None:
    first = factories.editions(factories.IGJ)[0]
    judged = factories.item("W2")
    second = FrameworkVersion.objects.get(pk=first.pk)
    second.pk, second.edition = None, "2025-01-01"
    second.save()
    judged.pk, judged.version, judged.parent, judged.section = None, second, None, None
    judged.save()
    client, sent = plan(provider, editions=[first.pk, second.pk])
    refused(client.post(url("visit_plan", provider.pk), sent), "Deze kaders gebruiken dezelfde nummers.")
    assert not Visit.objects.exists()
