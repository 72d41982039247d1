"""The portal and the floors in one process: what the portal's middleware costs is no part of a floor."""

import os
from collections.abc import Iterable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from bench import FLOORS
from bench.settings import FLOOR_MIDDLEWARE

portal = get_wsgi_application()
with override_settings(MIDDLEWARE=FLOOR_MIDDLEWARE):
    floor = WSGIHandler()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    handler = floor if environ["PATH_INFO"].startswith(f"/{FLOORS}") else portal
    return handler(environ, start_response)
