"""What the portal writes about itself: what was done and how long it took, never what people wrote.

A line names the view and not the address, because addresses hold the tokens of invitations and downloads.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

from wlzthuis import origin

log = logging.getLogger("thuispeil.request")

# What these say is about the machine. What others say may quote what somebody typed, or a row's values.
OF_THE_MACHINE = (OSError, OperationalError, InterfaceError, ImproperlyConfigured)
# Asked all the time by machines; a line about each would be all there is to read.
QUIET = {"live", "ready", "metrics"}
NOT_FOUND = "-"


def configuration(*, as_json: bool) -> dict[str, Any]:
    """For logging.config: everything to the console, as lines for people or as JSON for machines."""
    plain = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s [%(request_id)s]"}
    json = {
        "()": "wlzthuis.logs.Json",
        "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
        "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": "wlzthuis.logs.Discreet"}},
        "formatters": {"line": json if as_json else plain},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Each request has its own line; a page that is not there is no news.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
        },
    }


class Discreet(logging.Filter):
    """Puts the request's name on each line, and takes out of it what people put in."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = origin.current().request_id
        request = record.__dict__.pop("request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            # Django names the path where we name the view.
            paths = (request.path, request.get_full_path())
            record.args = tuple(view_name(request) if arg in paths else arg for arg in record.args)
        if isinstance(record.args, dict) and "exc" in record.args:
            # Celery repeats what the exception of a task says, and what it was called with.
            record.args = record.args | dict.fromkeys(("exc", "args", "kwargs", "traceback"), "")
            record.__dict__.pop("data", None)
        return True


class Json(JsonFormatter):
    """One JSON object a line. An exception is its kind and its way through the code, not what it says."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatException(self, exc_info: Any) -> str:
        error, lines = exc_info[1], []
        while error is not None:
            said = f": {error}" if isinstance(error, OF_THE_MACHINE) else ""
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}{said}")
            trace = error.__traceback__
            while trace is not None:
                code = trace.tb_frame.f_code
                lines.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_qualname}")
                trace = trace.tb_next
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


class RequestLogMiddleware:
    """One line for each request: which view, for whom, with what end and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin = time.perf_counter()
        response = self.get_response(request)
        view, seconds = view_name(request), time.perf_counter() - begin
        actor = getattr(request, "actor", None)
        log.log(
            logging.DEBUG if view in QUIET and response.status_code < 400 else logging.INFO,
            "%s %s %s",
            request.method,
            view,
            response.status_code,
            extra={
                "view": view,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000),
                "user": actor.user.pk if actor and actor.user else None,
                "organisation": actor.organisation_id if actor else None,
            },
        )
        return response


def view_name(request: HttpRequest) -> str:
    """The name of the view that the address leads to, '-' for none."""
    match = request.resolver_match
    return match.view_name if match else NOT_FOUND
