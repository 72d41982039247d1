"""Everything between an installed portal and a running one, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from providers import demo
from providers.models import Role, User
from wlzthuis.staticfiles import collect_when_changed


class Command(BaseCommand):
    help = (
        "Migrate, load regions and norms and, on a demo, seed its data and list its accounts. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--static", action="store_true", help="collect static files too; an image has them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.DEMO:
            self._refuse_demo_accounts()
        call_command("load_regions")
        call_command("load_norms")
        if options["static"]:
            collect_when_changed()
        if settings.DEMO:
            call_command("seed_demo")
            self._list_accounts()

    def _refuse_demo_accounts(self) -> None:
        """A database that was a demo once has accounts of which everybody knows the password."""
        known = User.objects.filter(email__in=[account.email for account in demo.ACCOUNTS], is_active=True)
        if known.exists():
            raise CommandError(
                "In deze database staan demo-accounts met een bekend wachtwoord. Neem een andere database. "
                "(This database was a demo: use another one, or set DEMO=1.)"
            )

    def _list_accounts(self) -> None:
        self.stdout.write(f"\nDemo-accounts, wachtwoord {demo.PASSWORD}")
        for account in demo.ACCOUNTS:
            self.stdout.write(f"  {account.email:32}{Role(account.role).label}, {account.organisation}")
