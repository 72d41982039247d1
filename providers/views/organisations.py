"""An organisation's own data, and the list of all for the portal's administrator."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from providers.forms.organisations import LocationForm, OrganisationForm
from providers.http import Request
from providers.models import Location, Organisation, Role
from providers.permissions import can_edit_organisation, roles_required


@login_required
def organisation(request: Request, pk: int | None = None) -> HttpResponse:
    """Data of the own organisation; the portal's administrator may open any."""
    shown = _organisation_or_404(request, pk)
    may_edit = can_edit_organisation(request.actor, shown)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = OrganisationForm(request.POST or None, instance=shown) if may_edit else None
    if form and request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "De gegevens zijn opgeslagen.")
        return redirect(request.path)
    context = {
        "organisation": Organisation.objects.get(pk=shown.pk),
        "form": form,
        "locations": shown.locations.all(),
        "regions": shown.provider_regions.on().select_related("region"),
        "may_edit_locations": may_edit and shown.pk == request.actor.organisation_id,
    }
    return render(request, "providers/organisation.html", context)


def _organisation_or_404(request: Request, pk: int | None) -> Organisation:
    own = request.actor.organisation
    if pk is None or (own and pk == own.pk):
        if own is None:
            raise Http404
        return Organisation.objects.get(pk=own.pk)
    if not request.actor.has(Role.PORTAL_ADMIN):
        raise Http404
    return get_object_or_404(Organisation, pk=pk)


@roles_required(Role.PORTAL_ADMIN)
def organisations(request: Request) -> HttpResponse:
    """All organisations with their registration; no content."""
    query = request.GET.get("q", "").replace("\x00", "").strip()
    found = Organisation.objects.order_by("kind", "name", "pk")
    if query:
        found = found.filter(name__icontains=query)
    return render(request, "providers/organisations.html", {"organisations": found[:200], "query": query})


@roles_required(Role.QUALITY_OFFICER, Role.DIRECTOR)
def location_edit(request: Request, pk: int | None = None) -> HttpResponse:
    """Add a location or team to the own organisation, or change one."""
    own = request.actor.own
    location = get_object_or_404(own.locations, pk=pk) if pk else Location(organisation=own)
    form = LocationForm(request.POST or None, instance=location)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"{location} is opgeslagen.")
        return redirect("organisation")
    return render(request, "providers/location.html", {"form": form, "is_new": pk is None})
