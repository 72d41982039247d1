"""`manage.py check_norms FILE …`: what is wrong with norm files, without loading them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from norms.loading import check


class Command(BaseCommand):
    help = "Kijkt normbestanden na, naast die van het product. Laadt niets en heeft geen database nodig."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if problems := check(options["files"]):
            lines = "\n".join(str(problem) for problem in problems)
            raise CommandError(f"{lines}\n{len(problems)} {'punt' if len(problems) == 1 else 'punten'}.")
        for path in options["files"]:
            self.stdout.write(f"{path}: in orde")
