"""The Celery application; its schedule stands in settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wlzthuis.settings")
app = Celery("wlzthuis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
