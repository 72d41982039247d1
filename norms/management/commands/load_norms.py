"""`manage.py load_norms [FILE …]`: load norm files, all or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from norms.files import NormFileError
from norms.loading import load


class Command(BaseCommand):
    help = "Laadt normbestanden: alles of niets. Zonder bestanden: alle normen van het product."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcomes = load(options["files"])
        except NormFileError as error:
            lines = [str(problem) for problem in error.problems]
            raise CommandError("\n".join(["Niets geladen.", *lines])) from error
        for outcome in outcomes:
            self.stdout.write(str(outcome))
