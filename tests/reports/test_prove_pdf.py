"""A second opinion on the same files, by another validator, and what is slow to read back."""

import io
import re
from datetime import timedelta

import pypdf
import pytest
from django.utils import timezone

from assessments import reaction
from assessments.models import Visit
from reports.models import ReportRequest
from reports.tasks import render_report
from tests import factories as f
from tests.reports.samples import HOSTILE
from tests.reports.test_own_documents import own_pdfs
from tests.reports.test_pdf import faults, sample

pytestmark = pytest.mark.prove
BOOK = "De zorgverlener vertelt wie er in de nacht komt. " * 120
# Headings and captions that a page may not end with.
HEAD = re.compile(r"(Concept, niet openbaar · )?Rapport V")
LEFT_BEHIND = re.compile(r"(Tabel|Figuur) \d+\. |Gronden: waarom dit oordeel$|Wat moet beter, en wanneer$")


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
@pytest.mark.parametrize("name", ["full", "concept", "bare", "extreme", "hostile"])
def test_verapdf_agrees(name: str, flavour: str):
    from tests.reports import verapdf  # here, so that the daily run needs no JVM

    assert verapdf.faults(sample(name)[1].data, flavour) == []


@pytest.mark.django_db
def test_verapdf_agrees_on_what_a_provider_makes():
    from tests.reports import verapdf

    for name, data in own_pdfs().items():
        for flavour in ("3a", "ua1"):
            assert verapdf.faults(data, flavour) == [], (name, flavour)


def test_verapdf_sees_a_fault():
    from tests.reports import verapdf

    data = sample("bare")[1].data
    assert verapdf.faults(data.replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"'), "ua1") != []


@pytest.mark.parametrize("name", ["full", "extreme", "hostile"])
def test_headings_stay_with_their_text_and_tables_with_their_header(name: str):
    alone = [found for found in last_lines(sample(name)[1].data) if LEFT_BEHIND.match(found)]
    assert alone == []


def last_lines(data: bytes) -> list[str]:
    """The last line of each page, above its foot and whatever is drawn beside the text."""
    found = []
    for page in pypdf.PdfReader(io.BytesIO(data)).pages[1:]:
        lines = [line.strip() for line in (page.extract_text() or "").split("\n") if line.strip()]
        head = next(
            n for n, line in enumerate(lines) if re.match(r"(Concept, niet openbaar · )?Rapport V", line)
        )
        body = [line for line in lines[:head] if not re.fullmatch(r"[A-Z]*\d*-\d+", line)]
        found.append(body[-1])
    return found


def lived_through() -> Visit:
    """A corrected report of a visit where everybody typed what they could."""
    provider = f.provider(f"{HOSTILE[0]} {HOSTILE[2]}")
    f.submitted_revision(provider)
    visit = f.judged_visit(provider)
    f.home_visit(visit)
    for number in range(200):
        f.finding(visit, "W2", text=f"Feit {number}. {HOSTILE[number % 5]}")
    f.finding(visit, "W2", text=BOOK)
    lead, officer, board = f.lead(visit), f.quality_officer(provider), f.coordinator()
    visit = f.step(visit, "compose", lead)
    f.passage(visit, "summary", "\n".join(HOSTILE))
    f.passage(visit, "must", f"{BOOK}\n{HOSTILE[1]}", code="W2", due_in=60)
    visit = f.step(visit, "send_concept", lead)
    reaction.record_opening(visit.versions.get(), by=officer)
    until = timezone.localdate() + timedelta(days=60)
    reaction.ask_extension(visit.pk, until, HOSTILE[1], by=officer)
    reaction.extend(visit.pk, until, HOSTILE[2], by=lead)
    for passage, text in (("W2-1", BOOK), ("W2-2", HOSTILE[0]), ("Werkwijze", HOSTILE[4])):
        f.remark(visit, passage, text)
    f.step(visit, "submit_reaction", officer)
    for row in visit.remarks.all():
        reaction.answer_remark(row.pk, "rejected", row.text, by=lead)
    f.step(visit, "process", lead)
    f.step(visit, "settle", board)
    f.step(visit, "decide", board)
    f.correction(visit, f"{HOSTILE[0]} {BOOK}")
    return f.step(visit, "correct", board)


def rendered(visit: Visit) -> dict[str, bytes]:
    """The files of all its versions, as a worker makes them."""
    files = {}
    for report in ReportRequest.objects.filter(version__visit=visit).select_related("version"):
        assert render_report(report.pk), report.version.version
        report.refresh_from_db()
        with report.file.file.open() as file:
            files[report.version.version] = file.read()
    return files


@pytest.mark.django_db
def test_every_version_of_a_hostile_visit_is_archivable_accessible_and_whole():
    from tests.reports import verapdf

    files = rendered(lived_through())
    assert sorted(files) == ["0.1", "1.0", "1.1"]
    for version, data in files.items():
        assert faults(data) == [], version
        assert [verapdf.faults(data, flavour) for flavour in ("3a", "ua1")] == [[], []], version
        text = "".join(page.extract_text() or "" for page in pypdf.PdfReader(io.BytesIO(data)).pages)
        assert all(f"Feit {number}. " in text for number in range(2, 200)), version
        assert not [line for line in last_lines(data) if LEFT_BEHIND.match(line)], version
