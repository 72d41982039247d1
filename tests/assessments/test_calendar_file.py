"""The agenda file: RFC 5545 to the letter, whatever a provider is called and whenever a visit is."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments import calendar_file, planning
from assessments.models import Visit
from tests import factories as make
from tests.assessments.visit_pages import signed_in, url

pytestmark = pytest.mark.django_db


def unfolded(content: bytes) -> list[str]:
    """The lines as a reader puts them together (RFC 5545, 3.1)."""
    return content.decode().replace("\r\n ", "").rstrip("\r\n").split("\r\n")


def entries(content: bytes) -> list[dict[str, str]]:
    blocks = "\n".join(unfolded(content)).split("BEGIN:VEVENT\n")[1:]
    return [
        dict(line.split(":", 1) for line in block.split("\nEND:VEVENT")[0].split("\n")) for block in blocks
    ]


def read_text(value: str) -> str:
    """TEXT as a reader takes it (3.3.11)."""
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)


def file_of(visit: Visit) -> bytes:
    return calendar_file.calendar(calendar_file.with_changes(Visit.objects.filter(pk=visit.pk)))


LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@given(text=LINE)
def test_text_comes_back_and_no_line_is_too_long(text: str) -> None:
    lines = list(calendar_file.folded(f"SUMMARY:{calendar_file.escaped(text)}"))
    assert all(len(line.encode()) <= 75 for line in lines)
    assert all(line.startswith(" ") for line in lines[1:])
    joined = lines[0] + "".join(line[1:] for line in lines[1:])
    assert "\n" not in joined and "\r" not in joined and not re.search(r"[\x00-\x1f\x7f]", joined)
    plain = re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert read_text(joined.removeprefix("SUMMARY:")) == plain


@given(start=st.dates(date(2025, 1, 1), date(2030, 12, 31)), days=st.integers(0, 400))
def test_days_end_the_day_after_the_last(start: date, days: int) -> None:
    """Over month ends, leap days and the clock change: dates without hours cannot shift."""
    visit = Visit(pk=1, starts_on=start, ends_on=start + timedelta(days=days))
    lines = {line.split(":")[0]: line.split(":")[1] for line in calendar_file.day_lines(visit)}
    first, end = (date.fromisoformat(lines[f"{name};VALUE=DATE"]) for name in ("DTSTART", "DTEND"))
    assert first == start and end - first == timedelta(days=days + 1)


def test_an_entry_moves_and_is_struck_out_in_the_agenda(editions: Any) -> None:
    hostile = "De Linde; Zorg, \\ Thuis\r\nBEGIN:VEVENT 🏠 " + "é" * 90
    visit = make.planned_visit(make.provider(hostile), announced=False, starts_on=date(2027, 3, 27))
    lead = make.lead(visit)
    (first,) = entries(file_of(visit))
    assert read_text(first["SUMMARY"]).startswith("Onaangekondigd bezoek: De Linde; Zorg, \\ Thuis\n")
    assert first["DTSTART;VALUE=DATE"] == "20270327" and first["DTEND;VALUE=DATE"] == "20270328"
    assert re.fullmatch(r"\d{8}T\d{6}Z", first["DTSTAMP"]) and first["STATUS"] == "CONFIRMED"
    day = date(2027, 3, 29)
    planning.move(visit.pk, day, day, "Ziekte", planning.mark(visit), by=lead)
    (second,) = entries(file_of(visit))
    assert second["UID"] == first["UID"] and int(second["SEQUENCE"]) == int(first["SEQUENCE"]) + 1
    make.step(visit, "cancel", lead, "Te druk")
    (third,) = entries(file_of(visit))
    assert third["STATUS"] == "CANCELLED" and int(third["SEQUENCE"]) == int(second["SEQUENCE"]) + 1
    assert file_of(visit).startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


def test_my_visits_as_a_file_hold_mine_alone(editions: Any) -> None:
    mine = make.planned_visit(announced=False)
    make.planned_visit(by=make.coordinator())
    make.planned_visit(starts_on=timezone.localdate() - timedelta(days=500))
    answer = signed_in(make.lead(mine)).get(url("calendar"))
    assert (
        answer["Content-Type"].startswith("text/calendar") and "attachment" in answer["Content-Disposition"]
    )
    assert [entry["UID"].split("@")[0] for entry in entries(answer.content)] == [f"bezoek-{mine.pk}"]
    one = signed_in(make.coordinator()).get(url("visit_calendar", mine.pk))
    assert len(entries(one.content)) == 1
    assert signed_in(make.director(mine.organisation)).get(url("visit_calendar", mine.pk)).status_code == 403
