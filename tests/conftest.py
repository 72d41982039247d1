"""Rules for every test run."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from norms import mappings
from tests import factories
from tests.portal import running_portal
from wlzthuis.dev import prepared
from wlzthuis.isolation import SYSTEM, acting

# Not on a server of who runs the tests.
IS_PREPARED = "PREPARED" in os.environ


# Begun first when files are shared out over the cores, so that none is left alone at the end.
LONGEST = (
    "tests/test_leaks.py",
    "tests/test_access.py",
    "tests/assessments/test_prove_races.py",
    "tests/browser/test_road.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped test proves nothing, so it fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.ensure_newline()
        reporter.write_line("Failed: tests were skipped, and a skipped test proves nothing.", red=True)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A slow hash costs half a second for everybody who signs in."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def as_system() -> Iterator[None]:
    """Tests prepare rows as the system; every request and every `acting` inside them is its own actor's."""
    with acting(SYSTEM):
        yield


@pytest.fixture(autouse=True)
def fresh_mappings() -> None:
    """A process reads the mappings once; each test has its own."""
    mappings.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Copying tables and norms costs nothing, making them anew half a minute."""
    if IS_PREPARED:
        connection.settings_dict["TEST"]["TEMPLATE"] = prepared.FOR_TESTS


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Emptying all tables is how tests without a transaction clean up; the log refuses it elsewhere."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("providers_auditevent", "providers_auditseal"):
            cursor.execute(f"GRANT TRUNCATE ON {table} TO CURRENT_USER")
            cursor.execute(f"DROP TRIGGER never_emptied ON {table}")


@pytest.fixture(autouse=True)
def sight_without_transaction(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that runs without a transaction needs the system's sight for its own statements too."""
    mark = request.node.get_closest_marker("django_db")
    if not (mark and mark.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute("SET thuispeil.kind = 'system'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET thuispeil.kind")


@pytest.fixture(autouse=True)
def norms(request: pytest.FixtureRequest, sight_without_transaction: None) -> None:
    """Every test starts with them, also after one that emptied all tables."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        factories.load_norms()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name of a database with all tables, regions and norms: what a portal starts with, ready to copy."""
    if IS_PREPARED:
        yield prepared.FOR_PORTALS
        return
    with running_portal(tmp_path_factory.mktemp("loaded"), DEMO="0") as portal:
        portal.manage("prepare")
        yield portal.database
