"""Uploaded evidence: what a file may be, how it is kept, and under which question it is used."""

import hashlib
import math
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from datetime import timedelta
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from assessments import examination
from assessments.errors import WrongState
from assessments.models import Evidence, EvidenceLink, EvidenceRevision, Revision
from assessments.permissions import can_fill_in
from norms.models import Item
from providers.actor import Actor

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "pdf": "application/pdf",
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
# A document of some hundreds of pages with a picture on each has about a thousand parts.
ENTRIES_MAX = 5_000
ENTRY = b"PK\x01\x02"
MACROS = ("vbaproject.bin", "vbadata.xml")
# So many new files one person may add in so much time.
RATE, RATE_TIME = 60, timedelta(minutes=10)
NAME_MAX = 200
ALLOWED = "PDF, DOCX, XLSX, ODT, JPEG of PNG"


def check_upload(upload: UploadedFile) -> str:
    """The content type of an upload, from its content. Raises ValidationError in Dutch."""
    name = _short(clean_name(upload.name or ""))
    if not upload.size:
        raise ValidationError(f"‘{name}’ is leeg. Kies een ander bestand.")
    if upload.size > settings.UPLOAD_MAX_BYTES:
        # Rounded up, so that a file just over the limit is not told to be of it.
        size = f"{math.ceil(upload.size / 1024 / 1024 * 10) / 10:.1f}".replace(".", ",")
        raise ValidationError(f"‘{name}’ is {size} MB. Kies een bestand van 25 MB of kleiner.")
    extension = name.rpartition(".")[2].lower()
    if extension not in TYPES:
        raise ValidationError(f"‘{name}’ heeft een soort die hier niet kan. Kies {ALLOWED}.")
    if upload.file is None or _type_of(upload.file) != TYPES[extension]:
        raise ValidationError(
            f"De inhoud van ‘{name}’ is geen {extension.upper()}. "
            "Sla het bestand opnieuw op en kies het nog eens."
        )
    return TYPES[extension]


def clean_name(name: str) -> str:
    """A file name as people read it: its last part, without signs that are not seen or that turn the order
    of letters around, and no longer than fits."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split()) or "bestand"
    stem, dot, extension = name.rpartition(".")
    if len(name) <= NAME_MAX or not stem or len(extension) > 10:
        return name[:NAME_MAX]
    return stem[: NAME_MAX - len(extension) - 1] + dot + extension


def title_from(name: str) -> str:
    """A first title for a piece, of the name of its file: 'Nachtrooster 2026' of 'nachtrooster_2026.pdf'."""
    stem = clean_name(name).rpartition(".")[0] or clean_name(name)
    words = " ".join(stem.replace("_", " ").replace("-", " ").split()) or stem
    return words[0].upper() + words[1:]


def _short(name: str) -> str:
    return name if len(name) <= 80 else name[:60] + "…" + name[-15:]


def _type_of(file: IO[Any]) -> str:
    """Content type by content: PDF header, image decoder, or what a ZIP holds."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return TYPES["pdf"]
    if head.startswith(b"PK\x03\x04"):
        return _office_type(file)
    return _image_type(file)


def _image_type(file: IO[Any]) -> str:
    try:
        with Image.open(file, formats=["JPEG", "PNG"]) as image:
            image.verify()
            # MPO is a JPEG with more pictures in it; telephones make them and call them .jpg.
            return TYPES["jpg"] if image.format == "MPO" else Image.MIME[image.format or ""]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""
    finally:
        file.seek(0)


def _office_type(file: IO[Any]) -> str:
    try:
        if _entries(file) > ENTRIES_MAX:
            return ""
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith(MACROS) for name in names):
                return ""
            if "word/document.xml" in names:
                return TYPES["docx"]
            if "xl/workbook.xml" in names:
                return TYPES["xlsx"]
            if "mimetype" in names and _is_plain(archive.getinfo("mimetype")):
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return ""
    finally:
        file.seek(0)
    return ""


def _entries(file: IO[Any]) -> int:
    """How many entries a ZIP can list, by their marks: its reader takes in the whole list at once."""
    found, before = 0, b""
    while chunk := file.read(1024 * 1024):
        found += (before + chunk).count(ENTRY)
        before = chunk[1 - len(ENTRY) :]
    file.seek(0)
    return found


