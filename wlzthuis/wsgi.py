"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from wlzthuis import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wlzthuis.settings")
tracing.instrument()
application = get_wsgi_application()
