"""What a provider takes home of its own account: workbook, JSON, PDF and dossier; and its public PDF."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from assessments.canonical import canonical_json, sha256_hex
from assessments.consultation import Talk
from assessments.difference import Words
from assessments.freeze import revision_content
from assessments.models import EvidenceLink, EvidenceRevision, Revision
from assessments.permissions import can_fill_in
from norms.models import ScaleLevel
from providers import audit
from providers.actor import Actor
from providers.spreadsheets import harmless
from reports import pdf, services, sheets
from reports.content import ContentError
from reports.models import OwnDocument, safe_name
from wlzthuis.isolation import as_system
from wlzthuis.templatetags.thuispeil import day

EXPORT = "thuispeil.self-assessment-export.1"
MANIFEST = "thuispeil.dossier.1"
ABOUT_WIDTHS = [28, 90]
HEADINGS = ["Kader", "Nummer", "Vraag", "Geldt", "Antwoord", "Toelichting", "Bewijsstukken"]
WIDTHS = [24, 10, 44, 16, 32, 60, 32]
CHUNK = 1024 * 1024
K = OwnDocument.Kind


# --- content


def content_of(revision: Revision) -> dict[str, Any]:
    """What was handed in, or of a draft what would be handed in now."""
    return revision.content if revision.content is not None else revision_content(revision)


def export(revision: Revision) -> bytes:
    """The account as JSON, with the hash of its content. See docs/self-assessment-schema.md."""
    content = content_of(revision)
    return canonical_json(
        {"schema": EXPORT, "sha256": sha256_hex(canonical_json(content)), "content": content}
    )


class Readable(Words):
    """Words for values, those of the scales too."""

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__(content)
        self.levels = dict(ScaleLevel.objects.values_list("code", "label"))

    def __call__(self, answer: Any, value: Any) -> str:
        if answer["kind"] == "judgement" and value in self.levels:
            return self.levels[value]
        return super().__call__(answer, value)


# --- XLSX


def workbook(revision: Revision) -> bytes:
    """Every question with its answer, a row each; before it what the board declared and who was heard."""
    content = content_of(revision)
    book, about = sheets.new_book(f"Zelfevaluatie {content['year']}, {content['provider']['name']}")
    about.title = "Over de zelfevaluatie"
    _fill(about, _about(revision, content), ABOUT_WIDTHS)
    _fill(book.create_sheet("Antwoorden"), [HEADINGS, *_lines(content)], WIDTHS)
    return sheets.saved(book)


def _fill(sheet: Worksheet, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    for cells in rows:
        sheet.append([harmless(_cell(cell)) for cell in cells])
    sheets.lay_out(sheet, widths)


def _about(revision: Revision, content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    shown = printed(content)
    yield "Onderwerp", "Gegevens"
    yield "Zelfevaluatie over", str(shown.year)
    yield "Aanbieder", shown.provider
    yield "KvK-nummer", shown.kvk
    yield "Locaties en teams", "\n".join(shown.places)
    yield "Versie", f"{shown.number}, {revision.get_status_display().lower()}"
    if shown.submitted_on:
        yield "Vastgesteld door", shown.adopted_by
        yield "Ingediend op", day(shown.submitted_on)
    for line in shown.declarations:
        yield "De bestuurder verklaart", line
    for talk in shown.talks:
        yield f"Gesprek: {talk.body_words}", f"{talk.outcome_words} op {day(talk.held_on)}. {talk.summary}"
    if revision.sha256:
        yield "Kenmerk (sha256)", revision.sha256


def _lines(content: dict[str, Any]) -> Iterator[list[str]]:
    words = Readable(content)
    titles = {row["framework"]: row["title"] for row in content["editions"]}
    for answer in content["answers"]:
        yield [
            titles[answer["framework"]],
            answer["item"],
            answer["title"],
            "Ja" if answer.get("applies", True) else f"Nee. {answer.get('applies_reason', '')}".strip(),
            words(answer, answer["value"]),
            answer["text"],
            "\n".join(file["name"] for file in answer["evidence"]),
        ]


def _cell(text: str) -> str:
    """Text that a workbook can hold: no control signs, and not more than a cell takes."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000]


# --- PDF