def _is_plain(part: zipfile.ZipInfo) -> bool:
    """Small, and packed in a way that cannot ask for much memory."""
    return part.file_size < 100 and part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def digest(upload: UploadedFile) -> str:
    """The sha256 of an upload, which is left at its beginning."""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()


def keep(upload: UploadedFile, evidence: Evidence, number: int, *, by: Actor) -> EvidenceRevision:
    """Keep a new file of a piece, and let it be examined. The caller checked what it is and who asks.

    Raises ValidationError when there is no room for it, or too much came too fast.
    """
    _check_room(upload, evidence.organisation_id, by)
    upload.seek(0)
    file = EvidenceRevision.objects.create(
        organisation_id=evidence.organisation_id,
        evidence=evidence,
        number=number,
        file=upload,
        name=clean_name(upload.name or ""),
        content_type=check_upload(upload),
        size=upload.size or 0,
        sha256=digest(upload),
        uploaded_by=by.person,
    )
    examination.soon(file.pk)
    return file


def _check_room(upload: UploadedFile, organisation_id: int, by: Actor) -> None:
    since = timezone.now() - RATE_TIME
    if EvidenceRevision.objects.filter(uploaded_by=by.person, uploaded_at__gt=since).count() >= RATE:
        raise ValidationError(
            f"U heeft in korte tijd {RATE} bestanden toegevoegd. Wacht tien minuten en ga dan verder."
        )
    kept = EvidenceRevision.objects.filter(organisation=organisation_id).aggregate(n=Sum("size"))["n"] or 0
    if kept + (upload.size or 0) > settings.EVIDENCE_QUOTA_MB * 1024 * 1024:
        raise ValidationError(
            f"Uw organisatie bewaart al {settings.EVIDENCE_QUOTA_MB} MB aan bewijsstukken. Meer kan niet. "
            f"Vraag hulp: {settings.SUPPORT_EMAIL}."
        )


def same_content(organisation_id: int, upload: UploadedFile) -> EvidenceRevision | None:
    """The newest file of an organisation's library with this very content."""
    same = EvidenceRevision.objects.filter(organisation=organisation_id, sha256=digest(upload))
    return same.select_related("evidence").order_by("-pk").first()


def _open_draft(revision_id: int, by: Actor) -> Revision:
    """A draft that this person may fill in, locked."""
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_fill_in(by, revision):
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())
    return revision


@transaction.atomic
def attach_evidence(revision_id: int, item: Item, upload: UploadedFile, *, by: Actor) -> EvidenceLink:
    """Keep an upload in the provider's library and use it under an item of a draft.

    A file that the library holds already (same content) is used again, not kept twice.
    """
    check_upload(upload)
    revision = _open_draft(revision_id, by)
    file = same_content(revision.organisation_id, upload)
    if file is not None and file.scan == EvidenceRevision.Scan.INFECTED:
        raise ValidationError(f"In ‘{_short(file.name)}’ is een virus gevonden. Kies een ander bestand.")
    if file is None:
        title = title_from(upload.name or "")
        piece = Evidence.objects.create(organisation_id=revision.organisation_id, title=title)
        file = keep(upload, piece, 1, by=by)
    return _link(revision, item, file)


@transaction.atomic
def use_evidence(
    revision_id: int, item: Item, chosen: Iterable[EvidenceRevision], *, by: Actor
) -> list[EvidenceLink]:
    """Use files of the own library under an item of a draft."""
    revision = _open_draft(revision_id, by)
    if any(file.organisation_id != revision.organisation_id for file in chosen):
        raise PermissionDenied
    return [_link(revision, item, file) for file in chosen]


def _link(revision: Revision, item: Item, file: EvidenceRevision) -> EvidenceLink:
    link, _ = EvidenceLink.objects.get_or_create(
        revision=revision,
        item=item,
        evidence_revision=file,
        defaults={"organisation_id": revision.organisation_id},
    )
    return link


@transaction.atomic
def renew_evidence(link: EvidenceLink, *, by: Actor) -> EvidenceLink:
    """Cite the newest file of the same piece instead, under an item of a draft."""
    revision = _open_draft(link.revision_id, by)
    newest = link.evidence_revision.evidence.revisions.latest("number")
    renewed = _link(revision, link.item, newest)
    if renewed.pk != link.pk:
        link.delete()
    return renewed


@transaction.atomic
def detach_evidence(link: EvidenceLink, *, by: Actor) -> None:
    """Stop using a file under an item of a draft; the file stays in the library."""
    _open_draft(link.revision_id, by)
    link.delete()
