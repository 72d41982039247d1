"""The malware scanner: a clamd of ClamAV elsewhere, which is sent the file itself (INSTREAM).

The one kept Python client for it is under GPL-2.0 and knows no IPv6, so these lines are our own. Protocol:
https://docs.clamav.net/manual/Usage/ClamdProtocol.html
"""

import re
import socket
import struct
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

from wlzthuis.health import Off

# For one step of the talk. A scan of the largest upload takes a few seconds.
SECONDS = 30
CHUNK = 256 * 1024
ANSWER_MAX = 4096
ANSWER = re.compile(r"stream: (?:(?P<malware>.+) FOUND|OK)")


class Unreachable(Exception):
    """The scanner is away; the same file can be sent again later."""


class Refused(Exception):
    """The scanner would not, or could not, judge this file."""


def is_set_up() -> bool:
    return bool(settings.CLAMD_URL)


def ping() -> None:
    """For who watches: raises Unreachable when the scanner does not answer, and Off without one."""
    if not is_set_up():
        raise Off("uploads are not scanned")
    if (answer := _talk(b"zPING\0")) != "PONG":
        raise Unreachable(answer)


def scan(file: IO[bytes]) -> str:
    """The name of the malware in a file, '' when it is clean. Raises Unreachable or Refused."""
    answer = _talk(b"zINSTREAM\0", file)
    if not (judged := ANSWER.fullmatch(answer)):
        raise Refused(answer)
    return judged["malware"] or ""


def _talk(command: bytes, file: IO[bytes] | None = None) -> str:
    try:
        with _connect() as clamd:
            clamd.settimeout(SECONDS)
            clamd.sendall(command)
            try:
                while file and (chunk := file.read(CHUNK)):
                    clamd.sendall(struct.pack("!L", len(chunk)) + chunk)
                if file:
                    clamd.sendall(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it had enough of the file, and says why
            return _answer(clamd)
    except OSError as error:
        raise Unreachable(str(error)) from error


def _connect() -> socket.socket:
    """To unix:///path or tcp://host:port."""
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(SECONDS)
        clamd.connect(address.path)
        return clamd
    return socket.create_connection((address.hostname or "", address.port or 3310), timeout=SECONDS)


def _answer(clamd: socket.socket) -> str:
    """What it says up to its closing null byte; nothing at all means that it went away."""
    answer = b""
    while len(answer) < ANSWER_MAX and not answer.endswith(b"\0") and (part := clamd.recv(1024)):
        answer += part
    if not answer:
        raise ConnectionError("no answer")
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
