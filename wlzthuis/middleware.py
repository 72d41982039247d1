"""What every request passes before a view."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Room for a page of answers with a file at the limit; above it nothing is read at all.
REQUEST_MAX_BYTES = 60 * 1024 * 1024


class RequestSizeMiddleware:
    """A request that is too large gets its own page, 413, before its body is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > REQUEST_MAX_BYTES:
            return self._refuse(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._refuse(request) if isinstance(exception, RequestDataTooBig) else None

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "413.html", status=413)
        # The rest of the body is not read, so the connection cannot be used again.
        response["Connection"] = "close"
        return response
