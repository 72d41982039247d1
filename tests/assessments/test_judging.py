"""Judging apart, the own score after, deelvragen, findings taken out: enforced below every page."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import judging, report_text
from assessments.field_edits import FINDING, JUDGEMENT, Edit, apply_edits
from assessments.models import Answer, FieldEdit, Finding, Judgement, JudgementOpening, Visit, VisitMember
from assessments.offline import snapshot
from providers.models import AuditEvent, Role
from tests import factories
from tests.assessments.visit_pages import fields, items, page, signed_in, teammate, url
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
SECRET = "Wat ik apart vond."


@pytest.fixture
def visit(editions: Any) -> Visit:
    provider = factories.provider("Zorgthuis De Linde")
    factories.submitted_revision(provider)
    visit = factories.conducted_visit(provider)
    Visit.objects.filter(pk=visit.pk).update(judged_apart=True, own_score_hidden=True)
    visit.refresh_from_db()
    return visit


def outsider() -> Any:
    """An inspector who is in no team."""
    return factories.actor(factories.person("inspector", factories.inspectorate()))


def seen_by(actor: Any, visit: Visit) -> set[tuple[str, str]]:
    """What of the judgements and their log this actor's own statements bring, without any filter of ours."""
    with acting(actor.scope):
        rows = {("judgement", row.reason) for row in Judgement.objects.filter(visit=visit)}
        return rows | {("edit", str(row.value)) for row in FieldEdit.objects.filter(visit=visit)}


def test_apart_is_apart_in_the_database_on_the_pages_and_in_what_is_taken_along(visit: Visit) -> None:
    first, second = factories.lead(visit), teammate(visit)
    outsiders = [second, factories.coordinator(), outsider()]
    factories.judge(visit, "W2", "fails", SECRET, common=False, by=first)
    check(visit, "W2.1", "no", by=first)
    assert ("judgement", SECRET) in seen_by(first, visit)
    pages = [url("visit", visit.pk), url("visit_criterion", visit.pk, items(visit)["W2"].pk)]
    for actor in outsiders:
        assert seen_by(actor, visit) == set()
        assert list(Judgement.objects.visible_to(actor)) == []
        for address in pages:
            assert SECRET not in page(signed_in(actor), address)
    with acting(second.scope):
        assert SECRET not in str(snapshot(visit, second))

    with pytest.raises(ValidationError, match="Eerst oordeelt ieder"):
        factories.judge(visit, "W2", "fails", "Samen.", by=first)
    factories.judge(visit, "W2", "meets", "Ik zag iets anders.", common=False, by=second)
    assert JudgementOpening.objects.get().by is None
    assert ("judgement", SECRET) in seen_by(second, visit)
    assert SECRET in page(signed_in(second), pages[1])
    assert Judgement.objects.filter(item__code="W2.1", apart=False).exists()
    factories.judge(visit, "W2", "fails", "Samen.", by=first)
    assert FieldEdit.objects.filter(field="reason").count() == 3


def check(visit: Visit, code: str, level: str, *, by: Any, common: bool = False) -> None:
    edit = Edit(uuid.uuid4(), JUDGEMENT, uuid.uuid4(), "level", 0, level, factories.item(code).pk, common)
    apply_edits(visit.pk, [edit], by=by)


def test_nobody_writes_in_the_name_of_a_colleague(visit: Visit) -> None:
    first, second = factories.lead(visit), teammate(visit)
    Visit.objects.filter(pk=visit.pk).update(judged_apart=False)
    row = factories.judge(visit, "W1", "fails", "Van mij.", common=False, by=first)
    with acting(second.scope):
        assert Judgement.objects.filter(pk=row.pk).update(reason="Van een ander.") == 0


def test_a_coordinator_opens_with_a_reason_once(visit: Visit) -> None:
    first, second = factories.lead(visit), teammate(visit)
    VisitMember.objects.filter(visit=visit).update(coordinates=False)
    factories.judge(visit, "W2", "fails", SECRET, common=False, by=first)
    item = items(visit)["W2"].pk
    for actor in (second, outsider(), factories.director(visit.organisation)):
        with pytest.raises(PermissionDenied):
            judging.open_judgements(visit.pk, item, "Ziek.", by=actor)
    VisitMember.objects.filter(visit=visit, user=second.user).update(coordinates=True)
    client, address = signed_in(second), url("judgements_open", visit.pk, item)
    assert "Schrijf waarom u niet wacht" in client.post(address, {"open-reason": " "}).content.decode()
    sent = {"open-reason": "Een collega is ziek."}
    assert client.post(address, sent).status_code == client.post(address, sent).status_code == 302
    opening = JudgementOpening.objects.get()
    assert (opening.by, opening.reason) == (second.user, "Een collega is ziek.")
    html = page(client, url("visit_criterion", visit.pk, item))
    assert SECRET in html and "Een collega is ziek." in html
    assert AuditEvent.objects.filter(action="judgements_opened", about=None).count() == 1


