"""The portal and the floors in one process: what the portal's middleware costs is no part of a floor."""

import os
from collections.abc import Iterable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

from django.core.handlers.wsgi import WSGIHandler
from django.db.backends.signals import connection_created
from django.test import override_settings

from bench import FLOORS
from bench.settings import FLOOR_MIDDLEWARE
from wlzthuis.wsgi import application as portal
from wlzthuis.wsgi import with_room


def _see_all(connection: Any, **kwargs: Any) -> None:
    """What a floor reads outside a transaction passes each policy; the portal tells its own transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SET thuispeil.kind = 'system'")


connection_created.connect(_see_all, dispatch_uid="floors")
with override_settings(MIDDLEWARE=FLOOR_MIDDLEWARE):
    floor = with_room(WSGIHandler())


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    handler = floor if environ["PATH_INFO"].startswith(f"/{FLOORS}") else portal
    return handler(environ, start_response)
