"""What a device takes along and sends: each edit by itself, twice, too late or in a wrong name."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import offline
from assessments.errors import NotReady
from assessments.models import FieldEdit, Finding, Judgement, Visit, VisitCopy, VisitNote
from providers.models import AuditEvent
from tests import factories
from tests.assessments.test_visit_queries import grow
from tests.assessments.visit_pages import items, signed_in, teammate, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(editions: Any) -> Visit:
    provider = factories.provider("Zorgthuis De Linde")
    factories.submitted_revision(provider)
    return factories.conducted_visit(provider)


def outsider() -> Any:
    """An inspector who is in no team."""
    return factories.actor(factories.person("inspector", factories.inspectorate()))


def edit(field: str, value: Any, key: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "kind": "finding",
        "object": str(key or uuid.uuid4()),
        "field": field,
        "base": 0,
        "value": value,
        "made_at": "2026-11-22T10:00:00Z",
    } | more


def judging(visit: Visit, field: str, value: Any, **more: Any) -> dict[str, Any]:
    return edit(field, value, kind="judgement", item=items(visit)["W2"].pk, common=True, **more)


def send(client: Client, visit: Visit, *edits: Any, person: Any = None, **more: Any) -> Any:
    body = {
        "schema": offline.SCHEMA,
        "person": person or client.session["_auth_user_id"] and int(client.session["_auth_user_id"]),
        "copy": str(uuid.uuid4()),
        "edits": list(edits),
    } | more
    return client.post(url("visit_edits", visit.pk), json.dumps(body), content_type="application/json")


def results(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [outcome["result"] for outcome in answer.json()["outcomes"]]


def test_a_batch_is_written_in_its_order_and_once(visit: Visit) -> None:
    client, key = signed_in(factories.lead(visit)), uuid.uuid4()
    found = [edit("source", "record", key), edit("text", "Er kwam niemand. 🏠", key)]
    found.append(edit("items", [items(visit)["W2"].pk], key))
    corrected = edit("text", "Er kwam ’s nachts niemand.", key, after=found[1]["id"])
    cites = judging(visit, "findings", [str(key)])
    counted = edit("interviews", 4, offline.Counts(visit).pk, kind="counts")
    batch = [*found, corrected, cites, counted]
    assert results(send(client, visit, *batch)) == ["saved"] * 6
    # The answer was lost: the device sends all of it again.
    assert results(send(client, visit, *batch)) == ["repeated"] * 6
    assert FieldEdit.objects.count() == 6
    assert Finding.objects.get().text == "Er kwam ’s nachts niemand."
    assert list(Judgement.objects.get().findings.all()) == [Finding.objects.get()]
    visit.refresh_from_db()
    assert (visit.interviews, visit.count_versions) == (4, {"interviews": 1})
    assert {row.made_at.isoformat() for row in FieldEdit.objects.all() if row.made_at} == {
        "2026-11-22T10:00:00+00:00"
    }


def test_a_note_goes_the_same_way(visit: Visit) -> None:
    mine, theirs = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    item = items(visit)["W2"].pk
    note = {"kind": "note", "item": item, "key": uuid.UUID(int=0)}
    first = edit("text", "Vraag naar de nacht.", **note)
    second = edit("text", "Vraag naar de nacht en de avond.", after=first["id"], **note)
    assert results(send(mine, visit, first, second)) == ["saved", "saved"]
    assert results(send(mine, visit, first, second)) == ["repeated", "repeated"]
    answer = send(theirs, visit, edit("text", "Iets anders.", base=1, **note), edit("text", 5, **note))
    assert results(answer) == ["conflict", "refused"]
    clash = answer.json()["outcomes"][0]
    assert (clash["current"], clash["version"]) == ("Vraag naar de nacht en de avond.", 2)
    assert [row["text"] for row in answer.json()["visit"]["notes"]] == ["Vraag naar de nacht en de avond."]
    assert VisitNote.objects.filter(visit=visit, item=item).count() == 2


def test_one_bad_edit_refuses_no_other(visit: Visit) -> None:
    client, key = signed_in(factories.lead(visit)), uuid.uuid4()
    foreign = factories.finding(factories.conducted_visit())
    answer = send(
        client,
        visit,
        edit("text", "x" * 10_001),
        edit("text", "Hier", foreign.pk, base=1),
        edit("author", "x"),
        {"id": "geen-uuid"},
        "geen object",
        edit("text", "Een feit.", key, base=10**12),
        edit("source", ["record"]),
        edit("text", "half een teken: \ud83c"),
        edit("text", "Een feit.", key),
    )
    assert results(answer) == ["refused"] * 5 + ["saved"] + ["refused"] * 2
    assert "10001 tekens" in answer.json()["outcomes"][0]["message"]
    assert Finding.objects.get(visit=visit).text == "Een feit."
    foreign.refresh_from_db()
    assert foreign.text != "Hier"


def test_a_finding_that_came_in_half_breaks_no_page_and_reaches_no_report(visit: Visit) -> None:
    lead, key = factories.lead(visit), uuid.uuid4()
    client, w2 = signed_in(lead), items(visit)["W2"]
    sent = send(client, visit, edit("text", "Er kwam niemand.", key), edit("items", [w2.pk], key))
    assert results(sent) == ["saved"] * 2
    criterion = client.get(url("visit_criterion", visit.pk, w2.pk))
    assert "Zonder bron" in criterion.content.decode()
    for item in items(visit).values():
        factories.judge(visit, item.code)
    factories.step(visit, "compose", lead)
    factories.passage(visit, "summary", "De nacht is niet geregeld.")
    assert client.get(url("report_text", visit.pk)).status_code == 200
    with pytest.raises(NotReady, match="onder W2"):
        factories.step(visit, "send_concept", lead)
    factories.edit_finding(visit, key=key, source="record")
    factories.step(visit, "send_concept", lead)


def test_a_clash_shows_both_and_what_came_on_top_waits_too(visit: Visit) -> None:
    finding = factories.finding(visit, text="Eerste")
    mine, theirs = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    assert results(send(theirs, visit, edit("text", "Van twee.", finding.pk, base=1))) == ["saved"]
    # A colleague wrote version 2 meanwhile: a second edit of mine may not pass for one that saw it.
    first = edit("text", "Van een.", finding.pk, base=1)
    second = edit("text", "Van een, beter.", finding.pk, base=0, after=first["id"])
    answer = send(mine, visit, first, second, edit("source", "document", finding.pk, base=1))
    assert results(answer) == ["conflict", "conflict", "saved"]
    clash = answer.json()["outcomes"][1]
    assert (clash["current"], clash["version"], clash["author"]) == ("Van twee.", 2, "Tweede Inspecteur")
    assert clash["at"]
    finding.refresh_from_db()
    assert (finding.text, finding.source) == ("Van twee.", "document")


def test_a_repeat_tells_the_version_that_the_edit_got(visit: Visit) -> None:
    """With the newest one, what is made on top would pass for having seen a colleague's text."""
    mine, theirs = signed_in(factories.lead(visit)), signed_in(teammate(visit))
    first = edit("text", "Van een.")
    send(mine, visit, first)
    send(theirs, visit, edit("text", "Van twee.", first["object"], base=1))
    answer = send(mine, visit, first, edit("text", "Erbovenop.", first["object"], after=first["id"]))
    assert results(answer) == ["repeated", "conflict"]
    assert answer.json()["outcomes"][0]["version"] == 1


