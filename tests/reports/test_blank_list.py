"""The blank list of an edition: complete, harmless, and made once."""

import io
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from norms.models import FrameworkVersion
from reports import blank_list
from tests import factories as f
from tests.reports.test_pdf import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(settings: Any, tmp_path: Path) -> FrameworkVersion:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return f.editions(f.IGJ)[0]


def url(version: FrameworkVersion, form: str) -> str:
    return reverse("reports:blank", args=[version.framework.code, version.edition, form])


def everything() -> list[FrameworkVersion]:
    """All editions that ask a provider something."""
    f.load_norms()
    return list(FrameworkVersion.objects.for_self_assessment().select_related("framework"))


def test_the_workbook_has_every_question_of_every_edition():
    for edition in everything():
        sheet = openpyxl.load_workbook(io.BytesIO(blank_list.workbook(edition))).active
        assert [cell.value for cell in sheet[1]] == blank_list.HEADINGS
        codes = {row[1].value for row in sheet.iter_rows(min_row=2)}
        assert codes == {item.code for item in edition.items.all() if item.asks_provider}


def test_what_can_be_chosen_is_offered_in_the_cell(version: FrameworkVersion):
    sheet = openpyxl.load_workbook(io.BytesIO(blank_list.workbook(version))).active
    offered = {
        str(cells): rule.formula1
        for rule in sheet.data_validations.dataValidation
        for cells in rule.sqref.ranges
    }
    assert '"Ja,Deels,Nee"' in offered.values()
    assert all(cells.startswith("E") for cells in offered)


def test_who_asks_first_waits_and_the_file_is_made_once(
    version: FrameworkVersion, client: Client, django_capture_on_commit_callbacks: Any, monkeypatch: Any
):
    asked: list[int] = []
    monkeypatch.setattr("reports.tasks.make_blank_list.delay", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        first = client.get(url(version, "pdf"))
        client.get(url(version, "pdf"))
    assert (first.status_code, asked) == (202, [version.pk])
    assert blank_list.make_pdf(version) is True
    assert blank_list.make_pdf(version) is False
    ready = client.get(url(version, "pdf"))
    data = b"".join(ready)
    assert ready.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(data))
    text = " ".join(page.extract_text() for page in reader.pages)
    for section in blank_list.sections(version.pk):
        assert section.title in text
        for question in section.questions:
            assert question.code in text
    root = cast(DictionaryObject, reader.trailer["/Root"])
    assert cast(DictionaryObject, root["/MarkInfo"])["/Marked"] and root["/Lang"] == "nl"


def test_every_edition_can_be_printed(version: FrameworkVersion):
    for edition in everything():
        assert blank_list.make_pdf(edition)
        with default_storage.open(blank_list.path_of(edition)) as made:
            assert faults(made.read()) == []


def test_an_unknown_edition_or_form_is_nothing(version: FrameworkVersion, client: Client):
    assert client.get(url(version, "docx")).status_code == 404
    assert (
        client.get(reverse("reports:blank", args=["igj-wlz-thuis", "1999-01-01", "xlsx"])).status_code == 404
    )
