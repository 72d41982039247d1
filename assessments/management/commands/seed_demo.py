"""manage.py seed_demo"""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.demo.seed import seed_demo
from wlzthuis.isolation import as_system


class Command(BaseCommand):
    help = "Fill a demo with invented data. Can run again: what is there stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--providers", type=int, default=40, help="number of providers (default 40)")
        parser.add_argument(
            "--years", type=int, default=2, help="years of accounts, up to this one (default 2)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another number gives other data (default 1)")

    @as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Dit portaal is geen demo, dus er komen geen demogegevens in. "
                "(Not a demo: set DEMO=1 if invented data and public passwords may be in this database.)"
            )
        if options["providers"] < 1 or options["years"] < 1:
            raise CommandError("Geef ten minste één aanbieder en één jaar.")
        start = time.monotonic()
        result = seed_demo(
            providers=options["providers"],
            years=options["years"],
            seed=options["seed"],
            tell=self.stdout.write if options["verbosity"] > 1 else _silent,
        )
        self.stdout.write(
            f"Demogegevens: {result.providers} aanbieders, {result.revisions} zelfevaluaties, "
            f"{result.answers} antwoorden, {result.visits} bezoeken ({time.monotonic() - start:.1f} s)."
        )


def _silent(line: str) -> None:
    pass
