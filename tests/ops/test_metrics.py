"""Figures for who may have them, counted over all processes, right about what waits."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from providers.models import Mail
from tests import factories as f
from tests.portal import Portal, running_portal
from wlzthuis.tasks import sign_of_life

TOKEN = "een-lang-geheim-voor-de-proef"


def figures(text: str) -> dict[str, float]:
    """name{label=value,…} → figure."""
    return {
        sample.name + str(sorted(sample.labels.items()) if sample.labels else ""): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer verkeerd", f"Basic {TOKEN}", TOKEN, "Bearer é"])
def test_without_the_token_there_is_no_such_page(settings: Any, header: str) -> None:
    for settings.METRICS_TOKEN in ("", TOKEN):
        assert Client().get("/metrics", headers={"Authorization": header}).status_code == 404


@pytest.mark.django_db
def test_what_waits(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    sign_of_life()
    long_ago = timezone.now() - timedelta(hours=1)
    Mail.objects.create(kind="x", to="a@proef.example", subject="Open", created_at=long_ago)
    Mail.objects.create(kind="x", to="a@proef.example", subject="Op", failed_at=long_ago)
    Mail.objects.create(kind="x", to="a@proef.example", subject="Weg", sent_at=long_ago)
    f.concept_visit()
    waiting = Mail.objects.filter(sent_at=None, failed_at=None).count()
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer["Content-Type"].startswith("text/plain")
    found = figures(answer.content.decode())
    assert found["thuispeil_mails_open"] == waiting >= 1
    assert found["thuispeil_mails_failed"] == 1
    assert 3600 <= found["thuispeil_mails_oldest_seconds"] < 3700
    assert found["thuispeil_reports[('status', 'requested')]"] == 1
    assert found["thuispeil_reports[('status', 'failed')]"] == 0
    assert found["thuispeil_clock_age_seconds"] < 60
    assert any(name.startswith("thuispeil_database_connections") for name in found)
    assert "proef.example" not in answer.content.decode()


@pytest.mark.django_db
def test_a_clock_of_which_nothing_is_known_looks_ill(settings: Any) -> None:
    settings.METRICS_TOKEN, settings.CELERY_BROKER_URL = TOKEN, "redis://127.0.0.1:1/0"
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert figures(answer.content.decode())["thuispeil_clock_age_seconds"] == float("inf")


@pytest.fixture
def portal(tmp_path: Any, loaded: str) -> Iterator[Portal]:
    with running_portal(tmp_path, like=loaded, METRICS_TOKEN=TOKEN) as portal:
        portal.start("web")
        portal.wait_until_up()
        yield portal


@pytest.mark.broker
def test_two_web_processes_count_together(portal: Portal) -> None:
    def get(path: str, **headers: str) -> str:
        request = urllib.request.Request(portal.url + path, headers=headers)  # noqa: S310
        try:
            return str(urllib.request.urlopen(request).read().decode())  # noqa: S310
        except urllib.error.HTTPError as error:
            return str(error.code)

    for number in range(20):
        get("/over/")
        get(f"/niets-{number}/")
    assert get("/metrics") == "404"
    for _ in range(4):  # whichever of the two is asked
        text = get("/metrics", Authorization=f"Bearer {TOKEN}")
        found = figures(text)
        key = "thuispeil_requests_total[('method', 'GET'), ('status', '{}'), ('view', '{}')]"
        assert found[key.format("2xx", "about")] == 20
        # A label for each address that somebody makes up would fill the memory.
        assert found[key.format("4xx", "-")] == 20
        assert "niets-" not in text
        assert found["thuispeil_request_seconds_count[('view', 'about')]"] == 20
    assert re.search(r"thuispeil_request_seconds_bucket\{[^}]*le=\"0.5\"", text)