def test_what_nobody_may_send(visit: Visit) -> None:
    lead = signed_in(factories.lead(visit))
    stranger = signed_in(outsider())
    assert send(stranger, visit, edit("text", "x")).status_code == 403
    other = send(lead, visit, edit("text", "x"), person=teammate(visit).person.pk)
    assert other.status_code == 403 and "iemand anders" in other.json()["message"]
    too_many: list[Any] = [{}] * (offline.BATCH + 1)
    bodies: list[dict[str, Any]] = [{"schema": "x"}, {"edits": "x"}, {"edits": too_many}, {"edits": None}]
    for wrong in bodies:
        assert send(lead, visit, **wrong).status_code == 400
    for junk in ("{", "[" * 100_000, "[]"):
        answer = lead.post(url("visit_edits", visit.pk), junk, content_type="application/json")
        assert answer.status_code == 400
    visit.members.filter(user=visit.created_by).delete()
    gone = send(lead, visit, edit("text", "x"))
    assert gone.status_code == 403 and "team" in gone.json()["message"]
    Visit.objects.filter(pk=visit.pk).update(status="cancelled")
    visit.members.create(user=visit.created_by, no_conflict_at=timezone.now())
    late = send(lead, visit, edit("text", "x"))
    assert late.status_code == 409 and "Geannuleerd" in late.json()["message"]
    assert not Finding.objects.exists() and not FieldEdit.objects.exists()


