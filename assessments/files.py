"""Uploaded evidence: what a file may be, and how it is kept."""

import hashlib
import math
import zipfile
import zlib
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, UnidentifiedImageError

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
ALLOWED = "PDF, DOCX, XLSX, ODT, JPEG of PNG"


def check_upload(upload: UploadedFile) -> str:
    """The content type of an upload, from its content. Raises ValidationError in Dutch."""
    name = _short(upload.name or "bestand")
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


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


@transaction.atomic
def attach_evidence(revision_id: int, item: Item, upload: UploadedFile, *, by: Actor) -> EvidenceLink:
    """Keep an upload in the provider's library and use it under an item of a draft.

    A file that the library holds already (same content) is used again, not kept twice.
    """
    content_type = check_upload(upload)
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_fill_in(by, revision):
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())
    digest = _digest(upload)
    upload.seek(0)
    file = EvidenceRevision.objects.filter(organisation=revision.organisation_id, sha256=digest).first()
    if file is None:
        name = (upload.name or "bestand")[-200:]
        file = EvidenceRevision.objects.create(
            organisation_id=revision.organisation_id,
            evidence=Evidence.objects.create(organisation_id=revision.organisation_id, title=name),
            file=upload,
            name=name,
            content_type=content_type,
            size=upload.size or 0,
            sha256=digest,
            uploaded_by=by.person,
        )
    link, _ = EvidenceLink.objects.get_or_create(
        revision=revision,
        item=item,
        evidence_revision=file,
        defaults={"organisation_id": revision.organisation_id},
    )
    return link


@transaction.atomic
def detach_evidence(link: EvidenceLink, *, by: Actor) -> None:
    """Stop using a file under an item of a draft; the file stays in the library."""
    revision = Revision.objects.select_for_update(no_key=True).get(pk=link.revision_id)
    if not can_fill_in(by, revision):
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())
    link.delete()
