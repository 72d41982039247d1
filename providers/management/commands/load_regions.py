"""manage.py load_regions"""

from typing import Any

from django.core.management.base import BaseCommand

from providers.regions import load_regions
from wlzthuis.isolation import as_system


class Command(BaseCommand):
    help = "Load the zorgkantoorregio's from providers/data/regions.yaml. Can run again."

    @as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        new, changed = load_regions()
        self.stdout.write(f"Regio's: {new} nieuw, {changed} gewijzigd.")
