"""From a step of a visit to its file, once, whatever goes wrong on the way."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.errors import WrongState
from assessments.models import ConceptVersion, VisitEvent
from reports import services
from reports.models import ReportFile, ReportRequest
from reports.pdf import AssetsMissing, Pdf
from tests import factories
from tests.reports.conftest import made, report_of
from wlzthuis.celery import app as celery_app

pytestmark = pytest.mark.django_db
Status = ReportRequest.Status
PDF = Pdf(b"%PDF-1.7 proef", 3)


@pytest.fixture(autouse=True)
def stored(settings, tmp_path: Path) -> Iterator[Path]:
    """Private storage of this test alone."""
    folder = tmp_path / "private"
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": folder, "base_url": None}}
    settings.STORAGES = storages
    yield folder


@pytest.fixture
def report() -> ReportRequest:
    return report_of(factories.concept_visit(), ConceptVersion.Kind.CONCEPT)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


PAST = timezone.now() - timedelta(hours=1)


def expire(report: ReportRequest) -> None:
    ReportRequest.objects.filter(pk=report.pk).update(lease_until=PAST, queued_at=PAST)


def test_a_step_that_freezes_a_version_asks_for_its_file():
    visit = factories.settled_visit()
    reports = ReportRequest.objects.filter(version__visit=visit).order_by("requested_at")
    assert [(r.version.kind, r.status, r.organisation) for r in reports] == [
        ("concept", "requested", visit.organisation),
        ("final", "requested", visit.organisation),
    ]
    assert {(r.provider_name, r.place, r.level) for r in reports} == {
        (visit.organisation.name, "Delft", "largely_fails")
    }


def test_other_steps_ask_for_nothing():
    factories.conducted_visit()
    assert not ReportRequest.objects.exists()


def test_the_same_event_asks_once(report: ReportRequest):
    event = VisitEvent.objects.get(version=report.version)
    services.request_report(event)
    assert ReportRequest.objects.count() == 1


def test_a_request_is_lost_with_its_transaction():
    visit = factories.drafting_visit()
    with pytest.raises(RuntimeError), transaction.atomic():
        factories.step(visit, "send_concept", factories.lead(visit))
        raise RuntimeError
    assert not ReportRequest.objects.exists()


def test_a_broker_that_is_away_fails_nothing(django_capture_on_commit_callbacks, monkeypatch, caplog):
    monkeypatch.setattr(celery_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(celery_app, "_pool", None)
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        visit = factories.concept_visit()
    assert len(callbacks) == 1
    assert "Error calling queue" in caplog.text and "OperationalError" in caplog.text
    assert report_of(visit, "concept").status == Status.REQUESTED


def test_a_real_visit_becomes_a_real_file(report: ReportRequest, stored: Path):
    assert services.render(report.pk) is True
    report.refresh_from_db()
    assert (report.status, report.attempt, report.lease_until) == (Status.READY, 1, None)
    with report.file.file.open() as file:
        data = file.read()
    assert data.startswith(b"%PDF-1.7")
    assert (report.file.size, report.file.sha256) == (len(data), services.sha256_hex(data))
    assert report.file.pages >= 9
    assert re.fullmatch(r"reports/[0-9a-f]{32}\.pdf", str(report.file.file))


def test_rendering_twice_makes_one_file(report: ReportRequest, stored: Path):
    made(report)
    assert services.render(report.pk) is False
    assert len(files(stored)) == 1


def test_a_claim_is_exclusive(report: ReportRequest):
    assert services.claim(report.pk)
    assert services.claim(report.pk) is None


def test_the_loser_of_a_race_takes_its_file_away(report: ReportRequest, stored: Path):
    slow = services.claim(report.pk)
    expire(report)
    quick = services.claim(report.pk)
    assert slow and quick and (slow.attempt, quick.attempt) == (1, 2)
    assert services.complete(quick, PDF) is True
    assert services.complete(slow, PDF) is False
    assert ReportFile.objects.get().request == report
    assert len(files(stored)) == 1


def test_the_database_allows_one_file_per_request(report: ReportRequest):
    made(report)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFile.objects.create(request=report, file="reports/x.pdf", sha256="", size=1, pages=1)


def test_content_that_cannot_be_read_fails_at_once(report: ReportRequest):
    factories.damage(report.version_id, sha256="0" * 64)
    assert services.render(report.pk) is False
    report.refresh_from_db()
    assert (report.status, report.attempt, report.retryable) == (Status.FAILED, 1, False)
    assert report.reason == "De inhoud van dit rapport is niet te lezen. Vraag de beheerder om hulp."


def test_trouble_of_the_machine_is_tried_again_three_times(report: ReportRequest, monkeypatch):
    def broken(html: str, data: bytes) -> Pdf:
        raise AssetsMissing("Lettertype ontbreekt")

    monkeypatch.setattr(services.pdf, "render_pdf", broken)
    for attempt in (1, 2):
        assert services.render(report.pk) is False
        report.refresh_from_db()
        assert (report.status, report.attempt) == (Status.REQUESTED, attempt)
    services.render(report.pk)
    report.refresh_from_db()
    assert (report.status, report.retryable) == (Status.FAILED, True)
    assert report.reason.startswith("Het maken van het rapport is 3 keer mislukt.")


def test_a_full_disk_leaves_no_file_behind(report: ReportRequest, stored: Path, monkeypatch):
    def full(self, **values: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(ReportFile, "save", full)
    assert services.render(report.pk) is False
    report.refresh_from_db()
    assert report.status == Status.REQUESTED
    assert files(stored) == []


def test_the_sweeper_queues_what_was_forgotten(report: ReportRequest, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as calls:
        assert services.requeue_stale() == 0
        ReportRequest.objects.filter(pk=report.pk).update(queued_at=PAST)
        assert services.requeue_stale() == 1
        assert services.requeue_stale() == 0
    assert len(calls) == 1


def test_the_sweeper_queues_what_a_dead_worker_held(
    report: ReportRequest, django_capture_on_commit_callbacks
):
    services.claim(report.pk)
    ReportRequest.objects.filter(pk=report.pk).update(queued_at=timezone.now() - timedelta(hours=1))
    with django_capture_on_commit_callbacks() as calls:
        assert services.requeue_stale() == 0  # its lease still holds
        expire(report)
        assert services.requeue_stale() == 1
    assert len(calls) == 1
    claimed = services.claim(report.pk)
    assert claimed and claimed.attempt == 2


def test_the_sweeper_gives_up_after_the_last_attempt(report: ReportRequest):
    for _ in range(services.ATTEMPTS):
        assert services.claim(report.pk)
        expire(report)
    assert services.claim(report.pk) is None
    services.requeue_stale()
    report.refresh_from_db()
    assert (report.status, report.retryable) == (Status.FAILED, True)
    assert "3 keer mislukt" in report.reason


def failed(report: ReportRequest, *, retryable: bool = True) -> ReportRequest:
    ReportRequest.objects.filter(pk=report.pk).update(
        status=Status.FAILED, reason="Mislukt.", attempt=3, retryable=retryable, finished_at=timezone.now()
    )
    report.refresh_from_db()
    return report


def test_the_inspectorate_has_it_made_again(report: ReportRequest, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as calls:
        services.retry(failed(report), by=factories.inspector())
    report.refresh_from_db()
    assert (report.status, report.attempt, report.reason) == (Status.REQUESTED, 0, "")
    assert len(calls) == 1
    with pytest.raises(WrongState):
        services.retry(report, by=factories.inspector())


def test_nobody_else_has(report: ReportRequest):
    with pytest.raises(PermissionDenied):
        services.retry(failed(report), by=factories.quality_officer(report.organisation))


def test_what_cannot_be_read_is_not_tried_again(report: ReportRequest):
    with pytest.raises(WrongState):
        services.retry(failed(report, retryable=False), by=factories.inspector())


@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.RUNNING},
        {"lease_until": timezone.now()},
        {"status": Status.FAILED},
        {"reason": "Zomaar."},
    ],
)
def test_the_database_keeps_states_whole(report: ReportRequest, values: dict):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportRequest.objects.filter(pk=report.pk).update(**values)
