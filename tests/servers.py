"""Pytest plugin: a PostgreSQL and a Valkey of its own for each run that is given no addresses."""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from wlzthuis.dev import environment


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Set the environment before pytest-django reads the settings. Workers of xdist inherit the servers."""
    running = ExitStack()
    early_config.add_cleanup(running.close)
    os.environ.update(running.enter_context(environment.for_tests()))
    return (yield)
