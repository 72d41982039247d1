"""What a provider takes home, and the PDF of what it published."""

import io
import json
import zipfile
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from assessments import files
from assessments.canonical import canonical_json, sha256_hex
from assessments.models import EvidenceRevision, Revision
from providers.models import Role
from reports import own_documents
from reports.models import OwnDocument
from tests import factories as f
from tests.assessments.test_signed_and_shown import client_of, publish
from tests.reports.test_pdf import faults
from tests.test_access import png

pytestmark = pytest.mark.django_db
SCHEMA = Path(settings.BASE_DIR) / "docs" / "self-assessment.schema.json"


def handed_in() -> Revision:
    revision = f.answered_revision()
    officer = f.quality_officer(revision.organisation)
    first, second = f.asked_items(revision, "judgement")[:2]
    version = revision.answers.get(item=first).version
    f.answer(revision, first, "meets", "=1+1\nDe nacht is geregeld.", base_version=version, by=officer)
    files.attach_evidence(revision.pk, first, png("../../rooster.png"), by=officer)
    files.attach_evidence(revision.pk, second, png("besmet.png", "red"), by=officer)
    f.consultation(revision)
    f.REVISION.perform(revision.pk, "offer", by=officer)
    handed: Revision = f.sign(revision.pk, 2022, by=f.director(revision.organisation))
    return handed


def test_the_json_follows_its_published_schema_and_proves_itself() -> None:
    revision = handed_in()
    exported = json.loads(own_documents.export(revision))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(exported)
    assert sha256_hex(canonical_json(exported["content"])) == exported["sha256"] == revision.sha256


def test_a_draft_can_be_taken_along_too() -> None:
    exported = json.loads(own_documents.export(f.answered_revision()))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(exported)
    assert exported["content"]["submitted_on"] is None


def test_the_workbook_calculates_nothing() -> None:
    revision = handed_in()
    about, sheet = openpyxl.load_workbook(io.BytesIO(own_documents.workbook(revision))).worksheets
    told = dict(about.iter_rows(min_row=2, values_only=True))
    assert told["Aanbieder"] == revision.organisation.name
    assert told["Kenmerk (sha256)"] == revision.sha256
    assert "Wij werken met de Governancecode Zorg" in told["De bestuurder verklaart"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(revision.content["answers"])
    texts = [str(row[5]) for row in rows if row[5]]
    assert any(text.startswith("'=1+1") for text in texts)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "Voldoet" in {row[4] for row in rows}


def test_what_is_taken_along_has_one_kind_of_name() -> None:
    revision = handed_in()
    officer = client_of(Role.QUALITY_OFFICER, revision.organisation)
    name = f"Zelfevaluatie {revision.self_assessment.year} {revision.organisation.name}, versie 1"
    for form in ("xlsx", "json"):
        response = officer.get(reverse("reports:document_now", args=[revision.pk, form]))
        assert response["Content-Disposition"] == f'attachment; filename="{name}.{form}"'
    asked = own_documents.ask(revision, "pdf", by=f.quality_officer(revision.organisation))
    assert asked.file_name == f"{name}.pdf"


def made(document: OwnDocument) -> OwnDocument:
    assert own_documents.make(document.pk) is True
    document = OwnDocument.objects.get(pk=document.pk)
    assert document.status == OwnDocument.Status.READY
    return document


def test_the_dossier_lists_what_is_in_it_and_what_is_not() -> None:
    revision = handed_in()
    EvidenceRevision.objects.filter(name="besmet.png").update(scan="infected")
    document = made(own_documents.ask(revision, "dossier", by=f.quality_officer(revision.organisation)))
    with document.file.file.open("rb") as source:
        data = source.read()
    assert (sha256_hex(data), len(data)) == (document.file.sha256, document.file.size)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for entry in manifest["files"]:
            assert sha256_hex(archive.read(entry["path"])) == entry["sha256"]
        names = set(archive.namelist())
        assert all(entry.date_time[0] > 2000 for entry in archive.infolist())
    assert names == {entry["path"] for entry in manifest["files"]} | {"manifest.json"}
    assert {"zelfevaluatie.json", "zelfevaluatie.xlsx", "zelfevaluatie.pdf"} < names
    assert "bewijsstukken/001-rooster.png" in names
    assert [(row["name"], row["reason"]) for row in manifest["left_out"]] == [
        ("besmet.png", "Virus gevonden")
    ]


def test_asking_twice_makes_one_and_others_get_nothing() -> None:
    revision = handed_in()
    officer = f.quality_officer(revision.organisation)
    document = own_documents.ask(revision, "pdf", by=officer)
    assert own_documents.ask(revision, "pdf", by=officer).pk == document.pk
    made(document)
    assert own_documents.make(document.pk) is False
    url = reverse("reports:document_download", args=[revision.pk, "pdf"])
    assert client_of(Role.QUALITY_OFFICER, revision.organisation).get(url).status_code == 302
    assert client_of(Role.INSPECTOR, f.inspectorate()).get(url).status_code == 404
    with pytest.raises(PermissionDenied):
        own_documents.ask(revision, "pdf", by=f.inspector())


def test_publishing_asks_for_the_pdf_and_everybody_gets_it() -> None:
    account = publish(f.public_account(f.submitted_revision()))
    url = reverse("reports:public_account_pdf", args=[account.slug, account.year, account.number])
    assert Client().get(url).status_code == 202
    made(OwnDocument.objects.get(account=account))
    response = Client().get(url)
    assert b"".join(response).startswith(b"%PDF")
    account.status = "withdrawn"
    account.save()
    assert Client().get(url).status_code == 404


def own_pdfs() -> dict[str, bytes]:
    """Each kind of PDF that a provider makes of its account, with what people type at its worst."""
    revision = handed_in()
    account = f.public_account(revision)
    account.title, account.intro = "Zorg thuis 🌷 " + "lang " * 20, "مرحبا <b>vet</b>\n\n" + "woord " * 900
    account.save()
    published = publish(account)
    return {
        "account": own_documents.account_pdf(revision).data,
        "public": own_documents.public_pdf(OwnDocument.objects.get(account=published)).data,
    }


def test_every_document_is_archivable_and_accessible() -> None:
    for name, data in own_pdfs().items():
        assert faults(data) == [], name
