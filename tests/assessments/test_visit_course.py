"""The course of a visit, walked through its pages by the three who take part in it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import planning
from assessments.models import ConceptVersion, FactualRemark, Judgement, Passage, Visit, VisitEvent
from providers.models import Role
from tests import factories
from tests.assessments.visit_pages import common_part, fields, page, signed_in, url

pytestmark = pytest.mark.django_db


def test_whole_course(editions: Any) -> None:
    provider = factories.provider("Zorgthuis De Linde", locations=2)
    factories.submitted_revision(provider)
    inspector = signed_in(factories.inspector())
    coordinator = signed_in(factories.coordinator())
    quality = signed_in(factories.quality_officer(provider))

    assert "Zorgthuis De Linde" in inspector.get(url("provider", provider.pk)).content.decode()
    plan = url("visit_plan", provider.pk)
    sent = fields(inspector.get(plan).content.decode())
    sent |= {
        "locations": [str(place.pk) for place in provider.locations.all()],
        "starts_on": [timezone.localdate().isoformat()],
        "confirmed": ["on"],
        "focus": ["Melding over de nacht."],
    }
    answer = inspector.post(plan, sent)
    visit = Visit.objects.get()
    assert answer["Location"] == visit.get_absolute_url()
    assert visit.locations.count() == 2 and visit.revision is not None

    planning.declare(visit.pk, by=factories.lead(visit))
    answer = inspector.post(url("visit_step", visit.pk, "conduct"), follow=True)
    assert "Het bezoek staat op uitgevoerd." in answer.content.decode()

    for row in answer.context["rows"]:
        _record(inspector, visit, row.item)
    assert Judgement.objects.filter(visit=visit, author=None).exclude(level="").count() == 4

    answer = inspector.post(url("visit_step", visit.pk, "compose"))
    assert answer["Location"] == url("report_text", visit.pk)
    blocked = inspector.get(visit.get_absolute_url()).content.decode()
    assert "In het kort" in blocked and "kan nog niet" in blocked
    page = url("report_text", visit.pk)
    sent = fields(inspector.get(page).content.decode())
    summary = Passage.objects.get(visit=visit, key="summary")
    sent[f"p{summary.pk}-text"] = ["De nacht is niet op orde."]
    assert inspector.post(page, sent)["Location"] == page
    summary.refresh_from_db()
    assert summary.text == "De nacht is niet op orde." and summary.version == 2
    assert Passage.objects.filter(visit=visit, version__gt=1).count() == 1

    assert quality.get(url("concept", visit.pk))["Location"] == visit.get_absolute_url()
    inspector.post(url("concept_send", visit.pk), {"weeks": "4"})
    visit.refresh_from_db()
    assert visit.status == "at_provider"

    concept = url("concept", visit.pk)
    html = quality.get(concept).content.decode()
    assert "Reactie op feitelijke onjuistheden" in html and "nog 28 dagen" in html
    assert ConceptVersion.objects.get().opened_at is not None
    html = quality.get(concept, {"passage": "W2-1"}).content.decode()
    sent = fields(html, concept)
    assert sent["passage"] == ["W2-1"]
    quality.post(concept, sent | {"text": "Sinds mei komt er wel iemand."})
    quality.post(concept, sent | {"text": "Sinds mei komt er wel iemand."})
    remark = FactualRemark.objects.get()
    quality.post(url("visit_step", visit.pk, "submit_reaction"))

    html = inspector.get(concept).content.decode()
    action = url("remark_answer", visit.pk, remark.pk)
    name = f"remark{remark.pk}"
    given = {f"{name}-verdict": "partly", f"{name}-answer": "Datum erbij."}
    inspector.post(action, fields(html, action) | given)
    inspector.post(url("visit_step", visit.pk, "process"))
    assert "Datum erbij." not in quality.get(concept).content.decode()

    assert inspector.post(url("visit_step", visit.pk, "settle")).status_code == 403
    coordinator.post(url("visit_step", visit.pk, "settle"))
    coordinator.post(url("visit_step", visit.pk, "decide"))
    visit.refresh_from_db()
    assert visit.status == "decided"
    assert "Datum erbij." in quality.get(concept).content.decode()
    actions = list(VisitEvent.objects.exclude(internal=True).values_list("action", flat=True))
    assert actions == ["plan", "conduct", "send_concept", "deliver", "submit_reaction", "settle", "decide"]


def _record(inspector: Client, visit: Visit, item: Any) -> None:
    """A finding, one's own judgement and the common one, as the page offers them."""
    page = url("visit_criterion", visit.pk, item.pk)
    new = url("finding_new", visit.pk)
    sent = fields(inspector.get(page).content.decode(), new)
    assert sent["finding-items"] == [str(item.pk)]
    sent |= {"finding-source": "record", "finding-text": f"In het dossier staat {item.code}."}
    assert inspector.post(new, sent).status_code == 302
    judgement = url("judgement", visit.pk, item.pk)
    html = inspector.get(page).content.decode()
    sent = fields(html, judgement)
    sent |= {"own-level": "largely_fails", "own-reason": f"Reden bij {item.code}."}
    assert inspector.post(judgement, sent).status_code == 302
    html = inspector.get(page).content.decode()
    sent = fields(common_part(html), judgement)
    assert sent["common-reason"] == [f"Reden bij {item.code}."]
    assert inspector.post(judgement, sent).status_code == 302


def test_no_remarks(editions: Any) -> None:
    visit = factories.concept_visit()
    director = signed_in(factories.director(visit.organisation))
    assert "Geen opmerkingen" in director.get(url("concept", visit.pk)).content.decode()
    director.post(url("visit_step", visit.pk, "no_remarks"))
    visit.refresh_from_db()
    assert visit.status == "reacted"
    assert Role.DIRECTOR in VisitEvent.objects.get(action="no_remarks").roles


def test_a_report_that_is_not_public_is_not_called_so(editions: Any) -> None:
    def said(visit: Visit) -> str:
        facts = page(signed_in(factories.inspector()), url("visit", visit.pk)).split(
            '<dt class="soft">Openbaar</dt><dd>'
        )[1]
        return facts[: facts.index("</dd>")]

    coordinator = factories.coordinator()
    once, never = factories.published_visit(), factories.decided_visit()
    assert said(once).startswith("Sinds ") and said(never).startswith("Vanaf ")
    for visit in (once, never):
        factories.step(visit, "suspend", coordinator, "De rechter vraagt erom.")
    assert said(once) == said(never) == "Opgeschort"
    for visit in (once, never):
        factories.step(visit, "withdraw", coordinator, "De feiten kloppen niet.")
    assert said(once).startswith("Van ") and said(never) == "Niet openbaar geweest"
