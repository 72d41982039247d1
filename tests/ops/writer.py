"""One person who keeps saving answers: a process of its own, which asks again until a save was acknowledged.

python tests/ops/writer.py PORT SESSION REVISION ITEM,ITEM NOTES: writes each acknowledged save to NOTES as a
line of JSON, until a file NOTES.stop is there.
"""

import http.client
import itertools
import json
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

SCORES = ("meets", "largely_meets", "largely_fails", "fails")
PATIENCE = 5
TOKEN = "d" * 32  # a CSRF secret that the browser brings as its cookie and repeats in a header


def main(port: int, session: str, revision: int, items: list[int], notes: Path) -> None:
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    versions = dict.fromkeys(items, 0)
    with notes.open("w", buffering=1) as log:
        for number, item in enumerate(itertools.cycle(items)):
            if notes.with_suffix(".stop").exists():
                return
            save, text = str(uuid.uuid4()), f"Tekst {number}"
            fields = {f"a-{item}": SCORES[number % 4], f"t-{item}": text, f"v-{item}": versions[item]}
            body = urlencode(fields | {f"s-{item}": save})
            wanted = f'name="v-{item}" value="{versions[item] + 1}"'
            path = f"/zelfevaluaties/{revision}/antwoorden/{item}/"
            tries = _until_acknowledged(port, path, body, headers, wanted)
            versions[item] += 1
            note = {"save": save, "item": item, "version": versions[item], "text": text, "tries": tries}
            log.write(json.dumps(note) + "\n")


def _until_acknowledged(port: int, path: str, body: str, headers: dict[str, str], wanted: str) -> int:
    """Send the same save until it is done; gives how often. An answer without an error must be the one."""
    for tries in itertools.count(1):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            status, answer = response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            status, answer = 0, ""
        finally:
            connection.close()
        if status == 200 and wanted in answer:
            return tries
        if 0 < status < 500:
            sys.exit(f"{path} gave {status}, not {wanted}: {answer[:500]}")
        time.sleep(0.1)
    raise AssertionError


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), [int(i) for i in sys.argv[4].split(",")],
         Path(sys.argv[5]))  # fmt: skip
