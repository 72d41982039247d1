"""`make run`: one process that starts the whole portal, keeps it running and ends all of it."""

import http.client
import os
import signal
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from . import environment, place
from .bootstrap import PYTHON, prepare
from .processes import Processes, Service
from .shell import ROOT, Stop, call, say, warn

LONGEST_PAUSE = 30  # seconds between two starts of a service that keeps ending
STEADY = 60  # seconds of running after which a service starts with a clean slate


def run() -> None:
    """Keep the portal running until SIGINT, SIGTERM or SIGHUP."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    port = chosen_port()
    folder = place.data_folder() / "run"
    with place.held(folder, "Thuispeil already runs from this folder"):
        processes = Processes(folder)
        for name in processes.clear_leftovers():
            say(f"Ended {name}, left behind by an earlier run")
        check_free(port)
        prepare()
        try:
            start(folder, processes, port)
            keep_running(processes)
        except KeyboardInterrupt:
            say("\nStopping")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            processes.stop()


def manage(arguments: list[str]) -> None:
    """`make manage`: Django's command line in the environment of the portal that runs."""
    call([PYTHON, "manage.py", *arguments], env=environment.of_running())


def start(folder: Path, processes: Processes, port: int) -> dict[str, str]:
    """Start every process of the portal; gives the environment that they have."""
    env = environment.for_run(folder, processes)
    call([PYTHON, "manage.py", "prepare", "--static"], env=env)
    web, worker, beat = _services(folder, env, port)
    processes.start_and_wait(web, lambda: _healthy(port))
    processes.start(worker)
    processes.start(beat)
    say(f"\nThuispeil: http://localhost:{port}\nLogs: {folder / 'log'}\nCtrl-C stops everything.")
    return env


def _services(folder: Path, env: dict[str, str], port: int) -> list[Service]:
    commands = {
        "web": f"gunicorn --config python:wlzthuis.serving wlzthuis.wsgi --bind 127.0.0.1:{port} "
        "--graceful-timeout 8",
        "worker": "celery -A wlzthuis worker --concurrency 1 --loglevel INFO",
        "beat": f"celery -A wlzthuis beat --schedule {folder / 'beat-schedule'} --pidfile=",
    }
    return [
        Service(name=name, command=[str(PYTHON), "-m", *command.split()], env=env, folder=ROOT)
        for name, command in commands.items()
    ]


def keep_running(processes: Processes, until: Callable[[], bool] = lambda: False) -> None:
    """Start again what ends by itself, later each time."""
    pauses: dict[str, float] = defaultdict(lambda: 1)
    began: dict[str, float] = {}
    due: dict[Service, float] = {}
    while not until():
        now = time.monotonic()
        for service, code in processes.ended():
            if now - began.get(service.name, now) > STEADY:
                pauses.pop(service.name, None)
            pause = pauses[service.name]
            pauses[service.name] = min(2 * pause, LONGEST_PAUSE)
            due[service] = now + pause
            log = processes.log(service)
            warn(f"{service.name} ended by itself (code {code}); again in {pause:.0f} s. Log: {log}")
        for service in [service for service, moment in due.items() if moment <= now]:
            del due[service]
            began[service.name] = now
            processes.start(service)
        time.sleep(0.3)


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.HOST, port))
        except OSError as error:
            raise Stop(
                f"Port {port} cannot be used ({error.strerror}). Nothing was started. "
                f"Choose another one: PORT={port + 1} make run"
            ) from None


def _healthy(port: int) -> bool:
    # As a proxy would ask it, so that a portal that insists on https answers too.
    headers = {"Host": "localhost", "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection(place.HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/live", headers=headers)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
