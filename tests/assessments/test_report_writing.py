"""The template as data, saving while typing, earlier texts, second readers, and what changed."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction
from django.utils import timezone

from assessments import report_difference, report_template, report_text, second_reading
from assessments.errors import WrongState
from assessments.models import PassageRemark, PassageVersion, Visit
from norms.files import NormFileError
from providers.models import AuditEvent
from tests import factories as make
from tests.assessments.visit_pages import fields, page, signed_in, teammate, url
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
FIRST = report_template.FOLDER / "2024-09-01.yaml"


# --- the template


def changed(tmp_path: Path, name: str = "2026-01-01.yaml", **fields: Any) -> Path:
    data = yaml.safe_load(FIRST.read_text("utf-8")) | fields
    file = tmp_path / name
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return file


def problems(*paths: Path) -> str:
    with pytest.raises(NormFileError) as caught:
        report_template.load(paths)
    return str(caught.value)


def test_the_products_own_templates_are_sound() -> None:
    first = report_template.templates()[0]
    assert report_template.template_for(first.valid_from) == first
    marked = [*first.data["chapters"], *first.data["annexes"], *first.passages, *first.data["fixed_texts"]]
    assert all("own_wording" in part for part in marked), "what is our own wording says so"


def test_a_wrong_template_is_refused_with_every_reason_in_dutch(tmp_path: Path) -> None:
    data = yaml.safe_load(FIRST.read_text("utf-8"))
    passages = data["passages"]
    passages[1]["text"] = "Van {inspector} en {"
    assert "accolade zonder wederhelft" in problems(changed(tmp_path, passages=passages))
    passages[1]["text"] = "Van {inspector}."
    said = problems(
        changed(
            tmp_path,
            passages=passages,
            valid_until="2020-01-01",
            chapters=[dict(data["chapters"][0]) for _ in range(6)],
        )
    )
    assert "passages › occasion: noemt {inspector}, maar kent alleen {announced}" in said
    assert "valid_until: ligt voor valid_from" in said
    assert "chapters: summary staat er twee keer" in said
    assert "ontbreekt" in problems(changed(tmp_path, fixed_texts=[{"key": "x"}]))
    assert "onbekend veld" in problems(changed(tmp_path, extra=1))
    later = changed(tmp_path, edition="2026-01-01", valid_from="2026-01-01")
    assert "moet eindigen voor 2026-01-01" in problems(FIRST, later)


def test_a_visit_keeps_the_template_it_was_composed_with(
    editions: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    visit = make.drafting_visit()
    assert Visit.objects.get(pk=visit.pk).report_template == "2024-09-01"
    ended = changed(tmp_path, "2024-09-01.yaml", valid_until="2025-12-31")
    chapters = yaml.safe_load(FIRST.read_text("utf-8"))["chapters"][::-1]
    newer = changed(
        tmp_path,
        edition="2026-01-01",
        valid_from="2026-01-01",
        authority="Nieuwe Inspectie",
        chapters=chapters,
    )
    monkeypatch.setattr(report_template, "templates", lambda: report_template.load([ended, newer]))
    assert report_text.report_content(visit, "concept", "0.1")["template"] == "2024-09-01"
    other = report_text.report_content(make.judged_visit(), "concept", "0.1")
    assert (other["template"], other["authority"]) == ("2026-01-01", "Nieuwe Inspectie")
    assert [row["key"] for row in other["chapters"]][0] == "reaction"


# --- saving while typing


def test_a_passage_is_saved_while_typing_and_its_earlier_texts_stay(editions: Any) -> None:
    visit = make.drafting_visit()
    lead, colleague = make.lead(visit), teammate(visit)
    visit.members.filter(user=colleague.user).update(no_conflict_at=timezone.now())
    client = signed_in(lead)
    html = page(client, url("report_text", visit.pk))
    row = visit.passages.get(key="method")
    address, name = url("passage", visit.pk, row.pk), f"p{row.pk}"
    assert f'hx-post="{address}"' in html and "data-autosave" in html
    sent = {key: value for key, value in fields(html).items() if key.startswith(f"{name}-")}
    typed = sent | {f"{name}-text": "Wij keken mee."}
    answer = client.post(address, typed).content.decode()
    assert "data-saved" in answer and 'value="2"' in answer
    # The answer got lost: the same save comes again, and later with other words.
    assert "data-saved" in client.post(address, typed).content.decode()
    row.refresh_from_db()
    assert (row.text, row.version, row.versions.count()) == ("Wij keken mee.", 2, 2)

    stale = client.post(address, typed | {f"{name}-text": "Een tweede tabblad."}).content.decode()
    assert "data-saved" not in stale and "Wij keken mee." in stale and "Een tweede tabblad." in stale
    report_text.save_passage(row.pk, "Van een collega.", None, 2, by=colleague)
    stale = client.post(address, sent | {f"{name}-text": "Van mij."}).content.decode()
    assert "Tweede Inspecteur" in stale and "Van een collega." in stale
    row.refresh_from_db()
    assert row.text == "Van een collega."
    choice = {
        **sent, f"{name}-text": "Van mij.", f"theirs-{name}-text": "Van een collega.",
        f"basename-{name}-text": f"{name}-base", f"version-{name}-text": "3", "keep_both": f"{name}-text",
    }  # fmt: skip
    client.post(url("report_text", visit.pk), choice)
    row.refresh_from_db()
    assert row.text == "Van een collega.\n\nVan mij."

    history = page(client, url("passage_history", visit.pk, row.pk))
    assert "Wij keken mee." in history and "Tweede Inspecteur" in history
    kept = list(row.versions.order_by("version").values_list("version", "parent_version"))
    assert kept == [(1, 0), (2, 1), (3, 2), (4, 3)]
    with pytest.raises(ProgrammingError), transaction.atomic():
        PassageVersion.objects.filter(passage=row).update(text="Nooit zo geweest.")
    must = visit.passages.get(key="must", item=make.item("W1"))
    wrong = {f"p{must.pk}-text": "Iets.", f"p{must.pk}-due_on": "gisteren"}
    assert "Niet opgeslagen" in client.post(url("passage", visit.pk, must.pk), wrong).content.decode()
    make.step(visit, "send_concept", lead)
    late = client.post(address, typed | {f"{name}-base": "4"}).content.decode()
    assert "Niet opgeslagen" in late and "data-saved" not in late
    assert signed_in(make.coordinator()).post(address, typed).status_code == 403


# --- reading along


def test_a_second_reader_remarks_and_the_team_answers(editions: Any) -> None:
    visit = make.drafting_visit()
    lead = make.lead(visit)
    team = signed_in(lead)
    address = url("second_reading", visit.pk)
    reader = make.second_reader(visit)
    assert second_reading.ask(visit.pk, reader.person, "Nog eens", by=lead).question == "Is de toon goed?"
    with pytest.raises(ValidationError):
        second_reading.ask(visit.pk, teammate(visit).person, "", by=lead)
    officer = make.quality_officer(visit.organisation)
    for by in (make.coordinator(), officer):
        with pytest.raises(PermissionDenied):
            second_reading.ask(visit.pk, reader.person, "", by=by)
        with pytest.raises(PermissionDenied):
            second_reading.remark(visit.pk, None, "Iets.", uuid.uuid4(), by=by)

    client = signed_in(reader)
    assert "Meelezen met een rapport" in page(client, url("tasks"))
    summary = visit.passages.get(key="summary")
    html = page(client, f"{address}?passage={summary.pk}")
    sent = next(
        {"passage": str(summary.pk), "key": fields(part)["key"][0]}
        for part in [html[html.index('class="form card"') - 20 :]]
    )
    for _ in range(2):
        client.post(address, sent | {"text": "De toon is hard."})
    remark = PassageRemark.objects.get()
    assert (remark.passage, remark.by) == (summary, reader.user)
    stranger = make.drafting_visit().passages.first()
    assert stranger is not None
    with pytest.raises(ValidationError):
        second_reading.remark(visit.pk, stranger.pk, "Iets.", uuid.uuid4(), by=reader)
    client.post(url("reader_done", visit.pk))
    assert "Meelezen met een rapport" not in page(client, url("tasks"))

    # It is told before sending, and holds nothing up.
    assert "De toon is hard." in page(team, url("report_text", visit.pk))
    assert "Opmerkingen van een meelezer" in page(team, url("tasks"))
    assert "1 opmerking van een meelezer is nog open" in page(team, url("concept_send", visit.pk))
    answer = url("reader_answer", visit.pk, remark.pk)
    assert "Schrijf wat u ermee deed." in team.post(answer, {f"r{remark.pk}-answer": " "}).content.decode()
    team.post(answer, {f"r{remark.pk}-answer": "Verzacht."})
    html = team.post(answer, {f"r{remark.pk}-answer": "Toch niet."}, follow=True).content.decode()
    assert "was u voor" in html and "Toch niet." in html
    remark.refresh_from_db()
    assert remark.answer == "Verzacht."
    with pytest.raises(ProgrammingError), transaction.atomic():
        PassageRemark.objects.filter(pk=remark.pk).update(text="Anders.")
    logged = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"reader_asked", "passage_remarked", "passage_remark_answered"} <= logged

    make.step(visit, "send_concept", lead)
    with pytest.raises(WrongState):
        second_reading.remark(visit.pk, None, "Te laat.", uuid.uuid4(), by=reader)
    own = signed_in(officer)
    assert own.get(address).status_code == 403
    with acting(officer.scope):
        assert not PassageRemark.objects.exists() and not PassageVersion.objects.exists()
    assert "De toon is hard." not in page(own, url("concept", visit.pk))


# --- what changed


def test_the_difference_is_by_passage_and_word(editions: Any) -> None:
    visit = make.reacted_visit()
    lead = make.lead(visit)
    team, own = signed_in(lead), signed_in(make.quality_officer(visit.organisation))
    address = url("report_difference", visit.pk)
    assert own.get(address).status_code == 404, "one version has no other"
    row = visit.passages.get(key="summary")
    report_text.save_passage(row.pk, "De nacht is half geregeld.", None, row.version, by=lead)
    make.passage(visit, "must", "Zorg dat er elke nacht iemand kan komen.", code="W2", due_in=90)
    remark = visit.remarks.get()
    html = page(team, address)
    assert "De tekst van nu" in html and "GEHEIM" not in html
    assert re.search(r"<ins><span[^>]*>Nieuw: </span>\s*half\s*</ins>", html)
    assert re.search(r"<del><span[^>]*>Vervallen: </span>\s*niet\s*</del>", html)
    assert "W2 moet beter" in html
    from assessments import reaction

    reaction.answer_remark(remark.pk, "adopted", "Aangepast.", by=lead)
    make.step(visit, "process", lead)
    make.step(visit, "settle", make.coordinator())
    html = page(own, address)
    assert "Rapport 1.0" in html and "Conceptrapport 0.1" in html and "half" in html
    assert "De tekst van nu" not in html
    same = page(team, f"{address}?van=1.0&naar=1.0")
    assert "De twee versies zijn gelijk." in same or "half" in same
    assert team.get(f"{address}?van=%00&naar=nu").status_code == 200


def test_a_judgement_that_changed_stands_with_both_words() -> None:
    def content(level: str, good: list[str]) -> dict[str, Any]:
        item = {
            "code": "W1", "title": "Beleid", "level": level, "good": good, "better": [], "must": [],
            "findings": [], "grounds": [],
        }  # fmt: skip
        empty = dict.fromkeys(("summary", "occasion", "provider_text", "method", "next_steps"), "")
        return {**empty, "items": [item], "actions": [], "documents": []}

    parts = report_difference.compare(content("fails", ["Een."]), content("meets", []))
    assert [part.title for part in parts] == ["W1 Beleid"]
    level, gone = parts[0].changes
    assert (level.is_judgement, level.before, level.after) == (True, "fails", "meets")
    assert [piece.kind for piece in gone.pieces] == ["old"]
    only_level = report_difference.compare(content("fails", []), content("meets", []))
    assert [part.title for part in only_level] == ["W1 Beleid"], "also where no text stands under it"