@dataclass(frozen=True)
class Line:
    """An answer as the PDF shows it."""

    code: str
    title: str
    is_judgement: bool
    level: str
    value: str
    # A table, a line for each of its rows.
    rows: tuple[str, ...]
    text: str
    applies: bool
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    title: str
    edition: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Printed:
    """A self-assessment for print."""

    provider: str
    kvk: str
    year: int
    number: int
    adopted_by: str
    submitted_on: str | None
    same_person: bool
    places: tuple[str, ...]
    declarations: tuple[str, ...]
    talks: tuple[Talk, ...]
    parts: tuple[Part, ...]

    @property
    def judged(self) -> tuple[Part, ...]:
        """Only the judgements, for one view of all."""
        only = (
            replace(part, lines=tuple(line for line in part.lines if line.is_judgement))
            for part in self.parts
        )
        return tuple(part for part in only if part.lines)


def printed(content: dict[str, Any]) -> Printed:
    """The content of a handed-in revision in words."""
    words = Readable(content)
    return Printed(
        provider=content["provider"]["name"],
        kvk=content["provider"]["kvk"],
        year=content["year"],
        number=content["revision"],
        adopted_by=content["adopted_by"],
        submitted_on=content["submitted_on"],
        same_person=content["same_person"],
        places=tuple(place["name"] for place in content["locations"]),
        declarations=tuple(content.get("declarations", [])),
        talks=tuple(Talk(**talk) for talk in content.get("consultations", [])),
        parts=tuple(
            Part(
                edition["title"],
                edition["edition"],
                tuple(
                    _line(row, words)
                    for row in content["answers"]
                    if row["framework"] == edition["framework"]
                ),
            )
            for edition in content["editions"]
        ),
    )


def _line(answer: dict[str, Any], words: Readable) -> Line:
    is_judgement = answer["kind"] == "judgement"
    value = words(answer, answer["value"])
    return Line(
        code=answer["item"],
        title=answer["title"],
        is_judgement=is_judgement,
        level=(answer["value"] or "") if is_judgement else "",
        value=value,
        rows=tuple(value.split("\n")) if isinstance(answer["value"], list) else (),
        text=answer["text"],
        applies=answer.get("applies", True),
        reason=answer.get("applies_reason", ""),
        evidence=tuple(file["name"] for file in answer["evidence"]),
    )


def _checked(row: Any) -> bytes:
    """The frozen content of a revision or public account as bytes; its hash must fit."""
    data = canonical_json(row.content)
    if sha256_hex(data) != row.sha256:
        raise ContentError("de hash van de inhoud klopt niet")
    return data


def account_pdf(revision: Revision) -> pdf.Pdf:
    """A handed-in self-assessment as accessible PDF."""
    data = _checked(revision)
    with as_system():
        shown = printed(revision.content or {})
    context = {
        "account": pdf.printable_content(shown),
        "sha256": revision.sha256,
        "created": revision.submitted_at,
    }
    return pdf.render_pdf(render_to_string("reports/pdf/own_account.html", context), data)


@dataclass(frozen=True)
class PublicPart:
    heading: str
    text: str
    score: str
    norm: str
    framework: str


@dataclass(frozen=True)
class PublicPrint:
    provider: str
    kvk: str
    year: int
    version: int
    title: str
    intro: str
    passages: tuple[PublicPart, ...]


def public_pdf(document: OwnDocument) -> pdf.Pdf:
    """A published account as accessible PDF."""
    account: Any = document.account
    data, content = _checked(account), account.content
    names = ("heading", "text", "score", "norm", "framework")
    shown = PublicPrint(
        provider=content["provider"]["name"],
        kvk=content["provider"]["kvk"],
        year=content["year"],
        version=content["version"],
        title=content["title"],
        intro=content["intro"],
        passages=tuple(PublicPart(**{name: row[name] for name in names}) for row in content["passages"]),
    )
    context = {
        "account": pdf.printable_content(shown),
        "sha256": account.sha256,
        "created": account.published_at,
    }
    return pdf.render_pdf(render_to_string("reports/pdf/public_account.html", context), data)


# --- dossier


@dataclass(frozen=True)
class Entry:
    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class LeftOut:
    name: str
    sha256: str
    reason: str


