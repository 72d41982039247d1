"""Lines that a machine can read, about who did what, without what people wrote."""

import io
import json
import logging
import logging.config
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as f
from tests.portal import Portal, running_portal
from wlzthuis import logs

SECRET = "mevrouw-jansen"


@pytest.fixture
def lines() -> Iterator[Any]:
    """All that is written as JSON. By a handler of its own: to configure anew would close those of pytest."""
    configuration = logging.config.DictConfigurator(logs.configuration(as_json=True))
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(configuration.configure_formatter(configuration.config["formatters"]["line"]))
    handler.addFilter(logs.Discreet())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in text.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_request_has_one_line(lines: Any) -> None:
    provider = f.provider()
    actor = f.quality_officer(provider)
    client = Client()
    client.force_login(actor.person)
    response = client.get(reverse("assessments:tasks"), {"q": SECRET})
    [line] = lines()
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["view"], line["status"]) == ("assessments:tasks", 200)
    assert (line["user"], line["organisation"]) == (actor.person.pk, provider.pk)
    assert line["milliseconds"] >= 0 and line["level"] == "INFO" and line["logger"] == "thuispeil.request"
    assert line["time"] and SECRET not in str(line) and actor.person.email not in str(line)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [f"/{SECRET}/", f"/{SECRET}", f"/bestanden/{SECRET}/", f"/?{SECRET}=1"])
def test_no_address_is_written(lines: Any, path: str) -> None:
    Client().get(path, {"q": SECRET})
    found = lines()
    assert found and SECRET not in str(found)


def test_asking_whether_it_lives_is_no_news(lines: Any) -> None:
    Client().get("/health/live")
    assert lines() == []


@pytest.mark.django_db
def test_an_error_is_its_way_through_the_code(lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        try:
            raise KeyError(SECRET)
        except KeyError:
            raise ValueError(f"{SECRET} staat er al") from None

    monkeypatch.setattr("reports.public.latest", fail)
    client = Client(raise_request_exception=False)
    assert client.get("/", {"q": SECRET}).status_code == 500
    written = lines()
    trouble = next(line for line in written if line["level"] == "ERROR")
    assert "builtins.ValueError" in trouble["exc_info"] and "test_logs.py" in trouble["exc_info"]
    assert trouble["message"].endswith("start") and SECRET not in str(written)


def test_what_the_machine_says_is_kept(lines: Any) -> None:
    try:
        Path("/nergens").read_text()
    except OSError:
        logging.getLogger("x").exception("gone")
    [line] = lines()
    assert "No such file or directory: '/nergens'" in line["exc_info"]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, loaded: str) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal"), like=loaded, LOG_JSON="1") as portal:
        portal.start("web")
        portal.start("worker")
        portal.wait_until_up()
        yield portal


def written(portal: Portal, name: str) -> list[dict[str, Any]]:
    text = (portal.folder / f"{name}.log").read_text().splitlines()
    return [json.loads(line) for line in text if line.startswith("{")]


@pytest.mark.broker
def test_a_task_says_which_request_asked_for_it(portal: Portal) -> None:
    asked = uuid.uuid4().hex
    portal.manage(
        "shell",
        "-c",
        f"from wlzthuis import origin, tasks\n"
        f"with origin.coming_from(origin.Origin('{asked}')): tasks.sign_of_life.delay()",
    )
    portal.manage("shell", "-c", "from wlzthuis import tasks; tasks.sign_of_life.delay()")

    def done() -> list[dict[str, Any]]:
        return [
            line
            for line in written(portal, "worker")
            if "sign_of_life" in line["message"] and "succeeded" in line["message"]
        ]

    portal.wait_for(lambda: len(done()) >= 2)
    mine, other = done()
    assert mine["request_id"] == asked
    assert other["request_id"] and other["request_id"] in other["message"]


@pytest.mark.broker
def test_gunicorn_writes_as_the_rest_and_no_addresses(portal: Portal) -> None:
    for path in ("/?q=" + SECRET, f"/{SECRET}"):
        try:
            urllib.request.urlopen(portal.url + path)  # noqa: S310
        except urllib.error.HTTPError as error:
            assert error.code == 404
    portal.stop()
    text = (portal.folder / "web.log").read_text()
    assert SECRET not in text
    lines = written(portal, "web")
    assert len(lines) == len(text.splitlines())
    assert {"gunicorn.error", "thuispeil.request"} <= {line["logger"] for line in lines}
