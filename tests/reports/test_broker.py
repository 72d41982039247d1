"""Reports over the real broker, by workers in processes of their own that are killed half-way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from assessments.canonical import canonical_json, sha256_hex
from assessments.models import ConceptVersion
from reports.models import ReportFile, ReportRequest
from reports.tasks import render_report
from tests import factories
from tests.reports import samples
from tests.reports.conftest import report_of

pytestmark = [pytest.mark.broker, pytest.mark.django_db(transaction=True)]
Status = ReportRequest.Status
Worker = subprocess.Popen[bytes]


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers on the test database; each is a session of its own, and gone after the test."""
    workers: list[Worker] = []

    def start(*, sweeping: bool = True) -> Worker:
        name = f"worker{len(workers)}"
        beat = ["-B", "-s", str(tmp_path / f"{name}-beat")] if sweeping else []
        command = [sys.executable, "-m", "celery", "-A", "wlzthuis", "worker", "-c", "1", "-n", f"{name}@%h"]
        with (tmp_path / f"{name}.log").open("wb") as log:
            workers.append(
                subprocess.Popen(
                    [*command, "-l", "INFO", *beat],
                    cwd=settings.BASE_DIR,
                    env=os.environ
                    | {
                        "DATABASE_URL": database_url(),
                        "DJANGO_SETTINGS_MODULE": "tests.reports.worker_settings",
                    },
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        return workers[-1]

    yield start
    for worker in workers:
        kill(worker)


def database_url() -> str:
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return f"{base}/{connection.settings_dict['NAME']}"


def kill(worker: Worker) -> None:
    """SIGKILL to the worker and the child that renders."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_for(report: ReportRequest, *statuses: str, seconds: int = 100) -> ReportRequest:
    """The request once it has one of the statuses."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        report.refresh_from_db()
        if report.status in statuses:
            return report
        time.sleep(0.05)
    raise AssertionError(f"still {report.status}, attempt {report.attempt}: {report.reason}")


def long_report() -> ReportRequest:
    """A requested report that takes a worker some seconds."""
    report = report_of(factories.concept_visit(), ConceptVersion.Kind.CONCEPT)
    content: dict[str, Any] = samples.full()
    content["items"] += [samples.item(f"X{n}", "fails", grounds=[samples.LONG]) for n in range(8)]
    factories.damage(report.version_id, content=content, sha256=sha256_hex(canonical_json(content)))
    return report


def let_lease_run_out(report: ReportRequest) -> None:
    """Spare the test the two minutes of a lease."""
    past = timezone.now() - timedelta(seconds=1)
    assert ReportRequest.objects.filter(pk=report.pk, status=Status.RUNNING).update(lease_until=past)


def stored_files() -> list[str]:
    """All report files in private storage."""
    return default_storage.listdir("reports")[1] if default_storage.exists("reports") else []


@pytest.fixture(autouse=True)
def nothing_left_of_before() -> None:
    """Neither files nor messages: what a killed worker's clock sent would sweep here too."""
    render_report.app.control.purge()
    for name in stored_files():
        default_storage.delete(f"reports/{name}")


def test_a_step_of_a_visit_brings_its_report(start_worker: Callable[..., Worker]):
    start_worker(sweeping=False)
    report = report_of(factories.concept_visit(), ConceptVersion.Kind.CONCEPT)
    wait_for(report, Status.READY, Status.FAILED)
    assert (report.status, report.attempt) == (Status.READY, 1)
    with report.file.file.open() as file:
        assert sha256_hex(file.read()) == report.file.sha256
    assert stored_files() == [Path(str(report.file.file)).name]


def test_a_worker_killed_half_way_costs_time_only(start_worker: Callable[..., Worker]):
    report = long_report()
    first = start_worker()
    wait_for(report, Status.RUNNING)
    time.sleep(1)
    kill(first)
    report.refresh_from_db()
    assert (report.status, report.attempt) == (Status.RUNNING, 1)
    assert not ReportFile.objects.exists() and stored_files() == []

    let_lease_run_out(report)
    start_worker()
    wait_for(report, Status.READY, Status.FAILED)
    assert (report.status, report.attempt) == (Status.READY, 2)
    assert ReportFile.objects.get().request == report
    assert stored_files() == [Path(str(report.file.file)).name]


def test_a_lost_message_costs_time_only(start_worker: Callable[..., Worker]):
    report = report_of(factories.concept_visit(), ConceptVersion.Kind.CONCEPT)
    render_report.app.control.purge()
    start_worker()
    assert wait_for(report, Status.READY, Status.FAILED).status == Status.READY


def test_two_workers_on_one_report_leave_one_file(start_worker: Callable[..., Worker]):
    report = long_report()
    workers = [start_worker(sweeping=False), start_worker(sweeping=False)]
    wait_for(report, Status.RUNNING)
    let_lease_run_out(report)  # as if the first were thought dead while it still works
    render_report.delay(report.pk)
    wait_for(report, Status.READY, Status.FAILED)
    assert (report.status, report.attempt) == (Status.READY, 2)

    for worker in workers:  # a warm shutdown lets the loser finish as well
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=60)
    assert ReportFile.objects.get().request == report
    assert stored_files() == [Path(str(report.file.file)).name]
