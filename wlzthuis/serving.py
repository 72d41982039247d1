"""Gunicorn's settings: gunicorn --config python:wlzthuis.serving wlzthuis.wsgi"""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wlzthuis.settings")

workers, threads = 2, 4
preload_app = True
control_socket_disable = True
# Its own lines as ours. Each request has one already (see logs), without the address and what is asked there.
logconfig_dict = settings.LOGGING
