"""Figures for Prometheus: how requests go, counted by the web processes, and what waits, from the database.

Only for who brings METRICS_TOKEN; without one in the settings there is no such page.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import RedisError

from providers.models import Mail
from reports.models import ReportRequest
from wlzthuis import health
from wlzthuis.isolation import as_system
from wlzthuis.logs import view_name

METHODS = {"GET", "HEAD", "POST"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
requests = Counter("thuispeil_requests", "Requests answered.", ["view", "method", "status"])
seconds = Histogram("thuispeil_request_seconds", "How long an answer took.", ["view"], buckets=BUCKETS)


class MeasureMiddleware:
    """Counts each request by its view, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin = time.perf_counter()
        response = self.get_response(request)
        view = view_name(request)
        method = request.method if request.method in METHODS else "other"
        requests.labels(view, method, f"{response.status_code // 100}xx").inc()
        seconds.labels(view).observe(time.perf_counter() - begin)
        return response


class Waiting(Collector):
    """What waits, at the moment that it is asked: the same from every process."""

    def describe(self) -> list[GaugeMetricFamily]:
        return []  # so that nothing is asked of the database when this is registered

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with as_system():
            yield from self._mails()
            yield from self._reports()
            yield self._connections()
        yield self._clock()

    def _mails(self) -> Iterator[GaugeMetricFamily]:
        found = Mail.objects.filter(sent_at=None, failed_at=None).aggregate(
            n=Count("pk"), first=Min("created_at")
        )
        yield _gauge("mails_open", "Mails in the outbox.", found["n"])
        yield _gauge("mails_oldest_seconds", "Age of the oldest mail in the outbox.", _age(found["first"]))
        failed = Mail.objects.exclude(failed_at=None).count()
        yield _gauge("mails_failed", "Mails that were given up.", failed)

    def _reports(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily("thuispeil_reports", "Requests for a report.", labels=["status"])
        counted = dict(ReportRequest.objects.order_by().values_list("status").annotate(n=Count("pk")))
        for status in ReportRequest.Status.values:
            family.add_metric([status], counted.get(status, 0))
        yield family
        waiting = ReportRequest.objects.filter(status__in=["requested", "running"])
        age = _age(waiting.aggregate(first=Min("requested_at"))["first"])
        yield _gauge("reports_oldest_seconds", "Age of the oldest open request for a report.", age)

    def _connections(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("thuispeil_database_connections", "Of the portal's own.", labels=["state"])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() GROUP BY 1"
            )
            for state, number in cursor.fetchall():
                family.add_metric([state], number)
        return family

    def _clock(self) -> GaugeMetricFamily:
        try:
            age = health.clock_age()
        except RedisError:
            age = None
        # A clock of which nothing is known must not look healthy.
        shown = float("inf") if age is None else age
        return _gauge("clock_age_seconds", "Since beat and a worker last did something.", shown)


@transaction.non_atomic_requests
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, in Prometheus' text format."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if not wanted or kind != "Bearer" or not secrets.compare_digest(token.encode(), wanted.encode()):
        raise Http404
    counted = generate_latest(_counted())
    waiting = CollectorRegistry()
    waiting.register(Waiting())
    return HttpResponse(counted + generate_latest(waiting), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _counted() -> CollectorRegistry:
    """What this process counted, or all web processes together when gunicorn runs several (see serving)."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"thuispeil_{name}", help_text, value=value)


def _age(moment: datetime | None) -> float:
    return (timezone.now() - moment).total_seconds() if moment else 0
