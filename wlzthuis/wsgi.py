"""WSGI entry for gunicorn."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from wlzthuis import tracing

Application = Callable[..., Iterable[bytes]]
# In words of 8 bytes. What CPython then takes is 512 kB, of which hardly anything is used.
ROOM = 32_000


def with_room(application: Application) -> Application:
    """The application, with room below it for the frames of all that it calls.

    CPython keeps frames in chunks of 16 kB and gives one back to the system as soon as the last frame in it
    is done. Where a loop of a template happens to lie at an edge, each call in it takes and gives back
    memory: a long page then needs twice its time. A frame that is larger than a chunk gets a larger one.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return application(environ, start_response)

    answer.__code__ = answer.__code__.replace(co_stacksize=ROOM)
    return answer


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wlzthuis.settings")
tracing.instrument()
application = with_room(get_wsgi_application())
