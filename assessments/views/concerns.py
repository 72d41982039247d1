"""Signals and reports about providers: for the inspectorate, and for the care office that tells them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments import concerns, permissions
from assessments.errors import WrongState
from assessments.forms.concern import CloseForm, ConcernFilterForm, ConcernForm
from assessments.models import Concern
from providers import audit
from providers.http import Request
from providers.models import Role
from providers.paging import page_after
from providers.permissions import roles_required

TELLERS = (*permissions.INSPECTION, Role.CARE_OFFICE_OFFICER)


@roles_required(*TELLERS)
def concern_list(request: Request) -> HttpResponse:
    """What is still open, or all; for a care office what it shared."""
    found = Concern.objects.visible_to(request.actor).select_related("organisation", "shared_by")
    inside = request.actor.has(*permissions.INSPECTION)
    form = ConcernFilterForm(request.GET) if inside else None
    if inside:
        found = found.select_related("outcome")
    if form and form.is_valid() and not form.cleaned_data["status"]:
        found = found.open()
    page = page_after(found, request, order=("-received_on", "-id"))
    context = {"page": page, "form": form, "inside": inside}
    return render(request, "assessments/concerns/list.html", context)


@roles_required(*TELLERS)
def concern_new(request: Request, provider: int | None = None) -> HttpResponse:
    """About one provider; a care office may also choose one of its regions."""
    inside = request.actor.has(*permissions.INSPECTION)
    tellable = concerns.tellable(request.actor)
    if provider is None and inside:
        return redirect("assessments:worklist")
    fixed = get_object_or_404(tellable, pk=provider) if provider is not None else None
    form = ConcernForm(
        request.POST or None,
        instance=Concern(organisation=fixed) if fixed else None,
        offered=None if fixed else tellable,
        button="Vastleggen" if inside else "Delen met de inspectie",
    )
    if request.method == "POST" and form.is_valid():
        concerns.keep(form.save(commit=False), by=request.actor)
        if inside:
            messages.success(request, "Het signaal is vastgelegd. Alleen de inspectie ziet het.")
            return redirect("assessments:provider", provider)
        messages.success(request, "Uw signaal is gedeeld met de inspectie. De zorgaanbieder ziet het niet.")
        return redirect("assessments:concerns")
    context = {"form": form, "provider": fixed, "inside": inside}
    return render(request, "assessments/concerns/new.html", context)


@roles_required(*TELLERS)
def concern(request: Request, pk: int) -> HttpResponse:
    """One concern as it was told, with what the inspectorate did with it."""
    inside = request.actor.has(*permissions.INSPECTION)
    rows = Concern.objects.visible_to(request.actor).select_related("organisation", "shared_by", "created_by")
    shown = get_object_or_404(rows.select_related("outcome__by") if inside else rows, pk=pk)
    if request.method == "POST" and not inside:
        raise PermissionDenied
    form = CloseForm(request.POST or None) if inside else None
    unsaved = ""
    if form and request.method == "POST" and form.is_valid():
        try:
            concerns.close(shown.pk, form.cleaned_data["reason"], by=request.actor)
        except WrongState:
            unsaved = form.cleaned_data["reason"]
            shown.refresh_from_db()
        else:
            messages.success(request, "Het signaal is afgehandeld.")
            return redirect(shown)
    if request.method == "GET":
        audit.record("concern_opened", by=request.actor, obj=shown, outcome=audit.SEEN)
    context = {
        "concern": shown,
        "outcome": getattr(shown, "outcome", None) if inside else None,
        "form": form,
        "inside": inside,
        "unsaved": unsaved,
    }
    return render(request, "assessments/concerns/concern.html", context)
