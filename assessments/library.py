"""The evidence library of a provider: what is in it, where it is used, and who may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import files
from assessments.models import Evidence, EvidenceLink, EvidenceRelease, EvidenceRevision
from assessments.permissions import can_edit_evidence, can_start
from providers import audit
from providers.actor import Actor
from providers.models import AuditEvent, Organisation, ProviderRegion, RegionHolder, User

OPENINGS_SHOWN = 20


@transaction.atomic
def add_piece(upload: UploadedFile, title: str, valid_until: date | None, *, by: Actor) -> Evidence:
    """A new piece with its first file. Raises ValidationError when the library has this content already."""
    if not can_start(by):
        raise PermissionDenied
    files.check_upload(upload)
    if same := files.same_content(by.own.pk, upload):
        raise ValidationError(f"U heeft dit bestand al, als ‘{same.evidence.title}’. Zoek het in de lijst.")
    title = title or files.title_from(upload.name or "")
    evidence = Evidence.objects.create(organisation=by.own, title=title, valid_until=valid_until)
    _kept(files.keep(upload, evidence, 1, by=by), by)
    return evidence


@transaction.atomic
def add_file(evidence_id: int, upload: UploadedFile, *, by: Actor) -> EvidenceRevision:
    """A newer file of a piece. What was handed in keeps the file that it cites."""
    evidence = _locked(evidence_id, by)
    files.check_upload(upload)
    newest = evidence.revisions.latest("number")
    if evidence.revisions.filter(sha256=files.digest(upload)).exists():
        raise ValidationError("Dit bestand staat er al. Kies de nieuwe versie.")
    return _kept(files.keep(upload, evidence, newest.number + 1, by=by), by)


def _kept(file: EvidenceRevision, by: Actor) -> EvidenceRevision:
    audit.record("evidence_added", by=by, about=file.organisation_id, obj=file)
    return file


@transaction.atomic
def change(evidence_id: int, title: str, valid_until: date | None, *, by: Actor) -> None:
    """Another title or last day; for another day people are reminded anew."""
    evidence = _locked(evidence_id, by)
    if evidence.valid_until != valid_until:
        evidence.told = 0
    evidence.title, evidence.valid_until = title, valid_until
    evidence.save()


def chosen_files(ticked: Sequence[str], *, by: Actor) -> list[EvidenceRevision]:
    """The newest file of each own piece that was ticked, by its key as a form sends it."""
    keys = [int(key) for key in ticked[:200] if key.isascii() and key.isdigit()]
    pieces = Evidence.objects.visible_to(by).kept().for_list()
    newest = [piece.newest for piece in pieces.filter(pk__in=[key for key in keys if key < 2**63])]
    return [file for file in newest if file.scan != EvidenceRevision.Scan.INFECTED]


@transaction.atomic
def archive(evidence_id: int, archived: bool, *, by: Actor) -> None:
    """Take a piece out of the library, or back in. Where it is used it stays as it is."""
    evidence = _locked(evidence_id, by)
    if archived == (evidence.archived_at is not None):
        return
    evidence.archived_at = timezone.now() if archived else None
    evidence.save(update_fields=["archived_at"])
    audit.record(
        "evidence_archived" if archived else "evidence_restored",
        by=by,
        about=evidence.organisation_id,
        obj=evidence,
    )


def _locked(evidence_id: int, by: Actor) -> Evidence:
    evidence = Evidence.objects.select_for_update(no_key=True).get(pk=evidence_id)
    if not can_edit_evidence(by, evidence):
        raise PermissionDenied
    return evidence


# --- who may read it


@dataclass(frozen=True)
class Reader:
    """A care office, and since when it may open a piece (None: it may not)."""

    organisation: Organisation
    since: datetime | None


def readers(evidence: Evidence) -> list[Reader]:
    """The care offices of the provider's regions, and those that may still open the piece."""
    released = {
        row.reader_id: row.at for row in EvidenceRelease.objects.filter(evidence=evidence, withdrawn_at=None)
    }
    offices = care_offices(evidence.organisation_id) | Organisation.objects.filter(pk__in=released)
    return [Reader(office, released.get(office.pk)) for office in offices.distinct().order_by("name", "pk")]


def care_offices(provider_id: int) -> QuerySet[Organisation]:
    """Who holds a region in which the provider works today."""
    regions = ProviderRegion.objects.on().filter(provider=provider_id).values("region")
    holders = RegionHolder.objects.on().filter(region__in=regions).values("care_office")
    return Organisation.objects.filter(pk__in=holders)


@transaction.atomic
def release(evidence_id: int, reader_id: int, *, by: Actor) -> None:
    """Let a care office open this piece where it hangs under what was handed in."""
    evidence = _locked(evidence_id, by)
    if not care_offices(evidence.organisation_id).filter(pk=reader_id).exists():
        raise PermissionDenied
    _, is_new = EvidenceRelease.objects.get_or_create(
        evidence=evidence,
        reader_id=reader_id,
        withdrawn_at=None,
        defaults={"organisation_id": evidence.organisation_id, "by": by.person},
    )
    if is_new:
        audit.record("evidence_released", by=by, about=evidence.organisation_id, obj=evidence)


@transaction.atomic
def withdraw(evidence_id: int, reader_id: int, *, by: Actor) -> None:
    """From now on this care office cannot open the piece any more."""
    evidence = _locked(evidence_id, by)
    standing = EvidenceRelease.objects.filter(evidence=evidence, reader=reader_id, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now(), withdrawn_by=by.person):
        audit.record("evidence_withdrawn", by=by, about=evidence.organisation_id, obj=evidence)


# --- what a page tells about a piece


def uses(evidence: Evidence) -> QuerySet[EvidenceLink]:
    """Under which questions it stands, the latest year first."""
    links = EvidenceLink.objects.filter(evidence_revision__evidence=evidence)
    return links.select_related("item__version", "revision__self_assessment", "evidence_revision").order_by(
        "-revision__self_assessment__year", "-revision__number", "item__version__step", "item__position"
    )


@dataclass(frozen=True)
class Opening:
    """Somebody opened a file: a colleague by name, another organisation as such."""

    at: datetime
    who: str
    file: EvidenceRevision


def openings(evidence: Evidence) -> list[Opening]:
    """Who opened its files, the latest first."""
    kept = {str(file.pk): file for file in evidence.revisions.all()}
    lines = AuditEvent.objects.filter(
        about=evidence.organisation_id,
        action="evidence_opened",
        object_kind=EvidenceRevision._meta.model_name,
        object_id__in=kept,
    ).select_related("user", "acting_for")
    return [
        Opening(line.at, _who(line.user, line.acting_for, evidence), kept[line.object_id])
        for line in lines.order_by("-at", "-pk")[:OPENINGS_SHOWN]
    ]


def _who(user: User | None, acting_for: Organisation | None, evidence: Evidence) -> str:
    if acting_for and acting_for.pk != evidence.organisation_id:
        return acting_for.name
    return user.name if user else "Onbekend"
