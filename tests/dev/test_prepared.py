"""The cluster that test runs are copied from: whole or not there, and never older than what it is made of."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from wlzthuis.dev import place, prepared
from wlzthuis.dev.environment import TESTS
from wlzthuis.dev.postgres import Postgres
from wlzthuis.dev.processes import Processes
from wlzthuis.dev.shell import Stop


def test_what_decides_the_tables_decides_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "ROOT", tmp_path)
    migration = tmp_path / "reports" / "migrations" / "0001_initial.py"
    edition = tmp_path / "norms" / "data" / "igj" / "2026-01-01.yaml"
    keys = [prepared._key()]
    for path in (migration, edition):
        path.parent.mkdir(parents=True)
        for text in ("one", "two"):
            path.write_text(text)
            keys.append(prepared._key())
    (tmp_path / "reports" / "views.py").write_text("no part of it")
    assert len({*keys, prepared._key()}) == 5
    edition.unlink()
    assert prepared._key() == keys[2]


def test_it_is_made_once_for_runs_side_by_side_also_after_a_broken_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = place.data_folder() / f"test-{os.getpid()}" / "prepared"
    base.mkdir(mode=0o711)
    runs = [base / name for name in ("one", "other")]
    for run in runs:
        run.mkdir(mode=0o711)
    monkeypatch.setattr(place, "data_folder", lambda: base)
    monkeypatch.setattr(prepared, "STEPS", (("small", "template1", "no_such_command"),))
    with pytest.raises(Stop, match="no_such_command"):
        prepared.copy_to(runs[0], TESTS)
    assert not list(base.glob("prepared-*")) and not list(runs[0].iterdir())

    monkeypatch.setattr(prepared, "STEPS", (("small", "template1", "check"),))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda run: prepared.copy_to(run, TESTS), runs))
    assert len(list(base.glob("prepared-*"))) == 1 and not (base / "prepared.new").exists()
    processes = [Processes(run) for run in runs]
    try:
        servers = [Postgres(run, throwaway=True) for run in runs]
        urls = [server.start(own) for server, own in zip(servers, processes, strict=True)]
        with psycopg.connect(urls[0], autocommit=True) as connection:
            connection.execute("CREATE DATABASE mine TEMPLATE small")
        names = "SELECT datname FROM pg_database WHERE datname IN ('mine', 'small')"
        with psycopg.connect(urls[1]) as connection:
            assert connection.execute(names).fetchall() == [("small",)]
    finally:
        for own in processes:
            own.stop()
