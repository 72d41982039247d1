"""Ready or not: each part by itself, with real parts that are really away."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from wlzthuis import health
from wlzthuis.tasks import sign_of_life

pytestmark = pytest.mark.django_db
WELL = dict.fromkeys(health.CHECKS, "ok") | {"scanner": "off: uploads are not scanned"}
NOBODY_LISTENS = "redis://:geheim@127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def clock() -> None:
    sign_of_life()


def ask() -> tuple[int, str, dict[str, str]]:
    response = Client().get("/health/ready")
    assert response["Cache-Control"] == "no-store"
    told = response.json()
    return response.status_code, told["status"], told["parts"]


def test_all_is_well() -> None:
    assert ask() == (200, "ready", WELL)


def test_without_its_files_the_portal_is_not_ready(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place(settings, tmp_path / "file" / "below")
    status, told, parts = ask()
    assert (status, told) == (503, "unavailable")
    assert parts == WELL | {"storage": "failed"}


def test_the_probe_leaves_nothing_behind(settings: Any, tmp_path: Path) -> None:
    place(settings, tmp_path)
    assert ask()[0] == 200
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def place(settings: Any, folder: Path) -> None:
    storage = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": storage | {"OPTIONS": storage["OPTIONS"] | {"location": folder}}
    }


def test_without_the_database_the_portal_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    status, told, parts = ask()
    assert (status, told) == (503, "unavailable")
    assert parts == WELL | {"database": "failed"}


def test_without_the_broker_people_are_served_and_the_watch_is_told(settings: Any) -> None:
    settings.CELERY_BROKER_URL = NOBODY_LISTENS
    status, told, parts = ask()
    assert (status, told) == (200, "degraded")
    assert (parts["broker"], parts["clock"]) == ("failed", "failed")
    assert "geheim" not in str(parts)


def test_a_clock_that_stopped_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CLOCK_STALE", -1)
    status, told, parts = ask()
    assert (status, told) == (200, "degraded")
    assert "gave its last sign of life" in parts["clock"]


def test_a_part_that_hangs_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SECONDS", 0.3)
    monkeypatch.setitem(health.CHECKS, "storage", lambda: time.sleep(1.5))
    for _ in range(2):
        begin = time.monotonic()
        status, _, parts = ask()
        assert time.monotonic() - begin < 1
        assert (status, parts["database"]) == (503, "ok")
        assert "no answer" in parts["storage"]
    time.sleep(1.5)
