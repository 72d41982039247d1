"""Two decisions at the same moment: neither may be written before both have looked."""

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction

from providers.actor import Actor
from providers.errors import Refused
from wlzthuis.isolation import acting


def race(*decisions: tuple[Actor, Callable[[], object]]) -> list[str]:
    """'won' or 'lost' of each, sorted. The log, written last, is held until all came as far as they can."""
    outcomes: list[str] = []

    def decide(by: Actor, act: Callable[[], object]) -> None:
        try:
            with acting(by.scope):
                act()
            outcomes.append("won")
        except Refused:
            outcomes.append("lost")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=decision) for decision in decisions]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE providers_auditevent IN EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        time.sleep(1.5)
    for thread in threads:
        thread.join()
    return sorted(outcomes)
