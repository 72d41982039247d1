"""Where to go: the worklist with its saved views, and all of one provider on a page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import permissions, timeline, worklist
from assessments.forms.worklist import SavedViewForm, WorklistForm
from assessments.models import Concern, Measure, Revision, SavedView, Standing, Visit
from providers import profile
from providers.http import Request
from providers.models import Organisation, Profile
from providers.paging import page_after
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION
SHOWN = 10


@roles_required(*INSPECTION)
def worklist_page(request: Request) -> HttpResponse:
    """Providers with their signals; the address says which, in what order. A POST keeps that under a name."""
    form = WorklistForm(request.GET)
    saving = SavedViewForm(request.POST or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    query = form.query
    if request.method == "POST" and saving.is_valid():
        name = saving.cleaned_data["name"]
        view, _ = SavedView.objects.update_or_create(
            user=request.actor.person, name=name, defaults={"query": query}
        )
        messages.success(request, f"De weergave ‘{view}’ is bewaard.")
        return redirect(view)
    order = worklist.ORDERS[wanted.get("volgorde") or "naam"]
    page = page_after(worklist.found(request.actor, wanted), request, order=order)
    context = {
        "form": form,
        "is_filtered": bool(query),
        "page": page,
        "rows": worklist.rows_of(page.rows),
        "as_of": worklist.as_of(request.actor),
        "views": SavedView.objects.filter(user=request.actor.user),
        "query": query,
        "saving": saving,
    }
    return render(request, "assessments/worklist/list.html", context)


@roles_required(*INSPECTION)
@require_POST
def saved_view_remove(request: Request, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, user=request.actor.user, pk=pk)
    view.delete()
    messages.success(request, f"De weergave ‘{view}’ is verwijderd.")
    return redirect(f"{reverse('assessments:worklist')}?{view.query}")


@roles_required(*INSPECTION)
def provider(request: Request, pk: int) -> HttpResponse:
    """One provider: why to look at it, and all that there is to look at."""
    shown = get_object_or_404(Organisation.objects.providers(), pk=pk)
    signals = worklist.signals_of(pk)
    context: dict[str, Any] = {
        "provider": shown,
        "standing": Standing.objects.visible_to(request.actor).filter(pk=pk).first(),
        "signals": [signal for signal in signals if not signal.is_gap],
        "gaps": [signal for signal in signals if signal.is_gap],
        "concerns": Concern.objects.visible_to(request.actor)
        .filter(organisation=pk)
        .select_related("shared_by", "outcome")[:SHOWN],
        "accounts": Revision.objects.visible_to(request.actor)
        .filter(organisation=pk, status=Revision.Status.SUBMITTED)
        .select_related("self_assessment")
        .defer("content")
        .order_by("-self_assessment__year")[:SHOWN],
        "visits": Visit.objects.visible_to(request.actor)
        .filter(organisation=pk)
        .order_by("-starts_on", "-pk")[:SHOWN],
        "measures": Measure.objects.visible_to(request.actor)
        .filter(organisation=pk)
        .order_by("-decided_on", "-pk")[:SHOWN],
        "regions": shown.provider_regions.on().select_related("region"),
        "profile": Profile.objects.filter(pk=pk).first(),
        "tally": profile.newest_tally(pk, timezone.localdate()),
    }
    return render(request, "assessments/worklist/provider.html", context)


@roles_required(*timeline.READERS)
def provider_timeline(request: Request, pk: int) -> HttpResponse:
    """What happened between a provider and those who look at it, as far as the actor may know."""
    shown = get_object_or_404(timeline.subjects(request.actor), pk=pk)
    moments = timeline.moments(shown, request.actor)
    context = {
        "provider": shown,
        "moments": moments,
        "picture": timeline.picture(moments, timezone.localdate()),
        "is_own": shown.pk == request.actor.organisation_id,
        "inside": request.actor.has(*INSPECTION),
    }
    return render(request, "assessments/worklist/timeline.html", context)
