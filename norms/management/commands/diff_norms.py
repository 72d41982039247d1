"""`manage.py diff_norms OLD NEW`: what became of each item from one edition to the next."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from norms.comparing import Change, compare, unknown_codes
from norms.files import Document, NormFileError, read
from norms.loading import items_of


class Command(BaseCommand):
    help = "Vergelijkt twee versies van een kader, als bestanden. Heeft geen database nodig."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", type=Path, metavar="OLD")
        parser.add_argument("new", type=Path, metavar="NEW")

    def handle(self, *args: Any, **options: Any) -> None:
        first, second = self._edition(options["old"]), self._edition(options["new"])
        if first.data["framework"]["code"] != second.data["framework"]["code"]:
            raise CommandError("Dit zijn versies van twee kaders. Leg die naast elkaar met een verwijzing.")
        old, new = items_of(first), items_of(second)
        for item, code in unknown_codes(old, new):
            self.stderr.write(f"Let op: {item.code} vervangt {code}, maar dat staat niet in de oude versie.")
        for change in compare(old, new):
            self.stdout.write(_line(change))

    def _edition(self, path: Path) -> Document:
        try:
            document = read(path)
        except NormFileError as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        if not document.is_edition:
            raise CommandError(f"{document.file}: is geen versie van een kader")
        return document


def _line(change: Change) -> str:
    old, new = (
        [f"{item.code} {item.title}" for item in side] for side in (change.old_items, change.new_items)
    )
    note = " (alleen de uitleg is anders)" if change.help_changed else ""
    if not old or not new or old == new:
        return f"{change.label}: {' + '.join(new or old)}{note}"
    return f"{change.label}: {' + '.join(old)} → {' + '.join(new)}{note}"
