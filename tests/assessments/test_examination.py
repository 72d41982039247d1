"""Uploads are scanned by a real ClamAV and read for a BSN; whatever a file does, the portal goes on."""

import io
import time
import zipfile
from datetime import timedelta

import pytest
import weasyprint
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfWriter

from assessments import examination, files, library, reading, scanning
from assessments.models import EvidenceRevision
from assessments.tasks import examine_evidence
from providers.models import Mail
from tests import factories as make
from tests.assessments.clamav import MALWARE, clamd
from tests.assessments.test_files import PDF, archive, image, upload
from wlzthuis import health

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder", "editions")]
Scan, Bsn = EvidenceRevision.Scan, EvidenceRevision.Bsn
AWAY = "tcp://127.0.0.1:1"


@pytest.fixture(scope="module")
def scanner(tmp_path_factory):
    with clamd(tmp_path_factory.mktemp("clamav")) as address:
        yield address


@pytest.fixture
def officer():
    return make.quality_officer(make.provider())


def kept(by, content=PDF, name="beleid.pdf") -> EvidenceRevision:
    return library.add_piece(upload(name, content), "", None, by=by).revisions.get()


def examined(file: EvidenceRevision) -> EvidenceRevision:
    examine_evidence(file.pk)
    return EvidenceRevision.objects.get(pk=file.pk)


def opened(file: EvidenceRevision, by) -> int:
    client = Client()
    client.force_login(by.person)
    return client.get(reverse("assessments:evidence", args=[file.pk])).status_code


# --- malware


def test_a_clean_file_opens_once_it_was_scanned(scanner, settings, officer):
    settings.CLAMD_URL = scanner
    file = kept(officer)
    assert opened(file, officer) == 409
    assert examination.waiting() == [file.pk]
    file = examined(file)
    assert (file.scan, opened(file, officer)) == (Scan.CLEAN, 302)
    assert examination.waiting() == []


def test_an_infected_file_opens_for_nobody_and_people_are_told(scanner, settings, officer):
    settings.CLAMD_URL = scanner
    director = make.director(officer.own)
    file = kept(officer, PDF + MALWARE)
    for _ in range(2):
        file = examined(file)
    assert file.scan == Scan.INFECTED
    assert opened(file, officer) == opened(file, director) == 409
    told = Mail.objects.filter(kind="evidence_infected")
    assert {mail.to for mail in told} == {officer.person.email, director.person.email}
    # Not even where scanning was switched off since, and not by bringing it again.
    settings.CLAMD_URL = ""
    assert opened(file, officer) == 409
    draft = make.draft_revision(officer.own)
    with pytest.raises(ValidationError, match="virus"):
        files.attach_evidence(draft.pk, make.item("W1"), upload("b.pdf", PDF + MALWARE), by=officer)


def test_without_a_scanner_files_open_and_say_so(settings, officer):
    settings.CLAMD_URL = ""
    file = examined(kept(officer))
    assert (file.scan, opened(file, officer)) == (Scan.WAITING, 302)
    assert file.scan_words == "Niet gecontroleerd op virussen"


def test_a_scanner_that_is_away_is_waited_for(scanner, settings, officer):
    settings.CLAMD_URL = AWAY
    file = examined(kept(officer))
    assert (file.scan, file.bsn, opened(file, officer)) == (Scan.WAITING, Bsn.UNKNOWN, 409)
    settings.CLAMD_URL = scanner
    assert examination.waiting() == [file.pk]
    assert examined(file).scan == Scan.CLEAN


def test_what_the_scanner_refuses_is_sent_again_the_next_day(scanner, settings, officer):
    settings.CLAMD_URL = scanner
    file = examined(kept(officer, PDF.ljust(3 * 1024 * 1024, b"\0")))
    assert (file.scan, opened(file, officer)) == (Scan.FAILED, 409)
    assert examination.waiting() == []
    EvidenceRevision.objects.update(scanned_at=timezone.now() - timedelta(days=1, minutes=1))
    assert examination.waiting() == [file.pk]


def test_a_file_that_is_gone_does_not_stop_the_others(scanner, settings, officer):
    settings.CLAMD_URL = scanner
    file = kept(officer)
    file.file.delete(save=False)
    assert examined(file).scan == Scan.FAILED


def test_over_a_socket_too(scanner, settings, tmp_path_factory):
    with clamd(tmp_path_factory.mktemp("socket")) as address:
        assert address
        folder = tmp_path_factory.getbasetemp()
        path = next(path for path in sorted(folder.rglob("clamd.sock"), reverse=True))
        settings.CLAMD_URL = f"unix://{path}"
        scanning.ping()
        assert scanning.scan(io.BytesIO(MALWARE)).startswith("Eicar-Test")
        assert scanning.scan(io.BytesIO(b"")) == ""


