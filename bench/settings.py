"""The portal's own settings, with the floors' addresses and templates, and a counter of statements."""

from wlzthuis.settings import *  # noqa: F403
from wlzthuis.settings import BASE_DIR, MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "bench.urls"
COUNTER = "bench.counting.CountStatements"
MIDDLEWARE = [COUNTER, *MIDDLEWARE]
# All that a floor passes: no more than a bare view with a session and a token needs.
FLOOR_MIDDLEWARE = [
    COUNTER,
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "bench" / "templates"]}]