def write_dossier(revision: Revision, target: IO[bytes]) -> None:
    """All of a handed-in account in one ZIP, with a manifest of what is in it and what is not."""
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(path: str, data: bytes) -> None:
            archive.writestr(path, data)
            entries.append(Entry(path, sha256_hex(data), len(data)))

        add("zelfevaluatie.json", export(revision))
        with as_system():
            add("zelfevaluatie.xlsx", workbook(revision))
            files = _files(revision)
        add("zelfevaluatie.pdf", account_pdf(revision).data)
        for number, file in enumerate(files, 1):
            path = f"bewijsstukken/{number:03}-{safe_name(file.name) or 'bestand'}"
            reason = _why_not(file) or _copy(file, archive, path)
            if reason:
                left_out.append(LeftOut(file.name, file.sha256, reason))
            else:
                entries.append(Entry(path, file.sha256, file.size))
        manifest = {
            "schema": MANIFEST,
            "self_assessment_sha256": revision.sha256,
            "files": [asdict(entry) for entry in entries],
            "left_out": [asdict(entry) for entry in left_out],
        }
        archive.writestr("manifest.json", canonical_json(manifest))


def _files(revision: Revision) -> list[EvidenceRevision]:
    """Each file that was handed in, once."""
    links = EvidenceLink.objects.filter(revision=revision).select_related("evidence_revision")
    return list({link.evidence_revision_id: link.evidence_revision for link in links}.values())


def _why_not(file: EvidenceRevision) -> str:
    return "" if file.is_served else file.scan_words


def _copy(file: EvidenceRevision, archive: zipfile.ZipFile, path: str) -> str:
    """Copy a file bit by bit; the reason when what is stored is not what was handed in."""
    try:
        if _digest(file) != file.sha256:
            return "Het bestand in de opslag is veranderd"
        # What was uploaded is mostly packed already.
        info = zipfile.ZipInfo(path, timezone.localtime(file.uploaded_at).timetuple()[:6])
        with file.file.open("rb") as source, archive.open(info, "w", force_zip64=True) as entry:
            while chunk := source.read(CHUNK):
                entry.write(chunk)
    except FileNotFoundError:
        return "Het bestand is niet in de opslag"
    return ""


def _digest(file: EvidenceRevision) -> str:
    with file.file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _digest_of(target: IO[bytes]) -> str:
    target.seek(0)
    digest = hashlib.sha256()
    for chunk in iter(partial(target.read, CHUNK), b""):
        digest.update(chunk)
    target.seek(0)
    return digest.hexdigest()


# --- asking for it, and making it


@transaction.atomic
def ask(revision: Revision, kind: str, *, by: Actor) -> OwnDocument:
    """Have a document made of a handed-in revision; what failed is tried again, what is there stays."""
    if not can_fill_in(by, revision) or revision.is_open:
        raise PermissionDenied
    document, is_new = OwnDocument.objects.get_or_create(
        revision=revision, kind=kind, defaults={"organisation_id": revision.organisation_id}
    )
    if document.status == OwnDocument.Status.FAILED and document.retryable:
        services.start_over(document)
        is_new = True
    if is_new:
        audit.record("document_asked", by=by, about=revision.organisation_id, obj=document)
        queue(document)
    return document


def on_published(event: Any) -> None:
    """Hook of the public account's course: what is published gets its PDF, asked in the same transaction."""
    if event.action == "publish":
        account = event.public_account
        document, _ = OwnDocument.objects.get_or_create(
            account=account, kind=K.PUBLIC, defaults={"organisation_id": account.organisation_id}
        )
        queue(document)


def queue(document: OwnDocument) -> None:
    """Tell the workers after commit. A broker that is away costs time only: the sweeper asks again."""
    from reports.tasks import make_own_document  # the tasks call this module

    transaction.on_commit(lambda: make_own_document.delay(document.pk), robust=True)


def make(document_id: int) -> bool:
    """Make a document when it is still wanted. True when this call made it."""
    return services.run(OwnDocument, document_id, _make)


def _make(document: OwnDocument) -> bool:
    if document.kind == K.PUBLIC:
        return services.complete(document, public_pdf(document))
    revision: Any = document.revision
    if document.kind == K.PDF:
        return services.complete(document, account_pdf(revision))
    with TemporaryFile() as target:
        _checked(revision)
        write_dossier(revision, target)
        return services.keep(document, File(target), _digest_of(target), 0)
