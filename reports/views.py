"""The register of reports, one report in short, and its file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments import publication, reaction
from assessments.errors import WrongState
from assessments.models import Correction, PublicReaction, PublishedMeasure
from assessments.permissions import INSPECTION
from providers import audit
from providers.actor import Actor
from providers.http import Request
from providers.models import Organisation
from providers.paging import page_after
from providers.permissions import roles_required
from reports import services
from reports.content import ContentError, parse
from reports.forms import ReportFilterForm
from reports.models import ReportRequest, ReportRequestQuerySet
from reports.permissions import can_retry, sees_unpublished
from reports.presentation import judged_rows
from reports.public import NEWEST_FIRST
from reports.wording import period, places
from wlzthuis import downloads

PAGE_SIZE = 25
GONE = 410


@dataclass(frozen=True)
class Shelf:
    """One of the lists that an actor can choose from."""

    key: str
    label: str
    found: ReportRequestQuerySet
    order: tuple[str, ...] = NEWEST_FIRST


def shelves(actor: Actor) -> list[Shelf]:
    """The lists for this actor; the first is shown without a choice."""
    public = ReportRequest.objects.public().newest()
    if actor.kind == Organisation.Kind.CARE_OFFICE and actor.organisation_id:
        own = public.in_regions_of(actor.organisation_id)
        return [Shelf("regio", "Uw regio", own), Shelf("alle", "Alle regio's", public)]
    if sees_unpublished(actor):
        inside = ReportRequest.objects.visible_to(actor).not_public()
        return [
            Shelf("openbaar", "Openbaar", public),
            Shelf("intern", "Niet openbaar", inside, ("-requested_at", "-id")),
        ]
    return [Shelf("openbaar", "Openbaar", public)]


@require_safe
def report_list(request: Request) -> HttpResponse:
    """Public reports, newest first; also those that only the inspectorate and the provider may see."""
    choices = shelves(request.actor)
    shelf = next((choice for choice in choices if choice.key == request.GET.get("welke")), choices[0])
    form = ReportFilterForm(request.GET)
    found = shelf.found.for_list()
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("q"):
        found = found.named(wanted["q"])
    if wanted.get("regio"):
        found = found.in_region(wanted["regio"])
    context = {
        "page": page_after(found, request, order=shelf.order, size=PAGE_SIZE),
        "form": form,
        "shelves": choices,
        "shelf": shelf,
        "filtered": any(wanted.values()),
    }
    return render(request, "reports/list.html", context)


def visible_report(request: Request, number: str, version: str) -> ReportRequest:
    """The request with what its pages name; 404 when it is not this actor's to see."""
    visible = ReportRequest.objects.visible_to(request.actor)
    return get_object_or_404(
        visible.select_related("version__visit", "file"),
        version__visit__number=number,
        version__version=version,
    )


def _file_context(request: Request, report: ReportRequest) -> dict[str, object]:
    return {"report": report, "may_retry": can_retry(request.actor) and report.retryable}


ReportPage = Callable[[Request, str, str], HttpResponseBase]


def or_tombstone(page: ReportPage) -> ReportPage:
    """Who may not see a report that once was public reads that it was withdrawn."""

    @wraps(page)
    def shown(request: Request, number: str, version: str) -> HttpResponseBase:
        try:
            return page(request, number, version)
        except Http404:
            if gone := publication.tombstone(number):
                return render(request, "reports/withdrawn.html", {"gone": gone}, status=GONE)
            raise

    return shown


@require_safe
@or_tombstone
def detail(request: Request, number: str, version: str) -> HttpResponseBase:
    """One report in short, with its file or how far that is."""
    report = visible_report(request, number, version)
    if not report.is_public:
        _log(request, report, "report_opened")
    context = {**_file_context(request, report), **_content_context(report), **_beside(report)}
    return render(request, "reports/detail.html", context)


def _beside(report: ReportRequest) -> dict[str, object]:
    """The version that corrects this one, what the provider says of it, and the measures against it."""
    correction = Correction.objects.settled().filter(corrects=report.version).select_related("version")
    shown: dict[str, object] = {
        "measures": PublishedMeasure.objects.online().filter(organisation=report.organisation_id)
    }
    if report.is_concept:
        return shown
    return shown | {
        "corrected_by": correction.first(),
        "public_reaction": PublicReaction.objects.filter(visit=report.version.visit).first(),
    }


def _log(request: Request, report: ReportRequest, action: str) -> None:
    """Who opened it; the provider who does so has received its concept."""
    if report.is_concept:
        reaction.record_opening(report.version, by=request.actor)
    audit.record(action, by=request.actor, about=report.organisation_id, obj=report, outcome=audit.SEEN)


def _content_context(report: ReportRequest) -> dict[str, object]:
    """The report in short; nothing when its content cannot be read, which its file then says."""
    try:
        content = parse(report.version.content)
    except ContentError:
        return {}
    labels: dict[str, str] = {level.code: level.label for level in content.scale}
    return {
        "content": content,
        "rows": judged_rows(content, labels),
        "period": period(content.visit.started_on, content.visit.ended_on),
        "places": places(content),
    }


@require_safe
def status(request: Request, number: str, version: str) -> HttpResponse:
    """Only the part about the file, which the page asks for again while the file is being made."""
    report = visible_report(request, number, version)
    if "HX-Request" not in request.headers:
        return redirect(report)
    return render(request, "reports/_file.html", _file_context(request, report))


@require_safe
@or_tombstone
def download(request: Request, number: str, version: str) -> HttpResponseBase:
    """The file itself when it is public, else the way to it."""
    report = visible_report(request, number, version)
    if report.status != ReportRequest.Status.READY:
        messages.info(request, "Het rapport is er nog niet als PDF.")
        return redirect(report)
    if request.actor.user:
        _log(request, report, "report_downloaded")
    if report.is_public:
        return downloads.answer(request, report.file)
    return downloads.hand_over(report.file)


@roles_required(*INSPECTION)
@require_POST
def retry(request: Request, number: str, version: str) -> HttpResponse:
    """Have a failed file made once more."""
    report = visible_report(request, number, version)
    try:
        services.retry(report, by=request.actor)
    except WrongState as state:
        messages.warning(request, f"Er is niets gewijzigd. De status is nu: {state}.")
    else:
        messages.success(request, "Het rapport wordt opnieuw gemaakt.")
    return redirect(report)
