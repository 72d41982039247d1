"""Applying for a place in the portal, and the portal administrator's answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from providers import admission
from providers.errors import Refused
from providers.forms.applications import ApplicationForm, RefusalForm
from providers.http import Request
from providers.models import Application, Role
from providers.paging import page_after
from providers.permissions import roles_required


def apply(request: Request) -> HttpResponse:
    """Anybody may apply for a provider."""
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            admission.apply(form.application(), form.cleaned_data["regions"])
            return redirect("application_sent")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "providers/applications/apply.html", {"form": form})


@require_safe
def application_sent(request: Request) -> HttpResponse:
    return render(request, "providers/applications/sent.html")


@roles_required(Role.PORTAL_ADMIN)
def applications(request: Request) -> HttpResponse:
    """What waits for an answer, the oldest first; or what was answered, the newest first."""
    handled = request.GET.get("welke") == "behandeld"
    rows = Application.objects.select_related("organisation", "handled_by")
    if handled:
        page = page_after(
            rows.exclude(status=Application.Status.RECEIVED), request, order=["-handled_at", "-pk"]
        )
    else:
        page = page_after(
            rows.filter(status=Application.Status.RECEIVED), request, order=["applied_at", "pk"]
        )
    return render(request, "providers/applications/list.html", {"page": page, "handled": handled})


@roles_required(Role.PORTAL_ADMIN)
def application(request: Request, pk: int) -> HttpResponse:
    """One application with the providers that may be the same; a POST refuses it."""
    shown = get_object_or_404(Application.objects.select_related("organisation", "handled_by"), pk=pk)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            admission.refuse(pk, form.cleaned_data["reason"], by=request.actor)
            messages.success(request, f"De aanmelding van {shown.name} is afgewezen. Er gaat een mail.")
            return redirect("applications")
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("application", pk)
    context = {
        "application": shown,
        "regions": shown.regions.all(),
        "roles": [Role(role).label for role in shown.contact_roles],
        "look_alikes": admission.look_alikes(shown)[:10],
        "form": form if shown.status == Application.Status.RECEIVED else None,
    }
    return render(request, "providers/applications/application.html", context)


@roles_required(Role.PORTAL_ADMIN)
@require_POST
def application_admit(request: Request, pk: int) -> HttpResponse:
    get_object_or_404(Application, pk=pk)
    try:
        admitted = admission.admit(pk, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("application", pk)
    messages.success(
        request, f"{admitted.name} is toegelaten. {admitted.contact_name} krijgt een mail met een link."
    )
    return redirect("applications")
