"""What every test of the reports starts from."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assessments.models import ConceptVersion, Visit
from providers.actor import Actor
from reports import services
from reports.models import ReportRequest
from reports.pdf import Pdf
from tests import factories


def report_of(visit: Visit, kind: str = ConceptVersion.Kind.FINAL) -> ReportRequest:
    """The request that the course of this visit made."""
    return ReportRequest.objects.get(version__visit=visit, version__kind=kind)


def made(report: ReportRequest) -> ReportRequest:
    """The same request with a small stand-in for its file, kept by the real completion."""
    claimed = services.claim(report.pk)
    assert claimed and services.complete(claimed, Pdf(b"%PDF-1.7 proef", 3))
    report.refresh_from_db()
    return report


@pytest.fixture
def sign_in(client: Client) -> Callable[[Actor], Client]:
    """The test client, signed in as this actor."""

    def enter(actor: Actor) -> Client:
        assert actor.user
        client.force_login(actor.user)
        return client

    return enter


@pytest.fixture
def copies(db: None) -> Callable[..., None]:
    """Many public reports at the cost of one: copies of the rows of a published visit."""

    def copy(visit: Visit, number: int) -> None:
        report = report_of(visit)
        for index in range(number):
            _copy(report, index)

    return copy


def _copy(report: ReportRequest, index: int) -> None:
    visit, version = Visit.objects.get(pk=report.version.visit_id), report.version
    publication = visit.publication
    fresh: dict[str, Any] = {"pk": None, "_state": type(visit._state)()}
    organisation = factories.provider(f"Kopie {index}")
    _save_as(visit, **fresh, number=f"C{organisation.pk:07}", organisation=organisation)
    _save_as(publication, **fresh, visit=visit, organisation=organisation)
    _save_as(version, **fresh, visit=visit, organisation=organisation)
    _save_as(report, **fresh, version=version, organisation=organisation, provider_name=organisation.name)


def _save_as(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
