"""`make bench`: seed, measure, print a table, write bench/latest.json."""

import os

import django
from django.core.management import call_command

from bench import databases, outcome, server

SMALL, TIMES = 300, 10  # providers, and how many times as many the large database has


def main() -> None:
    """Ends with code 0 also when an aim is missed: the table says so, and a noisy machine is no error."""
    url = os.environ["DATABASE_URL"]
    with databases.own_databases(url, ("large", "small")) as (large, small):
        os.environ.update(DATABASE_URL=large, DJANGO_SETTINGS_MODULE="bench.settings")
        django.setup()
        _measure(url, large, small)


def _measure(url: str, large: str, small: str) -> None:
    from django.db import connections

    from bench import data, measure

    call_command("prepare", static=True)
    data.seed(SMALL)
    facts = data.facts(measure.STARTS)
    connections.close_all()
    # The same people, drafts and newest accounts in both, so that their number is all that differs.
    databases.copy(url, large, small)
    data.multiply(TIMES)
    sizes = SMALL, data.number_listed()
    connections.close_all()
    for database in (large, small):
        databases.analyze(database)
    with server.gunicorns([small, large]) as (small_port, large_port):
        measure.check_sizes(large_port, facts)
        outcomes, growths = measure.requests((small_port, large_port), facts)
    outcomes = sorted([*outcomes, measure.pdf()], key=lambda outcome: outcome.letter)
    connections.close_all()
    outcome.write(outcomes, growths, sizes)
    print(*outcome.table(outcomes, growths, sizes), sep="\n")


if __name__ == "__main__":
    main()
