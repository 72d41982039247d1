"""`make backup` where the portal's environment is."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wlzthuis import backup


class Command(BaseCommand):
    help = "Write the database and the private files, as of one moment, to a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made = backup.make(folder)
        except backup.BackupError as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"{folder}: {made}")
