"""Traces to an OpenTelemetry collector, when OTEL_EXPORTER_OTLP_ENDPOINT says where one is.

Without it nothing of OpenTelemetry is loaded. A span names the view and the statement with its places left
open: no address with what was asked there, no values, nobody's IP address.
"""

import os
from typing import Any

from django.conf import settings
from django.http import HttpRequest

# What the instrumentation notes of a request by itself, under its old names and its new ones.
PERSONAL = (
    "http.target",
    "http.url",
    "http.user_agent",
    "http.client_ip",
    "net.peer.ip",
    "url.full",
    "url.path",
    "url.query",
    "user_agent.original",
    "client.address",
)


def is_on() -> bool:
    return bool(settings.TRACES_TO)


def instrument() -> None:
    """Before Django composes its middleware: what is measured. Nothing is sent yet."""
    if not is_on():
        return
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor

    DjangoInstrumentor().instrument(request_hook=_leave_out)
    CeleryInstrumentor().instrument()
    PsycopgInstrumentor().instrument()


def send() -> None:
    """In each process that works, after it was forked: a thread of its own sends its spans."""
    if not is_on():
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME") or "thuispeil"
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def _leave_out(span: Any, request: HttpRequest) -> None:
    if span.is_recording():
        for name in PERSONAL:
            if name in span.attributes:
                span.set_attribute(name, "")
