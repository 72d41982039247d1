"""One provider's history, as far as each reader may know."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import timeline
from assessments.models import Visit
from assessments.public_account import PUBLIC_ACCOUNT
from assessments.timeline import LABELS, MARGIN, WIDTH, Moment
from tests import factories as f
from tests.assessments.visit_pages import page, signed_in, url

pytestmark = pytest.mark.django_db


def titles(provider: Any, actor: Any) -> set[str]:
    return {moment.title for moment in timeline.moments(provider, actor)}


def test_who_reads_what(editions: Any) -> None:
    region = f.region()
    provider = f.provider("De Linde", regions=[region])
    office = f.acting("care_office_officer", f.care_office([region]))
    far = f.acting("care_office_officer", f.care_office(name="Zorgkantoor Verweg"))
    f.submitted_revision(provider, year=2024)
    f.draft_revision(provider, year=2026)
    published = f.published_visit(provider)
    f.concept_visit(provider)
    f.planned_visit(provider, announced=False)
    f.concern(provider, subject="Geen zorg in de nacht", by=office)
    everything = titles(provider, f.inspector())
    assert everything == {
        "Zelfevaluatie 2024 ingediend",
        "Aangekondigd bezoek",
        "Onaangekondigd bezoek",
        "Conceptrapport verstuurd",
        "Rapport vastgesteld",
        "Rapport openbaar",
        "Geen zorg in de nacht",
    }
    # The provider: without signals, and without a visit that it does not expect.
    assert titles(provider, f.director(provider)) == everything - {
        "Onaangekondigd bezoek",
        "Geen zorg in de nacht",
    }
    # The care office: what it received, and what is public; not even what it told itself.
    assert titles(provider, office) == {"Zelfevaluatie 2024 ingediend", "Rapport openbaar"}
    council = f.acting("council_member", provider)
    assert titles(provider, council) == {"Zelfevaluatie 2024 ingediend", "Rapport openbaar"}
    address = url("timeline", provider.pk)
    for actor in (f.inspector(), f.director(provider), office, council):
        html = page(signed_in(actor), address)
        assert ("Geen zorg in de nacht" in html) is (actor == f.inspector())
        for moment in timeline.moments(provider, actor):
            if moment.url:
                assert signed_in(actor).get(moment.url).status_code == 200, moment
    for stranger in (far, f.director(f.provider("Andere Zorg"))):
        assert signed_in(stranger).get(address).status_code == 404
    # A report that is withdrawn is gone for who read it as one of the public.
    f.step(published, "withdraw", f.coordinator(), "Het was niet juist.")
    assert "Rapport openbaar" not in titles(provider, office)
    assert "Rapport niet meer openbaar" in titles(provider, f.director(provider))


def test_what_a_provider_took_back_is_not_told(editions: Any) -> None:
    provider = f.provider()
    account = f.public_account(f.submitted_revision(provider, year=2024), is_public=True)
    told = [moment for moment in timeline.moments(provider, f.inspector()) if "Openbare" in moment.title]
    assert [(moment.text, moment.url) for moment in told] == [(account.title, account.version_url)]
    PUBLIC_ACCOUNT.perform(account.pk, "withdraw", by=f.director(provider), note="Niet meer juist.")
    told = [moment for moment in timeline.moments(provider, f.inspector()) if "Openbare" in moment.title]
    assert [(moment.title, moment.text, moment.url) for moment in told] == [
        ("Openbare verantwoording 2024", "", ""),
        ("Openbare verantwoording 2024 ingetrokken", "", ""),
    ]


def test_a_long_history_asks_no_more(editions: Any) -> None:
    provider = f.provider()
    f.submitted_revision(provider, year=2023)
    f.published_visit(provider)
    client = signed_in(f.inspector())

    def statements() -> int:
        page(client, url("timeline", provider.pk))
        with CaptureQueriesContext(connection) as queries:
            page(client, url("timeline", provider.pk))
        return len(queries)

    few = statements()
    f.submitted_revision(provider, year=2024)
    f.published_visit(provider)
    f.concept_visit(provider)
    f.concern(provider)
    assert statements() == few


DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DAYS, min_size=1, max_size=20), DAYS)
def test_the_picture_keeps_the_order_of_days(days: list[date], today: date) -> None:
    moments = [Moment(day, "visit", "x") for day in days]
    picture = timeline.picture(moments, today)
    assert picture is not None
    points = picture.lanes[0].points
    assert all(LABELS <= x <= WIDTH - MARGIN for x in points)
    assert points == sorted(points)
    assert len(points) <= len(set(days))
    first, last = min(days), max(*days, today)
    assert [year for _, year in picture.years] == list(range(first.year, last.year + 1))
    if (last - first) > timedelta(days=60) and len(set(days)) > 1:
        assert points[0] < points[-1] or max(days) - min(days) < timedelta(days=60)


def test_nothing_happened_yet(editions: Any) -> None:
    provider = f.provider()
    assert timeline.picture([], date(2026, 1, 1)) is None
    assert "Er is nog niets gebeurd" in page(signed_in(f.director(provider)), url("timeline", provider.pk))
    cancelled = f.planned_visit(provider)
    f.step(cancelled, "cancel", f.lead(cancelled), "Het team is ziek.")
    assert titles(provider, f.director(provider)) == {"Aangekondigd bezoek, geannuleerd"}
    assert Visit.objects.get().status == "cancelled"
