"""manage.py verify_audit"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from providers import audit_chain


class Command(BaseCommand):
    help = "Check that no line of the log was changed, added or left out since it was written."

    def handle(self, *args: Any, **options: Any) -> None:
        chain = audit_chain.check()
        if not chain.is_whole:
            where = f"regel {chain.broken_at}" if chain.broken_at else f"{chain.unsealed} regels zonder zegel"
            raise CommandError(f"Het logboek klopt niet: {where}.")
        self.stdout.write(f"Het logboek klopt: {chain.length} regels, laatste zegel {chain.head or '-'}.")
