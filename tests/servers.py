"""Pytest plugin: what a test run needs around it, also when it is started without make.

A PostgreSQL and a Valkey of its own when no addresses are given, and the static files as they are served.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from tests.portal import own_broker
from wlzthuis import staticfiles
from wlzthuis.dev import environment


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Set the environment before pytest-django reads the settings. Workers of xdist inherit the servers,
    and each has its own broker."""
    running = ExitStack()
    early_config.add_cleanup(running.close)
    os.environ.update(running.enter_context(environment.for_tests(with_tables=True)))
    os.environ["REDIS_URL"] = running.enter_context(own_broker())
    yield


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        staticfiles.collect_when_changed()
