"""Eight people answer the same questions of one draft, while parts of the portal are killed.

Every text that was acknowledged must stand once in the history of that answer, on top of the one that its
writer had seen, and what is linked must say what its source says.
`make drill ARGS=--together`, or without faults: python -m tests.ops.together PORT LEDGER SAVES
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from assessments.models import Answer, AnswerVersion, Revision  # noqa: E402
from norms import mappings  # noqa: E402
from norms.models import Item  # noqa: E402
from providers.models import Role  # noqa: E402
from tests import factories as f  # noqa: E402
from tests.ops.faults import (  # noqa: E402
    POSTGRES,
    WEB,
    WEB_WORKER,
    Fault,
    Visitor,
    Writer,
    judge,
    repeated,
    survive,
    wait,
    writing,
)
from wlzthuis.isolation import as_system  # noqa: E402

WRITERS, ITEMS = 8, 25
SAVES = 250  # of each
FAULTS = (WEB_WORKER, POSTGRES, WEB, WEB_WORKER, POSTGRES, WEB)
LONGEST = 1800  # seconds for all saves
FRAMEWORKS = (f.IGJ, f.ADDENDUM, "generiek-kompas", "samenredzaamheid", "zorgkantoor-monitor")


@dataclass(frozen=True)
class Draft:
    """`written`: what people answer. `mirrors`: what nobody answers, each with the item that it follows."""

    revision: Revision
    written: list[Item]
    mirrors: dict[int, int]


def main(port: int, ledger: Path, saves: int, faults: Sequence[Fault] = ()) -> int:
    """Write, strike, compare; gives the exit code."""
    draft, writers = _prepare(ledger, saves)
    connections.close_all()  # they will not outlive the database
    visitor = Visitor(port)
    if faults:
        visitor.start()
    total, outcomes, begin = WRITERS * saves, [], time.monotonic()
    with writing(port, writers):
        for number, fault in enumerate(faults, 1):
            _wait_for(writers, total * number // (len(faults) + 1))
            outcomes.append(survive(fault, ledger, visitor, writers))
        _wait_for(writers, total)
    seconds = time.monotonic() - begin
    notes = [note for writer in writers for note in writer.acknowledged()]
    print(
        f"{len(notes)} saves acknowledged in {seconds:.0f} s: {repeated(writers)} sent again, "
        f"{sum(note['conflicts'] for note in notes)} conflicts, {len(outcomes)} kills"
    )
    wrong = [f"{writer.notes.stem} gave up" for writer in writers if writer.gave_up]
    if len(notes) != total:
        wrong.append(f"{len(notes)} of {total} saves were acknowledged")
    return judge(outcomes, [*wrong, *_compare(draft, writers)])


@as_system()
def _prepare(ledger: Path, saves: int) -> tuple[Draft, list[Writer]]:
    """One draft, and everybody who answers it."""
    provider = f.provider()
    draft = _draft(f.draft_revision(provider, frameworks=FRAMEWORKS))
    writers = []
    for number in range(WRITERS):
        person, client = f.person(Role.QUALITY_OFFICER, provider), Client()
        client.force_login(person)
        notes, session = ledger.with_name(f"writer-{number}.jsonl"), client.session.session_key or ""
        writers.append(Writer(notes, session, draft.revision.pk, draft.written, saves, person.pk))
    return draft, writers


def _draft(revision: Revision) -> Draft:
    """Of each two that ask the same one is answered and one follows; of the first two both are answered,
    so that people part them while others write."""
    asked = {item.pk: item for item in f.asked_items(revision, "judgement", "text", "figure")}
    groups = {frozenset({pk, *twins}) for pk, twins in mappings.same_items(asked).items()}
    apart, *pairs = sorted(sorted(group) for group in groups if group <= asked.keys())
    sources = [*apart, *(pair[0] for pair in pairs)]
    mirrors = {twin: pair[0] for pair in pairs for twin in pair[1:]}
    rest = [pk for pk in asked if pk not in sources and pk not in mirrors]
    return Draft(revision, [asked[pk] for pk in [*sources, *rest][:ITEMS]], mirrors)


def _wait_for(writers: Sequence[Writer], saves: int) -> None:
    """Until so many saves were acknowledged, or somebody gave up."""
    wait(
        lambda: (
            any(writer.gave_up for writer in writers)
            or sum(len(writer.acknowledged()) for writer in writers) >= saves
        ),
        f"{saves} saves took longer than {LONGEST} s",
        LONGEST,
    )


@as_system()
def _compare(draft: Draft, writers: Sequence[Writer]) -> list[str]:
    """What is not as it was acknowledged, in sentences."""
    answers = {answer.item_id: answer for answer in Answer.objects.filter(revision=draft.revision)}
    kept: dict[int, list[AnswerVersion]] = {pk: [] for pk in answers}
    for version in AnswerVersion.objects.filter(answer__revision=draft.revision).order_by("version"):
        kept[version.answer.item_id].append(version)
    wrong = []
    for item in draft.written:
        told = [
            (note, writer.person)
            for writer in writers
            for note in writer.acknowledged()
            if note["item"] == item.pk
        ]
        wrong += [
            f"{item.code}: {fault}" for fault in _of_one(answers.get(item.pk), kept.get(item.pk, []), told)
        ]
    mirrors = {twin: answers[source] for twin, source in draft.mirrors.items() if source in answers}
    for twin, answered in mirrors.items():
        wrong += _of_mirror(answers.get(twin), answered, kept.get(twin, []))
    return wrong if mirrors else [*wrong, "no answer was linked, so nothing is known about those"]


def _of_one(
    answer: Answer | None, kept: Sequence[AnswerVersion], told: Iterable[tuple[dict[str, Any], int]]
) -> Iterator[str]:
    """What is wrong with the history of one answer."""
    acknowledged = {note["save"]: (note["base"], note["value"], note["text"], who) for note, who in told}
    saved = {str(v.save_id): (v.parent_version, v.value, v.text, v.author_id) for v in kept}
    for save, words in acknowledged.items():
        if saved.get(save) != words:
            yield f"lost or changed: {words}, kept {saved.get(save)}"
    for save in saved.keys() - acknowledged.keys():
        yield f"written, and nobody was told: {saved[save]}"
    for text, times in Counter((version.value, version.text) for version in kept).items():
        if times > 1:
            yield f"doubled: {text} stands {times} times"
    if [version.version for version in kept] != list(range(1, len(kept) + 1)):
        yield f"versions with gaps: {[version.version for version in kept]}"
    for version in kept:
        if version.parent_version != version.version - 1:
            yield f"version {version.version} stands on {version.parent_version}"
    if kept and (answer is None or answer.linked_to_id or _says(answer) != (kept[-1].value, kept[-1].text)):
        yield f"says {answer and _says(answer)}, its last version {kept[-1].value, kept[-1].text}"
    if answer and answer.version != len(kept):
        yield f"is at version {answer.version} and has {len(kept)}"


def _of_mirror(twin: Answer | None, source: Answer, kept: Sequence[AnswerVersion]) -> Iterator[str]:
    """What is wrong with an answer that nobody gave and that follows another."""
    if twin is None or twin.linked_to_id != source.pk:
        yield f"{source} is answered and not linked to what asks the same"
    elif _says(twin) != _says(source) or twin.author_id != source.author_id:
        yield f"{twin} says {_says(twin)}, its source {_says(source)}"
    if kept:
        yield f"{twin} follows {source} and has a history of its own"


def _says(answer: Answer) -> tuple[Any, str]:
    return answer.value, answer.text


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
