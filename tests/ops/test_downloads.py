"""Private files: a permission buys an address that holds for a minute and knows no person."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from assessments import files
from assessments.models import EvidenceRevision
from providers.models import AuditEvent
from tests import factories as f
from tests.test_access import png
from wlzthuis import downloads

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    storage = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": storage | {"OPTIONS": storage["OPTIONS"] | {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def kept(folder: Path) -> EvidenceRevision:
    f.load_norms()
    draft = f.draft_revision()
    by = f.quality_officer(draft.organisation)
    name = 'roo"ster\r\nSet-Cookie: x.png'
    return files.attach_evidence(draft.pk, f.item("W1"), png(name), by=by).evidence_revision


def client_of(file: EvidenceRevision) -> Client:
    client = Client()
    client.force_login(f.quality_officer(file.organisation).person)
    return client


def test_the_way_to_a_file_and_its_trace(kept: EvidenceRevision) -> None:
    client = client_of(kept)
    sent_on = client.get(reverse("assessments:evidence", args=[kept.pk]))
    assert (sent_on.status_code, sent_on["Location"].split("/")[1]) == (302, "bestanden")
    assert str(kept.pk) not in sent_on["Location"].split(":")[1:] and kept.name not in sent_on["Location"]
    event = AuditEvent.objects.get(action="evidence_opened")
    assert (event.about, event.object_id, event.outcome) == (kept.organisation, str(kept.pk), "seen")

    response = client.get(sent_on["Location"])
    assert response.getvalue() == kept.file.read()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies


def test_the_address_reads_no_session(kept: EvidenceRevision, django_assert_num_queries: Any) -> None:
    client = client_of(kept)
    address = client.get(reverse("assessments:evidence", args=[kept.pk]))["Location"]
    # Savepoint, who acts, the row, who acted, end of savepoint: no session and no person among them.
    with django_assert_num_queries(3):
        response = client.get(address)
    assert response.status_code == 200 and not hasattr(response.wsgi_request.user, "held")


def test_an_address_holds_for_a_minute(kept: EvidenceRevision, monkeypatch: pytest.MonkeyPatch) -> None:
    address = downloads.hand_over(kept)["Location"]
    assert Client().get(address).status_code == 200
    monkeypatch.setattr(downloads, "SECONDS", -1)
    response = Client().get(address)
    assert response.status_code == 410
    assert "Dit adres geldt niet meer" in response.content.decode()


def test_an_address_is_for_one_file_and_cannot_be_made_up(kept: EvidenceRevision) -> None:
    address = downloads.hand_over(kept)["Location"]
    assert Client().get(address.replace(address[12], "x", 1)).status_code == 404
    foreign = signing.dumps(["providers.user", 1], salt="another")
    assert Client().get(reverse("file", args=[foreign])).status_code == 404
    assert Client().post(address).status_code == 405


def test_a_file_that_left_the_disk_is_said_and_logged(
    kept: EvidenceRevision, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / str(kept.file)).unlink()
    with caplog.at_level(logging.ERROR):
        response = client_of(kept).get(reverse("assessments:evidence", args=[kept.pk]), follow=True)
    assert response.status_code == 410
    assert "Wij kunnen dit bestand niet vinden" in response.content.decode()
    assert f"EvidenceRevision {kept.pk}" in caplog.text and kept.name not in caplog.text
