"""Reading uploads for a BSN, in a process of its own: whatever a file does, only that process ends.

`python -m assessments.reading <type>` takes a file on standard input and prints what it found as JSON. It
loads nothing of the portal, has no secrets, and may use so much time and memory and write no file.
"""

import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.handler import ContentHandler

from assessments import bsn

MEMORY, CPU_SECONDS, SECONDS = 700 * 1024 * 1024, 20, 40
# Of a document that unpacks to more than this, no more is read.
TEXT_MAX, LINE_MAX = 20 * 1024 * 1024, 1024 * 1024
PLACES_MAX = 20
# Where text stands in a document of an office program, by the end of its content type.
PARTS = {
    "wordprocessingml.document": ("word/",),
    "spreadsheetml.sheet": ("xl/sharedStrings.xml", "xl/worksheets/", "xl/comments"),
    "opendocument.text": ("content.xml", "styles.xml"),
}
# The elements that end a line; the others are pieces of one, also in the middle of a number.
LINES = {"p", "h", "br", "tab", "si", "c", "line-break"}


@dataclass(frozen=True)
class Result:
    """Where a BSN seems to stand. Not whole: a part could not be read, so there may be more."""

    places: list[str]
    whole: bool


def read(file: IO[bytes], content_type: str) -> Result:
    """What is found in a file, by a process that may fail."""
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "assessments.reading", content_type],
            cwd=Path(__file__).parent.parent,
            env={"PATH": "/usr/bin:/bin"},
            stdin=file,
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as late:
        return _results(late.stdout or b"")
    return _results(done.stdout)


def _results(printed: bytes) -> Result:
    """Each place is printed when it is found, so a process that was ended still told what it had."""
    lines = [json.loads(line) for line in printed.splitlines() if line.endswith(b"]") or line == b"true"]
    places = [f"{where}: {found}" if where else found for where, found in (x for x in lines if x is not True)]
    return Result(list(dict.fromkeys(places))[:PLACES_MAX], True in lines)


def main(content_type: str) -> None:
    """The other process: prints a line for each place, and `true` once everything was read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    has_text, found, read_so_far = False, 0, 0
    for where, text in _texts(sys.stdin.buffer, content_type):
        has_text, read_so_far = has_text or bool(text.strip()), read_so_far + len(text)
        for number in bsn.find(text):
            print(json.dumps([where, number]), flush=True)
            found += 1
        if found >= PLACES_MAX or read_so_far > TEXT_MAX:
            return
    if has_text:
        print("true", flush=True)


def _texts(file: IO[bytes], content_type: str) -> Iterator[tuple[str, str]]:
    """Each part of a document with its name; nothing for a picture."""
    if content_type == "application/pdf":
        yield from _pdf(file)
    for kind, parts in PARTS.items():
        if content_type.endswith(kind):
            yield from _office(file, parts)


def _pdf(file: IO[bytes]) -> Iterator[tuple[str, str]]:
    from pypdf import PdfReader

    document = PdfReader(file)
    filled_in = (document.get_form_text_fields() or {}).values()
    yield "in een formulierveld", "\n".join(filter(None, filled_in))
    fault: Exception | None = None
    for number, page in enumerate(document.pages, 1):
        try:
            yield f"bladzijde {number}", page.extract_text()
        except Exception as error:  # the pages behind it may be sound
            fault = error
    if fault:
        raise fault


def _office(file: IO[bytes], parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith(parts) and entry.filename.endswith(".xml"):
                with archive.open(entry) as part:
                    yield from (("", text) for text in _lines(part))


class _Text(ContentHandler):
    """Keeps the text of a document, line by line."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def characters(self, content: str) -> None:
        self.pieces.append(content)

    def endElement(self, name: str) -> None:
        if name.rpartition(":")[2] in LINES:
            self.pieces.append("\n")


def _lines(part: IO[bytes]) -> Iterator[str]:
    """The text of a part in pieces that end with a line, while it is unpacked."""
    from defusedxml.sax import make_parser

    parser, kept, rest = make_parser(), _Text(), ""
    parser.forbid_dtd = True
    parser.setContentHandler(kept)
    while chunk := part.read(64 * 1024):
        parser.feed(chunk)
        text, end, rest = (rest + "".join(kept.pieces)).rpartition("\n")
        kept.pieces = []
        yield text + end
        if len(rest) > LINE_MAX:
            yield rest
            rest = ""
    parser.close()
    yield rest


if __name__ == "__main__":
    main(sys.argv[1])