def test_readiness_tells_of_the_scanner(scanner, settings):
    def part() -> str:
        return Client().get("/health/ready").json()["parts"].get("scanner", "")

    settings.CLAMD_URL = ""
    assert part() == "off: uploads are not scanned"
    assert "scanner" not in health.NEEDED
    settings.CLAMD_URL = scanner
    assert part() == "ok"
    settings.CLAMD_URL = AWAY
    assert part() == "failed"


# --- a BSN in the text

NUMBER, SEEN = "111222333", "*****2333"


def letter(html: str) -> bytes:
    return weasyprint.HTML(string=html).write_pdf()


def docx(body: str) -> bytes:
    head = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
    return archive(("word/document.xml", f"{head}{body}</w:document>"))


def pages(count: int) -> bytes:
    document, content = PdfWriter(), io.BytesIO()
    for _ in range(count):
        document.add_blank_page(100, 100)
    document.write(content)
    return content.getvalue()


def locked(html: str) -> bytes:
    document, content = PdfWriter(clone_from=io.BytesIO(letter(html))), io.BytesIO()
    document.encrypt("geheim")
    document.write(content)
    return content.getvalue()


# Two runs of one word: Word cuts text where the spelling checker was.
CUT = "<w:p><w:r><w:t>111222</w:t></w:r><w:r><w:t>333</w:t></w:r></w:p>"
CELLS = "<x><sheetData><row><c><v>111222333</v></c><c><v>5</v></c></row></sheetData></x>"


@pytest.mark.parametrize(
    ("name", "content", "state", "places"),
    [
        ("a.pdf", letter(f"<p>Leeg</p><p style='break-before:page'>Mw. J., {NUMBER}</p>"), "found", 2),
        ("a.pdf", letter("<p>KvK 12345678, tel. 070 123 45 67</p>"), "none", 0),
        ("a.pdf", locked(NUMBER), "unreadable", 0),
        ("a.pdf", b"%PDF-1.7 en dan niets", "unreadable", 0),
        ("a.docx", docx(CUT), "found", 0),
        ("a.docx", docx("<w:p><w:r><w:t>111222</w:t></w:r></w:p><w:p><w:t>333</w:t></w:p>"), "none", 0),
        ("a.docx", archive(("word/document.xml", "<geen xml")), "unreadable", 0),
        ("a.xlsx", archive(("xl/workbook.xml", "<x/>"), ("xl/worksheets/s.xml", CELLS)), "found", 0),
        ("a.png", image("PNG"), "unreadable", 0),
    ],
)
def test_the_text_of_a_file_is_read(officer, name, content, state, places):
    file = examined(kept(officer, content, name))
    assert file.bsn == state
    page = f"bladzijde {places}: " if places else ""
    assert file.bsn_places == ([f"{page}{SEEN}"] if state == "found" else [])
    assert Mail.objects.filter(kind="evidence_bsn").count() == (state == "found")


def test_nothing_that_is_kept_holds_the_number(officer):
    file = examined(kept(officer, docx(CUT), "a.docx"))
    assert NUMBER not in str(file.bsn_places)
    assert all(NUMBER not in mail.text for mail in Mail.objects.all())


ENTITIES = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bom.docx", archive(("word/document.xml", "<p>" + "0" * 400_000_000 + "</p>"))),
        ("diep.docx", archive(("word/document.xml", "<p>" * 3_000_000))),
        ("entiteit.docx", archive(("word/document.xml", ENTITIES))),
        ("lang.pdf", pages(10_000)),
        ("lus.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>"),
    ],
)
def test_a_hostile_file_is_kept_and_takes_nothing_down(officer, name, content):
    file = kept(officer, content, name)
    begin = time.monotonic()
    assert examined(file).bsn == Bsn.UNREADABLE
    assert time.monotonic() - begin < reading.SECONDS + 5


def test_what_was_found_before_the_end_is_kept(officer, monkeypatch):
    many = docx("".join(f"<w:p><w:t>{NUMBER} {'a' * 400_000}</w:t></w:p>" for _ in range(200)))
    file = examined(kept(officer, many, "lang.docx"))
    assert (file.bsn, file.bsn_places) == (Bsn.FOUND, [SEEN])


# --- hostile names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\map\\plan.pdf", "plan.pdf"),
        ("rooster\u202efdp.exe.pdf", "rooster fdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", "a b c.pdf"),
        ("\u200b\u200b", "bestand"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("e\u0301\u00e9n.pdf", "\u00e9\u00e9n.pdf"),
    ],
)
def test_a_name_is_what_people_read(name, shown):
    assert files.clean_name(name) == shown


def test_a_file_that_is_two_things_is_kept_as_what_it_says_and_handed_over_as_a_download(officer):
    page = b"%PDF-1.7\n<script>alert(1)</script>"
    both = io.BytesIO(page)
    with zipfile.ZipFile(both, "a") as packed:
        packed.writestr("word/document.xml", "<x/>")
    file = kept(officer, page + both.getvalue(), "dubbel.pdf")
    client = Client()
    client.force_login(officer.person)
    answer = client.get(reverse("assessments:evidence", args=[file.pk]), follow=True)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
