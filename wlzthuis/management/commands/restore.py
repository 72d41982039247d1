"""`make restore` where the portal's environment is."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wlzthuis import backup


class Command(BaseCommand):
    help = "Fill an empty database and folder of private files from a backup, and compare them with it."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--force", action="store_true", help="empty what is there first")

    def handle(self, *args: Any, folder: Path, force: bool, **options: Any) -> None:
        try:
            restored = backup.restore(folder, force=force)
        except backup.BackupError as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"Restored {restored}")
