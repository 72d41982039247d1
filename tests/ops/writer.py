"""One person who keeps saving answers: a process of its own, which asks again until a save was acknowledged.

python tests/ops/writer.py PORT SESSION REVISION ITEM:KIND,ITEM:KIND NOTES SAVES: notes each acknowledged
save in NOTES, as a line of JSON, until a file NOTES.stop is there. With SAVES other than 0 she makes so many,
and others answer the same questions: who finds a newer answer than she knew writes hers over that one.
"""

import http.client
import itertools
import json
import random
import re
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

SCORES = ("meets", "largely_meets", "largely_fails", "fails")
PATIENCE = 5
TOKEN = "d" * 32  # a CSRF secret that the browser brings as its cookie and repeats in a header
UNHEARD = 10  # of so many saves with others one is first sent without hearing the answer


def main(port: int, session: str, revision: int, items: dict[int, str], notes: Path, saves: int) -> None:
    writer = Writer(port, session, f"/zelfevaluaties/{revision}/antwoorden", bool(saves))
    versions = dict.fromkeys(items, 0)
    who = int(notes.stem.rpartition("-")[2]) + 1
    with notes.open("w", buffering=1) as log:
        for number in range(saves) if saves else itertools.count():
            if notes.with_suffix(".stop").exists():
                return
            item = random.choice(list(items))
            value, text = _words(items[item], f"{who}{number:05}", number)
            note = writer.save(item, value, text, versions[item])
            versions[item] = note["base"] + 1
            log.write(json.dumps(note) + "\n")


@dataclass
class Writer:
    """Who writes: her session, the address of the answers, and whether others write the same ones."""

    port: int
    session: str
    answers: str
    together: bool

    def save(self, item: int, value: str, text: str, base: int) -> dict[str, Any]:
        """Save one answer over the version that she saw; gives what was acknowledged."""
        choice: dict[str, object] = {}
        repeats = conflicts = 0
        while True:
            save = str(uuid.uuid4())
            fields = {f"a-{item}": value, f"t-{item}": text, f"v-{item}": base, f"s-{item}": save}
            body = urlencode(fields | choice)
            if self.together and not random.randrange(UNHEARD):
                self._send(item, body, hears=False)
                time.sleep(random.random())  # meanwhile others may write
                repeats += 1
            tries, answer = self._until_answered(item, body)
            repeats += tries - 1
            newer = re.search(rf'name="c-{item}" value="(\d+)"', answer)
            if not (self.together and newer):
                break
            conflicts += 1
            base = int(newer[1])
            choice = {f"c-{item}": base, f"mine-{item}": "1"}
        if newer or "data-saved" not in answer or f'name="v-{item}" value="{base + 1}"' not in answer:
            sys.exit(f"{item} was not saved over version {base}: {answer[:500]}")
        note = {"save": save, "item": item, "base": base, "value": value, "text": text}
        return note | {"repeats": repeats, "conflicts": conflicts}

    def _until_answered(self, item: int, body: str) -> tuple[int, str]:
        """Send the same save until there is an answer; gives how often, and the answer."""
        for tries in itertools.count(1):
            status, answer = self._send(item, body)
            if status == 200:
                return tries, answer
            if 0 < status < 500:
                sys.exit(f"{item} gave {status}: {answer[:500]}")
            time.sleep(0.1)
        raise AssertionError

    def _send(self, item: int, body: str, *, hears: bool = True) -> tuple[int, str]:
        """Status and answer; 0 when no whole answer came."""
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST", f"{self.answers}/{item}/", body, headers)
            if not hears:
                return 0, ""
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()


def _words(kind: str, mark: str, number: int) -> tuple[str, str]:
    """A value and a text that hold a mark which nobody else gives."""
    if kind == "judgement":
        return SCORES[number % 4], f"Tekst {mark}"
    return (mark if kind == "figure" else f"Tekst {mark}"), ""


if __name__ == "__main__":
    kinds = dict(pair.split(":") for pair in sys.argv[4].split(","))
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), {int(pk): kind for pk, kind in kinds.items()},
         Path(sys.argv[5]), int(sys.argv[6]))  # fmt: skip
