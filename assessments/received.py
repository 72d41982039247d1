"""Who can read a handed-in revision, since when, and what they opened of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from assessments.models import EvidenceLink, EvidenceRelease, Revision
from providers.models import AuditEvent, Organisation, ProviderRegion, RegionHolder
from wlzthuis.isolation import as_system


@dataclass
class Opening:
    """How often something was opened, first and last."""

    what: str
    times: int
    first: datetime
    last: datetime


@dataclass
class Reader:
    """An organisation that may read the revision."""

    organisation: Organisation
    since: datetime | None
    through: str
    account: Opening | None = None
    files: list[Opening] = field(default_factory=list)
    released: list[str] = field(default_factory=list)


def readers(revision: Revision) -> list[Reader]:
    """The inspectorate and the care offices of the provider's regions; with what each of them opened.

    Once handed in an account stays readable, so who opened it without holding a region now is here too.
    """
    handed_in = revision.submitted_at
    if handed_in is None:
        return []
    found = {
        row.pk: Reader(row, handed_in, "Toezicht op de zorg")
        for row in Organisation.objects.filter(kind=Organisation.Kind.INSPECTORATE)
    }
    served = ProviderRegion.objects.on().filter(provider=revision.organisation_id)
    begins = dict(served.values_list("region", "valid_from"))
    held = RegionHolder.objects.on().filter(region__in=begins)
    for holder in held.select_related("care_office", "region").order_by("region__name"):
        known = found.get(holder.care_office_id)
        # Who came to hold the region later, or where the provider began later, could not read it before.
        since = max(handed_in, _midnight(holder.valid_from), _midnight(begins[holder.region_id]))
        if known and known.since:
            since = min(since, known.since)
        through = f"{known.through}, {holder.region.name}" if known else f"Regio {holder.region.name}"
        found[holder.care_office_id] = Reader(holder.care_office, since, through)
    _add_openings(revision, found)
    _add_releases(revision, found)
    return list(found.values())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _add_openings(revision: Revision, found: dict[int, Reader]) -> None:
    names = _file_names(revision)
    account = Q(action="revision_opened", object_id=str(revision.pk))
    files = Q(action="evidence_opened", object_id__in=list(map(str, names)))
    # The log is read by managers only; the caller may read this very revision as its provider.
    with as_system():
        seen = list(
            AuditEvent.objects.filter(account | files, about=revision.organisation_id)
            .exclude(acting_for=revision.organisation_id)
            .exclude(acting_for=None)
            .order_by()
            .values("acting_for", "action", "object_id")
            .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        )
    others = Organisation.objects.in_bulk({row["acting_for"] for row in seen} - found.keys())
    for pk, organisation in others.items():
        found[pk] = Reader(organisation, revision.submitted_at, "Eerder zorgkantoor van u")
    for row in seen:
        reader, opening = found[row["acting_for"]], Opening("", row["times"], row["first"], row["last"])
        if row["action"] == "revision_opened":
            reader.account = opening
        else:
            opening.what = names[int(row["object_id"])]
            reader.files.append(opening)


def _file_names(revision: Revision) -> dict[int, str]:
    links = EvidenceLink.objects.filter(revision=revision)
    return dict(links.values_list("evidence_revision", "evidence_revision__name"))


def _add_releases(revision: Revision, found: dict[int, Reader]) -> None:
    used = EvidenceLink.objects.filter(revision=revision).values("evidence_revision__evidence")
    releases = EvidenceRelease.objects.filter(evidence__in=used, withdrawn_at=None)
    for release in releases.select_related("evidence"):
        if release.reader_id in found:
            found[release.reader_id].released.append(release.evidence.title)
