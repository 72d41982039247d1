"""Measures: the inspectorate's list, one measure with its steps, and what everybody reads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments import measures as domain
from assessments import permissions
from assessments.errors import NotReady, WrongState
from assessments.forms.measure import ExtendForm, MeasureFilterForm, MeasureForm
from assessments.measure_kinds import kind_of
from assessments.measures import MEASURE
from assessments.models import Measure, PublishedMeasure
from assessments.views.steps import take_step
from providers.http import Request
from providers.models import Organisation
from providers.paging import page_after
from providers.permissions import roles_required

S = Measure.Status
READERS = (*permissions.INSPECTION, *permissions.PROVIDER_EDITORS)


@roles_required(*permissions.INSPECTION)
def measures(request: Request) -> HttpResponse:
    """All measures, by date; without a choice those that run."""
    form = MeasureFilterForm(request.GET)
    form.is_valid()
    found = _filtered(Measure.objects.visible_to(request.actor).for_list(), form.cleaned_data)
    page = page_after(found, request, order=("-decided_on", "-id"))
    is_filtered = any(form.cleaned_data.values())
    return render(
        request, "assessments/measures/list.html", {"form": form, "page": page, "is_filtered": is_filtered}
    )


def _filtered(found: QuerySet[Measure], chosen: dict[str, Any]) -> QuerySet[Measure]:
    if chosen.get("soort"):
        found = found.filter(kind=chosen["soort"])
    which = chosen.get("welke")
    if which == "alle":
        return found
    if which == "laat":
        return found.filter(status__in=Measure.AWAITED, due_on__lt=timezone.localdate())
    return (
        found.filter(status=S.DELIVERED)
        if which == "ingeleverd"
        else found.filter(status__in=Measure.RUNNING)
    )


@roles_required(*permissions.INSPECTION)
def measure_new(request: Request, provider: int) -> HttpResponse:
    """Record a measure against a provider."""
    organisation = get_object_or_404(Organisation.objects.providers(), pk=provider)
    visit = request.GET.get("bezoek", "")
    form = MeasureForm(
        request.POST or None,
        provider=organisation,
        by=request.actor,
        initial={"visit": visit, "decided_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            measure = domain.record(form.save(commit=False), by=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, "De maatregel is vastgelegd. De aanbieder ziet hem bij ‘Verbeteracties’."
            )
            return redirect(measure)
    context = {"form": form, "provider": organisation, "kinds": domain.recordable(request.actor)}
    return render(request, "assessments/measures/new.html", context)


def _visible(request: Request, pk: int) -> Measure:
    return get_object_or_404(Measure.objects.visible_to(request.actor).for_list(), pk=pk)


@roles_required(*READERS)
def measure(request: Request, pk: int) -> HttpResponse:
    """One measure: what, until when, what was delivered, and its steps."""
    return _show(request, _visible(request, pk))


def _show(request: Request, measure: Measure, file_errors: list[str] | None = None) -> HttpResponse:
    inside = request.actor.has(*permissions.INSPECTION)
    events = _events(request, measure)
    context = {
        "measure": measure,
        "kind": kind_of(measure.kind),
        "inside": inside,
        "points": [line for line in measure.points.splitlines() if line.strip()],
        "choices": MEASURE.available(measure, request.actor),
        "events": events,
        "lacking": _lacking(measure, events),
        "files": measure.evidence.order_by("-uploaded_at", "-pk"),
        "published": PublishedMeasure.objects.filter(measure=measure).first(),
        "may_add": domain.can_deliver(request.actor, measure) and measure.status in Measure.AWAITED,
        "file_errors": file_errors or [],
    }
    return render(request, "assessments/measures/measure.html", context)


EVENTS = {
    "record": "Vastgelegd",
    "deliver": "Ingeleverd",
    "return": "Niet genoeg, terug naar de aanbieder",
    "meet": "Nagekomen",
    "fail": "Niet nagekomen",
    "extend": "Verlengd",
    "publish": "Openbaar gemaakt",
    "withdraw": "Ingetrokken",
}


def _events(request: Request, measure: Measure) -> list[dict[str, Any]]:
    """What happened, newest first. A provider reads no names of inspectors."""
    rows = measure.events.select_related("by", "by_organisation").order_by("-at", "-pk")
    own = request.actor.organisation_id
    return [
        {
            "event": row,
            "label": EVENTS[row.action],
            "who": row.by if row.by_organisation_id == own else row.by_organisation,
        }
        for row in rows
    ]


def _lacking(measure: Measure, events: list[dict[str, Any]]) -> str:
    """What the inspectorate still misses in what was delivered, '' when nothing came back."""
    if not measure.is_returned:
        return ""
    return next((row["event"].note for row in events if row["event"].action == "return"), "")


@roles_required(*READERS)
def measure_step(request: Request, pk: int, action: str) -> HttpResponse:
    """Deliver, judge, publish or withdraw."""
    return take_step(request, MEASURE, _visible(request, pk), action, done=DONE.get(action, ""))


DONE = {
    "deliver": "Ingeleverd. De inspectie beoordeelt het.",
    "return": "De maatregel ligt weer bij de aanbieder, met uw reden.",
    "meet": "De maatregel is nagekomen.",
    "fail": "Vastgelegd: niet nagekomen.",
    "publish": "De maatregel is openbaar.",
    "withdraw": "De maatregel is ingetrokken.",
}


@roles_required(*permissions.INSPECTION)
def measure_extend(request: Request, pk: int) -> HttpResponse:
    """Let a measure run longer."""
    measure = _visible(request, pk)
    if not MEASURE.steps["extend"].allowed(request.actor, measure):
        raise PermissionDenied if request.method == "POST" else Http404
    form = ExtendForm(request.POST or None, kind=kind_of(measure.kind))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            domain.extend(
                measure.pk,
                given["until"],
                given["reason"],
                by=request.actor,
                by_other=given.get("by_other", False),
            )
        except NotReady as reason:
            form.add_error("until", str(reason))
        except WrongState as state:
            form.add_error(None, f"Er is niets gewijzigd. De status is nu: {state}.")
        else:
            messages.success(request, "De maatregel is verlengd.")
            return redirect(measure)
    return render(request, "assessments/measures/extend.html", {"measure": measure, "form": form})


@roles_required(*permissions.PROVIDER_EDITORS)
@require_POST
def measure_evidence(request: Request, pk: int) -> HttpResponse:
    """Add a file to what will be delivered."""
    measure = _visible(request, pk)
    errors: list[str] = []
    for upload in request.FILES.getlist("file"):
        try:
            domain.add_evidence(measure.pk, upload, by=request.actor)
        except ValidationError as error:
            errors += error.messages
        except WrongState as state:
            messages.warning(request, f"Er is niets toegevoegd. De status is nu: {state}.")
            return redirect(measure)
    if not request.FILES:
        errors.append("Kies eerst een bestand.")
    return _show(request, measure, errors) if errors else redirect(measure)


@require_safe
def public_measures(request: Request) -> HttpResponse:
    """What everybody may read of measures, the newest first."""
    found = PublishedMeasure.objects.online().select_related("organisation")
    page = page_after(found, request, order=("-published_at", "-id"))
    return render(request, "assessments/measures/public.html", {"page": page})
