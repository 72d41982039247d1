"""What happened between a provider and those who look at it, in one list, as far as the reader may know."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import permissions
from assessments.models import (
    ConceptVersion,
    Concern,
    Measure,
    PublicAccount,
    PublishedMeasure,
    Revision,
    Visit,
)
from assessments.report_text import visit_days
from providers.actor import Actor
from providers.models import Organisation, OrganisationQuerySet, Role

READERS = (
    *permissions.INSPECTION,
    *permissions.PROVIDER_EDITORS,
    Role.COUNCIL_MEMBER,
    Role.CARE_OFFICE_OFFICER,
)
# The lines of the picture, from top to bottom.
LANES = {
    "account": "Verantwoording",
    "visit": "Bezoek",
    "report": "Rapport",
    "measure": "Maatregel",
    "concern": "Signaal",
}


@dataclass(frozen=True)
class Moment:
    """Something that happened on a day; `url` is where to read it, '' when nowhere."""

    on: date
    lane: str
    title: str
    text: str = ""
    url: str = ""
    # For the eyes of the inspectorate only.
    is_inside: bool = False

    @property
    def lane_label(self) -> str:
        return LANES[self.lane]


def subjects(actor: Actor) -> OrganisationQuerySet:
    """The providers whose timeline the actor may open."""
    if actor.has(*permissions.INSPECTION):
        return Organisation.objects.providers()
    if actor.has(Role.CARE_OFFICE_OFFICER) and actor.organisation_id:
        return Organisation.objects.in_regions_of(actor.organisation_id)
    return Organisation.objects.providers().filter(pk=actor.own.pk)


def moments(provider: Organisation, actor: Actor) -> list[Moment]:
    """Newest first."""
    found = [moment for source in SOURCES for moment in source(provider, actor)]
    return sorted(found, key=lambda moment: moment.on, reverse=True)


def _accounts(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    revisions = Revision.objects.visible_to(actor).filter(
        organisation=provider, status__in=Revision.HANDED_IN
    )
    for revision in revisions.select_related("self_assessment").defer("content"):
        version = f", versie {revision.number}" if revision.number > 1 else ""
        title = f"Zelfevaluatie {revision.self_assessment.year} ingediend{version}"
        yield Moment(_day(revision.submitted_at), "account", title, url=revision.get_absolute_url())


def _public_accounts(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    rows = PublicAccount.objects.filter(organisation=provider, published_at__isnull=False)
    for account in rows.defer("content"):
        # What was taken back is not told any more: only that it was there.
        is_gone = account.withdrawn_at is not None
        yield Moment(
            _day(account.published_at),
            "account",
            f"Openbare verantwoording {account.year}",
            "" if is_gone else account.title,
            "" if is_gone else account.version_url,
        )
        if is_gone:
            title = f"Openbare verantwoording {account.year} ingetrokken"
            yield Moment(_day(account.withdrawn_at), "account", title)


def _visits(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    for visit in _visible(provider, actor):
        kind = "Aangekondigd bezoek" if visit.announced else "Onaangekondigd bezoek"
        ended = f", {visit.get_status_display().lower()}" if visit.status == Visit.Status.CANCELLED else ""
        yield Moment(visit.starts_on, "visit", f"{kind}{ended}", visit_days(visit), visit.get_absolute_url())


def _reports(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    """For who sees the visit: each version that it may open, and its publication."""
    inside = actor.has(*permissions.INSPECTION)
    for visit in _visible(provider, actor):
        if inside or visit.status in Visit.SHARED:
            for version in visit.versions.all():
                made = "verstuurd" if version.kind == ConceptVersion.Kind.CONCEPT else "vastgesteld"
                title = f"{version.get_kind_display()} {made}"
                yield Moment(
                    _day(version.created_at), "report", title, f"Versie {version.version}", _report(version)
                )
        yield from _publication(visit)


def _publication(visit: Visit) -> Iterator[Moment]:
    publication = getattr(visit, "publication", None)
    if publication and publication.published_at:
        url = next((_report(row) for row in reversed(_final(visit))), "")
        about = f"Bezoek van {visit_days(visit)}"
        yield Moment(_day(publication.published_at), "report", "Rapport openbaar", about, url)
        if publication.ended_at:
            yield Moment(_day(publication.ended_at), "report", "Rapport niet meer openbaar", about)


def _public_reports(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    """For who sees no visit but what is public of it."""
    if not _sees_visits(actor):
        for visit in _with_versions(Visit.objects.public().filter(organisation=provider), actor):
            yield from _publication(visit)


def _measures(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    for measure in Measure.objects.visible_to(actor).filter(organisation=provider):
        until = f"Uiterlijk {date_format(measure.due_on, 'j F Y')}"
        yield Moment(measure.decided_on, "measure", measure.title, until, measure.get_absolute_url())
        if measure.ended_on:
            title = f"{measure.title}: {measure.get_status_display().lower()}"
            yield Moment(measure.ended_on, "measure", title, url=measure.get_absolute_url())


def _public_measures(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    """For who sees no measure but what is public of it."""
    if not _sees_visits(actor):
        for measure in PublishedMeasure.objects.online().filter(organisation=provider):
            yield Moment(measure.decided_on, "measure", measure.title, measure.text)
            if measure.ended_on:
                yield Moment(measure.ended_on, "measure", f"{measure.title}: {measure.outcome.lower()}")


def _concerns(provider: Organisation, actor: Actor) -> Iterator[Moment]:
    if actor.has(*permissions.INSPECTION):
        for concern in Concern.objects.visible_to(actor).filter(organisation=provider):
            yield Moment(
                concern.received_on,
                "concern",
                concern.subject,
                f"Van: {concern.get_source_display().lower()}",
                concern.get_absolute_url(),
                is_inside=True,
            )


SOURCES: tuple[Callable[[Organisation, Actor], Iterable[Moment]], ...] = (
    _accounts,
    _public_accounts,
    _visits,
    _reports,
    _public_reports,
    _measures,
    _public_measures,
    _concerns,
)


def _sees_visits(actor: Actor) -> bool:
    return actor.has(*permissions.INSPECTION, *permissions.PROVIDER_EDITORS)


def _visible(provider: Organisation, actor: Actor) -> Any:
    return _with_versions(Visit.objects.visible_to(actor).filter(organisation=provider), actor)


def _with_versions(visits: Any, actor: Actor) -> Any:
    versions = ConceptVersion.objects.defer("content").select_related("visit").order_by("created_at", "pk")
    if not actor.has(*permissions.INSPECTION):
        versions = versions.openable()
    return visits.select_related("publication").prefetch_related(Prefetch("versions", versions))


def _final(visit: Visit) -> list[ConceptVersion]:
    return [row for row in visit.versions.all() if row.kind == ConceptVersion.Kind.FINAL]


def _report(version: ConceptVersion) -> str:
    return reverse("reports:detail", args=[version.visit.number, version.version])


def _day(moment: datetime | None) -> date:
    """Of what is handed in or public, the moment is known."""
    return timezone.localdate(cast(datetime, moment))


# --- the picture

WIDTH, LABELS, MARGIN, ROW = 1000, 160, 20, 44


@dataclass(frozen=True)
class Lane:
    """A line of the picture at height `y`; `points` are how far from the left each moment stands."""

    label: str
    code: str
    y: int
    points: list[int]


@dataclass(frozen=True)
class Picture:
    """Years stand at (how far from the left, year); all in the units of a picture that is `WIDTH` wide."""

    height: int
    years: list[tuple[int, int]]
    lanes: list[Lane]
    width: int = WIDTH
    left: int = LABELS
    right: int = WIDTH - MARGIN


def picture(moments: list[Moment], today: date) -> Picture | None:
    """The moments on one line of years, a lane for each kind; None when there is nothing to show."""
    if not moments:
        return None
    first, last = min(moment.on for moment in moments), max(today, *(moment.on for moment in moments))
    begin, end = date(first.year, 1, 1), date(last.year + 1, 1, 1)

    def at(day: date) -> int:
        return LABELS + round((WIDTH - LABELS - MARGIN) * (day - begin).days / (end - begin).days)

    used = [code for code in LANES if any(moment.lane == code for moment in moments)]
    lanes = [
        Lane(
            LANES[code],
            code,
            ROW * place + ROW // 2,
            sorted({at(moment.on) for moment in moments if moment.lane == code}),
        )
        for place, code in enumerate(used)
    ]
    years = [(at(date(year, 1, 1)), year) for year in range(begin.year, end.year)]
    return Picture(ROW * (len(used) + 1), years, lanes)
