"""Every page of a visit costs the same number of queries, however much there is to show."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import risk_signals
from assessments.models import Visit
from tests import factories
from tests.assessments.visit_pages import items, page, signed_in, teammate, url

pytestmark = pytest.mark.django_db


def count(client: Client, address: str) -> int:
    page(client, address)
    with CaptureQueriesContext(connection) as queries:
        page(client, address)
    return len(queries)


def grow(visit: Visit) -> None:
    """More of everything that a visit can hold."""
    for n in range(4):
        colleague = teammate(visit, f"Collega {n}")
        for code in ("W1", "W2", "W3", "W"):
            found = factories.edit_finding(
                visit, key=uuid.uuid4(), source="record", text=f"Feit {n}.", items=[items(visit)[code].pk]
            )
            factories.judge(visit, code, "meets", "Goed.", findings=[found], common=False, by=colleague)


def test_pages_of_one_visit(editions: Any) -> None:
    provider = factories.provider(locations=1)
    factories.submitted_revision(provider)
    small, large = factories.drafting_visit(provider), factories.drafting_visit(provider)
    for index in range(5):
        factories.location(provider, f"Extra {index}")
    large.locations.set(provider.locations.all())
    grow(large)
    client = signed_in(factories.lead(small))
    pages: list[Callable[[Visit], str]] = [
        lambda visit: url("visit", visit.pk),
        lambda visit: url("visit_criterion", visit.pk, items(visit)["W2"].pk),
        lambda visit: url("report_text", visit.pk),
    ]
    for address in pages:
        assert count(client, address(small)) == count(client, address(large)), address(small)
    assert count(client, pages[1](large)) <= 12


def test_concept(editions: Any) -> None:
    few, many = factories.concept_visit(), factories.drafting_visit()
    grow(many)
    factories.step(many, "send_concept", factories.lead(many))
    factories.remark(few)
    for key in ("W1-1", "W2-1", "W2-2", "W3-1", "Werkwijze"):
        factories.remark(many, key)
    for visit in (few, many):
        client = signed_in(factories.quality_officer(visit.organisation))
        page(client, url("concept", visit.pk))
    leads = [signed_in(factories.lead(visit)) for visit in (few, many)]
    inside = [count(lead, url("concept", visit.pk)) for lead, visit in zip(leads, (few, many), strict=True)]
    assert len(set(inside)) == 1
    own = [signed_in(factories.quality_officer(visit.organisation)) for visit in (few, many)]
    for name in ("concept", "visit"):
        counts = {count(client, url(name, visit.pk)) for client, visit in zip(own, (few, many), strict=True)}
        assert len(counts) == 1, name


def test_lists(editions: Any) -> None:
    lead = factories.inspector()
    client = signed_in(lead)
    provider = factories.provider("A eerste", regions=[factories.region()])
    factories.submitted_revision(provider)
    factories.planned_visit(provider)
    own = signed_in(factories.quality_officer(provider))
    before = [count(client, url("visits")), count(own, url("visits"))]
    for days in range(1, 7):
        other = factories.provider(regions=[factories.region()])
        factories.planned_visit(other)
        factories.planned_visit(provider, starts_on=timezone.localdate() + timedelta(days=days))
    factories.submitted_revision(other)
    after = [count(client, url("visits")), count(own, url("visits"))]
    assert before == after
    assert provider.visits.count() == 7


def test_lists_go_on_without_counting(editions: Any) -> None:
    names = [f"Aanbieder {n:03}" for n in range(60)]
    for name in names:
        factories.provider(name, locations=0)
    risk_signals.refresh_marked()
    client = signed_in(factories.inspector())
    first = client.get(url("worklist"))
    assert [row["name"] for row in first.context["rows"]] == names[:50]
    with CaptureQueriesContext(connection) as queries:
        second = client.get(url("worklist") + first.context["page"].next_url)
    assert [row["name"] for row in second.context["rows"]] == names[50:]
    assert not [query for query in queries if "COUNT(" in query["sql"].upper()]
    assert second.context["page"].next_url == "" and second.context["page"].first_url
