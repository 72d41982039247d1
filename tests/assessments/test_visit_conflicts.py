"""Two people at once, two tabs, two clicks: nothing typed is lost and nothing happens twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments import reaction, report_text
from assessments.models import (
    FactualRemark,
    FieldEdit,
    Finding,
    Judgement,
    Passage,
    Publication,
    Visit,
    VisitEvent,
)
from providers.actor import SYSTEM
from tests import factories
from tests.assessments.visit_pages import common_part, fields, items, page, signed_in, teammate, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(editions: Any) -> Visit:
    return factories.drafting_visit(factories.provider("Zorgthuis De Linde"))


def both_open_common(visit: Visit) -> tuple[Any, Any, str, dict, dict]:
    first, second = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    item = items(visit)["W2"]
    here, address = url("visit_criterion", visit.pk, item.pk), url("judgement", visit.pk, item.pk)
    forms = [fields(common_part(page(client, here)), address) for client in (first, second)]
    return first, second, address, forms[0], forms[1]


def reason(visit: Visit) -> str:
    return Judgement.objects.get(visit=visit, item__code="W2", author=None).reason


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("keep_mine", "Tekst van twee."),
        ("keep_theirs", "Tekst van een."),
        ("keep_both", "Tekst van een.\n\nTekst van twee."),
    ],
)
def test_two_inspectors_one_judgement(visit: Visit, button: str, kept: str) -> None:
    first, second, address, mine, theirs = both_open_common(visit)
    assert first.post(address, mine | {"common-reason": "Tekst van een."}).status_code == 302
    answer = second.post(address, theirs | {"common-reason": "Tekst van twee."})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Tekst van een." in html and "Tekst van twee." in html
    assert visit.created_by.name in html
    assert reason(visit) == "Tekst van een."
    choice = fields(html) | {button: "common-reason"}
    assert second.post(address, choice).status_code == 302
    assert reason(visit) == kept
    second.post(address, choice)
    assert reason(visit) == kept


def test_field_that_was_left_alone_conflicts_with_nobody(visit: Visit) -> None:
    first, second, address, mine, theirs = both_open_common(visit)
    first.post(address, mine | {"common-reason": "Nieuwe reden."})
    assert second.post(address, theirs | {"common-level": "fails"}).status_code == 302
    judgement = Judgement.objects.get(visit=visit, item__code="W2", author=None)
    assert (judgement.level, judgement.reason) == ("fails", "Nieuwe reden.")


def test_clash_that_is_chosen_too_late_clashes_again(visit: Visit) -> None:
    first, second, address, mine, theirs = both_open_common(visit)
    first.post(address, mine | {"common-reason": "Tekst van een."})
    html = second.post(address, theirs | {"common-reason": "Tekst van twee."}).content.decode()
    again = fields(common_part(page(first, address.removesuffix("oordeel/"))), address)
    first.post(address, again | {"common-reason": "Nog nieuwer."})
    answer = second.post(address, fields(html) | {"keep_mine": "common-reason"})
    assert answer.status_code == 409 and "Nog nieuwer." in answer.content.decode()
    assert reason(visit) == "Nog nieuwer."
    assert second.post(address, fields(answer.content.decode())).status_code == 409, "no choice, no write"


def test_same_finding_sent_twice_is_one(visit: Visit) -> None:
    client = signed_in(factories.lead(visit))
    item = items(visit)["W1"]
    new = url("finding_new", visit.pk)
    sent = fields(page(client, url("visit_criterion", visit.pk, item.pk)), new)
    sent |= {"finding-source": "record", "finding-text": "Dubbel geklikt."}
    edits = FieldEdit.objects.count()
    assert [client.post(new, sent).status_code for _ in range(2)] == [302, 302]
    assert Finding.objects.filter(text="Dubbel geklikt.").count() == 1
    assert FieldEdit.objects.count() == edits + 3


def test_two_inspectors_one_finding(visit: Visit) -> None:
    row = visit.findings.get()
    address = url("finding_edit", visit.pk, row.pk)
    first, second = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    mine, theirs = fields(page(first, address)), fields(page(second, address))
    first.post(address, mine | {"finding-text": "Er kwam niemand."})
    changed = theirs | {"finding-text": "Er kwam wel iemand.", "finding-source": "observation"}
    html = second.post(address, changed).content.decode()
    assert "Er kwam niemand." in html and "Er kwam wel iemand." in html
    row.refresh_from_db()
    assert (row.text, row.source) == ("Er kwam niemand.", "observation")
    second.post(address, fields(html) | {"keep_both": "finding-text"})
    row.refresh_from_db()
    assert row.text == "Er kwam niemand.\n\nEr kwam wel iemand."


def test_two_inspectors_one_passage(visit: Visit) -> None:
    first, second = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    address = url("report_text", visit.pk)
    mine, theirs = fields(page(first, address)), fields(page(second, address))
    summary = Passage.objects.get(visit=visit, key="summary")
    method = Passage.objects.get(visit=visit, key="method")
    name = f"p{summary.pk}-text"
    first.post(address, mine | {name: "Samenvatting een."})
    answer = second.post(
        address, theirs | {name: "Samenvatting twee.", f"p{method.pk}-text": "Zo deden wij het."}
    )
    html = answer.content.decode()
    assert answer.status_code == 409 and "Samenvatting een." in html and "Samenvatting twee." in html
    method.refresh_from_db()
    assert method.text == "Zo deden wij het.", "what does not clash is saved"
    second.post(address, fields(html) | {"keep_both": name})
    summary.refresh_from_db()
    assert summary.text == "Samenvatting een.\n\nSamenvatting twee."
    assert second.post(address, fields(html) | {"keep_theirs": name}).status_code == 302
    summary.refresh_from_db()
    assert "Samenvatting twee." in summary.text


def test_passage_that_was_left_alone_keeps_a_colleagues_text(visit: Visit) -> None:
    first, second = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    address = url("report_text", visit.pk)
    mine, theirs = fields(page(first, address)), fields(page(second, address))
    summary = Passage.objects.get(visit=visit, key="summary")
    method = Passage.objects.get(visit=visit, key="method")
    first.post(address, mine | {f"p{method.pk}-text": "Zo deden wij het."})
    assert second.post(address, theirs | {f"p{summary.pk}-text": "Kort gezegd."}).status_code == 302
    method.refresh_from_db()
    summary.refresh_from_db()
    assert (method.text, summary.text) == ("Zo deden wij het.", "Kort gezegd.")


def test_two_inspectors_one_count(visit: Visit) -> None:
    first, second = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    address, here = url("visit_counts", visit.pk), url("visit", visit.pk)
    mine, theirs = fields(page(first, here), address), fields(page(second, here), address)
    first.post(address, mine | {"counts-records": "12"})
    second.post(address, theirs | {"counts-interviews": "5"})
    visit.refresh_from_db()
    assert (visit.interviews, visit.records) == (5, 12)
    html = second.post(address, theirs | {"counts-records": "9"}).content.decode()
    assert "Een collega vulde intussen 12 in." in html and 'value="9"' in html
    second.post(address, fields(html, address))
    visit.refresh_from_db()
    assert visit.records == 9


def test_two_inspectors_one_answer(editions: Any) -> None:
    visit = factories.reacted_visit()
    remark = visit.remarks.get()
    first, second = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    address, name = url("remark_answer", visit.pk, remark.pk), f"remark{remark.pk}"
    mine, theirs = (fields(page(client, url("concept", visit.pk)), address) for client in (first, second))
    first.post(address, mine | {f"{name}-verdict": "adopted", f"{name}-answer": "Wij nemen het over."})
    answer = second.post(
        address, theirs | {f"{name}-verdict": "rejected", f"{name}-answer": "Nee, het klopt."}
    )
    html = answer.content.decode()
    assert answer.status_code == 409 and "Wij nemen het over." in html and "Nee, het klopt." in html
    remark.refresh_from_db()
    assert remark.answer == "Wij nemen het over."
    second.post(address, fields(html) | {"keep_mine": f"{name}-answer"})
    remark.refresh_from_db()
    assert (remark.verdict, remark.answer) == ("rejected", "Nee, het klopt.")


def test_text_is_shown_when_the_visit_moved_on(visit: Visit) -> None:
    client = signed_in(factories.lead(visit))
    text, item = url("report_text", visit.pk), items(visit)["W1"]
    criterion, judgement = url("visit_criterion", visit.pk, item.pk), url("judgement", visit.pk, item.pk)
    passages, own = fields(page(client, text)), fields(page(client, criterion), judgement)
    factories.step(visit, "send_concept", factories.lead(visit))
    summary = Passage.objects.get(visit=visit, key="summary")
    answer = client.post(text, passages | {f"p{summary.pk}-text": "Te laat geschreven."})
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Te laat geschreven." in words and "het staat nu op ‘Ter reactie bij aanbieder’" in words
    answer = client.post(judgement, own | {"own-level": "fails", "own-reason": "Ook te laat."})
    assert answer.status_code == 409 and "Ook te laat." in answer.content.decode()
    quality = signed_in(factories.quality_officer(visit.organisation))
    page(quality, url("concept", visit.pk))
    factories.step(visit, "no_remarks", factories.quality_officer(visit.organisation))
    answer = quality.post(url("concept", visit.pk), {"passage": "W2-1", "text": "Mijn late reactie."})
    assert answer.status_code == 409 and "Mijn late reactie." in answer.content.decode()
    assert not FactualRemark.objects.exists()


@pytest.mark.parametrize(
    ("make", "action", "who"),
    [
        ("drafting_visit", "send_concept", "inspector"),
        ("concept_visit", "no_remarks", "provider"),
        ("processed_visit", "settle", "coordinator"),
        ("settled_visit", "decide", "coordinator"),
    ],
)
def test_double_click_is_one_event(editions: Any, make: str, action: str, who: str) -> None:
    visit = getattr(factories, make)()
    reader = {
        "inspector": factories.lead(visit),
        "provider": factories.director(visit.organisation),
        "coordinator": factories.coordinator(),
    }[who]
    client = signed_in(reader)
    address = url("visit_step", visit.pk, action)
    client.post(address)
    answer = client.post(address, follow=True)
    visit.refresh_from_db()
    assert visit.get_status_display() in answer.content.decode()
    assert [message.level_tag for message in answer.context["messages"]] == ["success", "warning"]
    assert VisitEvent.objects.filter(visit=visit, action=action).count() == 1


def test_same_plan_sent_twice_is_one_visit(editions: Any) -> None:
    provider = factories.provider()
    client = signed_in(factories.inspector())
    address = url("visit_plan", provider.pk)
    sent = fields(page(client, address)) | {"starts_on": timezone.localdate().isoformat(), "confirmed": "on"}
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert Visit.objects.count() == 1
    client.post(address, sent | {"focus": "Een tweede team, andere aanleiding."})
    assert Visit.objects.count() == 2


def test_clock_steps_are_refused_to_people(visit: Visit) -> None:
    for reader in (factories.lead(visit), factories.coordinator()):
        for action in ("close_term", "publish", "take_offline"):
            assert signed_in(reader).post(url("visit_step", visit.pk, action)).status_code == 403


def test_reaction_lets_findings_be_corrected_but_not_added(editions: Any) -> None:
    visit = factories.reacted_visit()
    client, row = signed_in(factories.lead(visit)), visit.findings.get()
    item = items(visit)["W2"]
    here = url("visit_criterion", visit.pk, item.pk)
    assert "Bevinding bewaren" not in page(client, here)
    address = url("finding_edit", visit.pk, row.pk)
    sent = fields(page(client, address))
    assert client.post(address, sent | {"finding-text": "Sinds mei komt er iemand."}).status_code == 302
    row.refresh_from_db()
    assert row.text == "Sinds mei komt er iemand."
    moved = client.post(
        address, fields(page(client, address)) | {"finding-items": str(items(visit)["W1"].pk)}
    )
    assert "niets toevoegen" in moved.content.decode()
    sent = {
        "criterion": item.pk,
        "finding-source": "record",
        "finding-text": "Nieuw.",
        "finding-items": item.pk,
    }
    assert "niets toevoegen" in client.post(url("finding_new", visit.pk), sent).content.decode()
    assert visit.findings.count() == 1
    content = report_text.report_content(visit, "final", "1.0")
    assert "Sinds mei komt er iemand." in str(content)


TYPED = "Dit typte ik net."
DAY = (timezone.localdate() + timedelta(days=40)).isoformat()


def cancel(visit: Visit) -> None:
    factories.step(visit, "cancel", factories.lead(visit), "Ziek.")


def recall(visit: Visit) -> None:
    factories.step(visit, "recall", factories.lead(visit), "Nog niet af.")


def ask_time(visit: Visit) -> None:
    until = timezone.localdate() + timedelta(days=40)
    reaction.ask_extension(visit.pk, until, "Ziek.", by=factories.quality_officer(visit.organisation))
    recall(visit)


def publish(visit: Visit) -> None:
    Publication.objects.filter(visit=visit).update(publish_at=timezone.now())
    factories.step(visit, "publish", SYSTEM)


def withdraw(visit: Visit) -> None:
    publish(visit)
    factories.step(visit, "withdraw", factories.coordinator(), "Fout.")


LATE: list[tuple[str, str, dict[str, Any], Any, str]] = [
    (
        "planned_visit",
        "visit_move",
        {"starts_on": DAY, "ends_on": DAY, "confirmed": "on", "reason": TYPED},
        cancel,
        "lead",
    ),
    ("planned_visit", "document_request_new", {"what": TYPED, "why": "x", "due": DAY}, cancel, "lead"),
    ("concept_visit", "term_refuse", {"no-reason": TYPED}, ask_time, "lead"),
    ("decided_visit", "visit_suspend", {"suspended_by": "court", "note": TYPED}, withdraw, "coordinator"),
    ("decided_visit", "objection_new", {"made_by": "other", "subject": TYPED}, withdraw, "coordinator"),
    ("decided_visit", "public_reaction", {"text": TYPED}, publish, "provider"),
]


@pytest.mark.parametrize(("make", "name", "typed", "moves_on", "who"), LATE, ids=[row[1] for row in LATE])
def test_what_was_typed_comes_back_when_the_visit_moved_on(
    editions: Any, make: str, name: str, typed: dict[str, Any], moves_on: Any, who: str
) -> None:
    visit = getattr(factories, make)()
    actors = {
        "lead": factories.lead(visit),
        "coordinator": factories.coordinator(),
        "provider": factories.quality_officer(visit.organisation),
    }
    client, address = signed_in(actors[who]), url(name, visit.pk)
    opened = {} if name == "term_refuse" else fields(page(client, address))
    if name == "objection_new":
        opened["received_on"] = timezone.localdate().isoformat()
    moves_on(visit)
    answer = client.post(address, opened | typed)
    assert answer.status_code == 409
    assert TYPED in answer.content.decode() and "intussen gewijzigd" in answer.content.decode()
