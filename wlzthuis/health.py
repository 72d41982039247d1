"""Whether the portal can do its work: each part asked by itself, each in a bounded time.

Pages need the database and the private files; without one of these the answer is 503 and a load balancer
sends people elsewhere. Broker and clock only do what may come later (reports, mails, terms), so pages go on
without them: the answer stays 200 and says 'degraded', for who watches.
"""

import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    import redis

log = logging.getLogger(__name__)

SECONDS = 2  # that a part may take
OFF = "off:"
SIGN_OF_LIFE = "thuispeil:clock"
CLOCK_STALE = 90  # a worker may first have to finish a report


class Unwell(Exception):
    """Why a part cannot do its work, in words without secrets."""


class Off(Exception):
    """What is not done, because this portal is set up without the part."""


@transaction.non_atomic_requests
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers, so it need not be started again. It asks nothing of others."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@transaction.non_atomic_requests
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Whether this process can serve people now, and how each part is."""
    parts = examine()
    ill = {name for name, state in parts.items() if state != "ok" and not state.startswith(OFF)}
    status = "unavailable" if ill & NEEDED else "degraded" if ill else "ready"
    response = JsonResponse({"status": status, "parts": parts}, status=503 if ill & NEEDED else 200)
    response["Cache-Control"] = "no-store"
    return response


def examine() -> dict[str, str]:
    """How each part is: 'ok', or what is wrong. All are asked at once."""
    asked = {name: _askers[name].submit(check) for name, check in CHECKS.items()}
    end = time.monotonic() + SECONDS
    return {name: _state(name, answer, end) for name, answer in asked.items()}


def _state(name: str, answer: "Future[None]", end: float) -> str:
    try:
        answer.result(max(0, end - time.monotonic()))
    except TimeoutError:
        answer.cancel()
        return f"no answer within {SECONDS} seconds"
    except Unwell as reason:
        return str(reason)
    except Off as reason:
        return f"{OFF} {reason}"
    except Exception as error:
        # What a driver says may hold addresses and names of accounts: that is for the log.
        log.warning("%s is not well: %s", name, error)
        return "failed"
    return "ok"


def note_sign_of_life() -> None:
    """Tell that beat sent a task and a worker did it."""
    with _broker() as broker:
        broker.set(SIGN_OF_LIFE, int(time.time()))


def clock_age() -> float | None:
    """Seconds since beat and a worker last did something together; None when they never did."""
    with _broker() as broker:
        noted = broker.get(SIGN_OF_LIFE)
    return None if noted is None else max(0.0, time.time() - int(noted))


def _broker() -> "redis.Redis":
    import redis  # here, as it brings all of OpenTelemetry along

    return redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1, retry=None
    )


def _check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # this thread's own


def _check_storage() -> None:
    content = uuid.uuid4().hex.encode()
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(content))
    try:
        with default_storage.open(name) as file:
            if file.read() != content:
                raise Unwell("reads something else than was written")
    finally:
        default_storage.delete(name)


def _check_broker() -> None:
    with _broker() as broker:
        broker.ping()


def _check_clock() -> None:
    age = clock_age()
    if age is None:
        raise Unwell("never gave a sign of life")
    if age > CLOCK_STALE:
        raise Unwell(f"gave its last sign of life {age:.0f} seconds ago")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _check_database,
    "storage": _check_storage,
    "broker": _check_broker,
    "clock": _check_clock,
}
NEEDED = {"database", "storage"}
# One thread a part: a part that hangs keeps others neither waiting nor multiplies with each question.
_askers = {name: ThreadPoolExecutor(1, f"health-{name}") for name in CHECKS}


def watch(name: str, check: Callable[[], None]) -> None:
    """Ask a part of another app too; at start-up."""
    CHECKS[name] = check
    _askers[name] = ThreadPoolExecutor(1, f"health-{name}")
