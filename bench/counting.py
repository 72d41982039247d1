"""How many statements a request takes, told to whoever asks; the timed requests do not ask."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASK, TOLD = "X-Count-Statements", "X-Statements"


class CountStatements:
    """Stands outermost, so that reading and writing the session count too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ASK not in request.headers:
            return self.get_response(request)
        statements: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
            statements.append(sql)
            return execute(sql, *arguments)

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        response[TOLD] = str(len(statements))
        return response
