"""Spans of a real portal at a real receiver: what was done, without what was asked or typed."""

import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.portal import running_portal
from wlzthuis.tracing import PERSONAL

SECRET = "mevrouw-jansen"
LOADED = "import sys, wlzthuis.wsgi; print([name for name in sys.modules if name.startswith('opentele')])"


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[Any]]]:
    """The address of a collector, and the spans that it got."""
    spans: list[Any] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                spans.extend(span for scope in resource.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", spans
    server.shutdown()


@pytest.mark.broker
def test_requests_tasks_and_statements_are_traced(
    tmp_path: Any, loaded: str, receiver: tuple[str, list[Any]]
) -> None:
    address, spans = receiver
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": address,
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    with running_portal(tmp_path, like=loaded, **variables) as portal:
        portal.start("web")
        portal.start("worker")
        portal.wait_until_up()
        request = urllib.request.Request(  # noqa: S310
            f"{portal.url}/rapporten/?q={SECRET}", headers={"User-Agent": f"blad-{SECRET}"}
        )
        urllib.request.urlopen(request)  # noqa: S310
        portal.manage("shell", "-c", "from reports.tasks import requeue_stale; requeue_stale.delay()")

        def names() -> str:
            return " ".join(span.name for span in spans)

        portal.wait_for(
            lambda: "GET rapporten/" in names() and "requeue_stale" in names() and "SELECT" in names()
        )
    everything = str(spans)
    assert SECRET not in everything
    noted = {attribute.key: attribute.value.string_value for span in spans for attribute in span.attributes}
    assert {noted[name] for name in PERSONAL if name in noted} == {""}
    page = next(span for span in spans if span.name == "GET rapporten/")
    assert any(span.parent_span_id == page.span_id and "SELECT" in span.name for span in spans)


@pytest.mark.broker
def test_without_an_address_nothing_of_it_is_loaded(tmp_path: Any) -> None:
    with running_portal(tmp_path) as portal:
        portal.env.pop("OTEL_EXPORTER_OTLP_ENDPOINT", None)
        assert portal.manage("shell", "--no-imports", "-c", LOADED).strip() == "[]"
