"""Everything between an installed portal and a running one, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, load the norms, collect static files and, on a demo, seed its data. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_norms")
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO:
            call_command("seed_demo")