def test_own_score_comes_after_the_own_judgement(visit: Visit) -> None:
    first = factories.lead(visit)
    item = items(visit)["W2"]
    note = "Toelichting van de aanbieder"
    Answer.objects.filter(revision=visit.revision_id, item=item).update(text=note)
    client, here = signed_in(first), url("visit_criterion", visit.pk, item.pk)
    assert note not in page(client, here)
    assert "Na uw oordeel" in page(client, url("visit", visit.pk))
    row = next(row for row in snapshot(visit, first)["items"] if row["pk"] == item.pk)
    assert (row["own"], row["own_hidden"]) == (None, True)
    factories.judge(visit, "W2", "fails", "Gezien.", common=False, by=first)
    assert note in page(client, here)
    row = next(row for row in snapshot(visit, first)["items"] if row["pk"] == item.pk)
    assert row["own"]["note"] == note
    late = teammate(visit)
    VisitMember.objects.filter(visit=visit, user=late.user).update(no_conflict_at=None)
    assert note not in page(signed_in(late), here)  # who still has to declare is of the team as well
    colleague = outsider()
    assert note in page(signed_in(colleague), here)  # not of the team, so nothing was agreed with her


def test_deelvragen_ground_a_judgement_and_count_for_nothing(visit: Visit) -> None:
    Visit.objects.filter(pk=visit.pk).update(judged_apart=False)
    client, item = signed_in(factories.lead(visit)), items(visit)["W2"]
    deelvraag = factories.item("W2.1")
    here, address = url("visit_criterion", visit.pk, item.pk), url("judgement", visit.pk, item.pk)
    sent = fields(page(client, here), address)
    sent |= {"own-level": "meets", "own-reason": "Gezien.", f"own-{deelvraag.pk}-level": "no"}
    assert client.post(address, sent).status_code == 302
    assert Judgement.objects.get(item=deelvraag).level == "no"
    assert Judgement.objects.get(item=item).level == "meets"
    assert item.pk in {row.pk for row in report_text.judged_items(visit)}
    assert deelvraag.pk not in {row.pk for row in report_text.judged_items(visit)}
    assert f'name="own-{deelvraag.pk}-level" value="no"' in page(client, here)
    for wrong in ("meets", "unknown", None, 1):
        with pytest.raises(ValidationError):
            check(visit, "W2.2", wrong, by=factories.lead(visit))  # type: ignore[arg-type]


def test_a_finding_is_taken_out_and_put_back(visit: Visit) -> None:
    lead = factories.lead(visit)
    finding = factories.finding(visit, "W2", text="Er kwam niemand.")
    client = signed_in(lead)
    here = url("visit_criterion", visit.pk, items(visit)["W2"].pk)
    address = url("finding_remove", visit.pk, finding.pk)
    factories.edit_finding(visit, key=finding.pk, text="Er kwam om elf uur niemand.")
    assert "wijzigde deze bevinding" in client.post(address, {"read": "1"}, follow=True).content.decode()
    assert not Finding.objects.get().removed
    assert "De bevinding is verwijderd." in client.post(address, {"read": "2"}, follow=True).content.decode()
    assert report_text.findings_by_item(visit, list(items(visit).values()))[items(visit)["W2"].pk] == []
    assert "Terugzetten" in page(client, here)
    client.post(address, {"undo": "1"})
    assert not Finding.objects.get().removed
    assert list(
        FieldEdit.objects.filter(field="removed").order_by("version").values_list("value", flat=True)
    ) == [
        True,
        False,
    ]


def test_a_text_that_comes_in_on_a_removed_finding_stays_and_says_so(visit: Visit) -> None:
    finding = factories.finding(visit, "W2")
    by = factories.lead(visit)
    apply_edits(visit.pk, [Edit(uuid.uuid4(), FINDING, finding.pk, "removed", 0, True)], by=by)
    late = Edit(uuid.uuid4(), FINDING, finding.pk, "text", 1, "Aangevuld.")
    (outcome,) = apply_edits(visit.pk, [late], by=by)
    assert outcome.result == "saved" and "verwijderd" in outcome.message
    assert Finding.objects.get().text == "Aangevuld."


def test_who_left_the_inspectorate_sees_nothing(visit: Visit) -> None:
    factories.judge(visit, "W2", "fails", SECRET, common=False)
    provider = factories.director(visit.organisation)
    office = factories.acting(Role.CARE_OFFICE_OFFICER, factories.care_office())
    for actor in (provider, office):
        assert seen_by(actor, visit) == set()
        with acting(actor.scope):
            assert not JudgementOpening.objects.exists()