def test_taking_along_is_for_the_team_and_is_logged(visit: Visit) -> None:
    lead, key = signed_in(factories.lead(visit)), str(uuid.uuid4())
    address = url("visit_take", visit.pk)

    def take(client: Client, copy: Any = key) -> Any:
        return client.post(address, json.dumps({"copy": copy}), content_type="application/json")

    assert take(signed_in(outsider())).status_code == 403
    assert take(lead, "x").status_code == take(lead, None).status_code == 400
    answer = take(lead)
    assert answer.status_code == take(lead).status_code == 200
    assert answer.json()["visit"]["provider"] == "Zorgthuis De Linde"
    assert take(signed_in(teammate(visit))).status_code == 403  # somebody else's copy
    assert VisitCopy.objects.get().user == visit.created_by
    assert AuditEvent.objects.filter(action="visit_taken_along", about=None, object_id=visit.pk).count() == 2
    assert "nog niets verstuurd" in lead.get(visit.get_absolute_url()).content.decode()
    send(lead, visit, edit("text", "Een feit."), copy=key)
    assert "laatst verstuurd" in lead.get(visit.get_absolute_url()).content.decode()
    send(lead, visit, copy=key, returned=True)
    assert "laatst verstuurd" not in lead.get(visit.get_absolute_url()).content.decode()


def test_what_goes_along_costs_the_same_however_much_there_is(editions: Any) -> None:
    small, large = factories.drafting_visit(), factories.drafting_visit()
    grow(large)
    costs = []
    for visit in (small, large):
        lead = factories.lead(visit)
        offline.snapshot(visit, lead)
        with CaptureQueriesContext(connection) as queries:
            offline.snapshot(Visit.objects.select_related("organisation").get(pk=visit.pk), lead)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_page_is_the_same_for_everybody_and_complete(visit: Visit) -> None:
    nobody, lead = Client(), signed_in(factories.lead(visit))
    page = nobody.get(reverse("assessments:offline")).content
    assert page == lead.get(reverse("assessments:offline")).content
    worker = lead.get(reverse("assessments:offline_worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    # Each file that the page names, and each module that a module imports, is in the worker's list.
    files = set(offline.shell()["files"])
    named = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
    assert {name.decode() for name in named} <= files
    folder = Path(settings.BASE_DIR) / "static" / "js" / "offline"
    assert {path.stem for path in folder.glob("*.js")} == set(offline.MODULES)


def test_a_passphrase_is_stretched() -> None:
    source = (Path(settings.BASE_DIR) / "static" / "js" / "offline" / "crypto.js").read_text()
    (rounds,) = re.findall(r"ITERATIONS = ([\d_]+);", source)
    assert int(rounds) >= 600_000, "OWASP, for PBKDF2 with SHA-256"
    assert 'hash: "SHA-256"' in source and 'name: "AES-GCM", length: 256 }, false' in source


def test_the_session_is_told_without_a_redirect(visit: Visit) -> None:
    address = reverse("assessments:offline_session")
    assert Client().get(address).json()["person"] is None
    lead = signed_in(factories.lead(visit))
    assert lead.get(address).json()["person"] == visit.created_by_id
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(visit.created_by)
    assert send(strict, visit).status_code == 403
    token = strict.get(address).json()["token"]
    strict.defaults["HTTP_X_CSRFTOKEN"] = token
    assert send(strict, visit).status_code == 200
