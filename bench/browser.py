"""One person's browser: a connection that is kept open, her cookies, and the time that an answer takes."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.counting import ASK, TOLD

TOKEN = "b" * 32  # a CSRF secret that the browser brings as its cookie and repeats in a header


@dataclass(frozen=True)
class Reply:
    """An answer; `seconds` from sending the request to having read all of it."""

    status: int
    body: str
    location: str
    statements: int
    seconds: float


class Wrong(Exception):
    """The portal or a floor did not answer what the measurement is about."""


class Browser:
    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.sign_in(session)

    def sign_in(self, session: str) -> None:
        """Go on as the person of another session."""
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}

    def get(self, path: str, *, count: bool = False) -> Reply:
        """A page. Raises Wrong when it is none, such as a redirect to sign in."""
        reply = self._ask("GET", path, None, {}, count)
        if reply.status != 200:
            raise Wrong(f"GET {path} gave {reply.status} {reply.location}")
        return reply

    def post(
        self, path: str, fields: Mapping[str, object], *, htmx: bool = False, count: bool = False
    ) -> Reply:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        if htmx:
            headers["HX-Request"] = "true"
        return self._ask("POST", path, urlencode(fields, doseq=True).encode(), headers, count)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], count: bool
    ) -> Reply:
        headers = {**self.headers, **headers, **({ASK: "1"} if count else {})}
        try:
            return self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closed a connection that had nothing to do for some seconds.
            self.connection.close()
            return self._send(method, path, body, headers)

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        start = time.perf_counter()
        self.connection.request(method, path, body, dict(headers))
        response = self.connection.getresponse()
        text = response.read()
        seconds = time.perf_counter() - start
        if response.status >= 400:
            raise Wrong(f"{method} {path} gave {response.status}: {text[:300]!r}")
        return Reply(
            status=response.status,
            body=text.decode(),
            location=response.getheader("Location") or "",
            statements=int(response.getheader(TOLD) or 0),
            seconds=seconds,
        )
