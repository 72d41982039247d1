"""Everything between an installed portal and a running one, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Migrate, load the norms and, on a demo, seed its data and list its accounts. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--static", action="store_true", help="collect static files too; an image has them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_norms")
        if options["static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO:
            call_command("seed_demo")
