"""An organisation's own data, and the list of all for the portal's administrator."""

from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from providers import audit
from providers.forms.organisations import LocationForm, OrganisationForm
from providers.http import Request
from providers.models import Location, Organisation, Role
from providers.paging import page_after
from providers.permissions import can_edit_organisation, can_manage_people, roles_required

Row = TypeVar("Row", bound=Model)


@login_required
def organisation(request: Request, pk: int | None = None) -> HttpResponse:
    """Data of the own organisation; the portal's administrator may open any."""
    shown = _organisation_or_404(request, pk)
    may_edit = can_edit_organisation(request.actor, shown)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = None
    if may_edit:
        stand = not request.actor.has(Role.PORTAL_ADMIN)
        form = OrganisationForm(request.POST or None, instance=shown, numbers_stand=stand)
    if form and request.method == "POST" and form.is_valid() and form.keep():
        audit.record("organisation_changed", by=request.actor, about=shown.pk, obj=shown)
        messages.success(request, "De gegevens zijn opgeslagen.")
        return redirect(request.path)
    context = {
        "organisation": Organisation.objects.get(pk=shown.pk),
        "form": form,
        "locations": shown.locations.all(),
        "regions": shown.provider_regions.on().select_related("region"),
        "may_edit_locations": may_edit and shown.pk == request.actor.organisation_id,
        "may_manage_people": can_manage_people(request.actor, shown),
    }
    return render(request, "providers/organisation.html", context)


def _organisation_or_404(request: Request, pk: int | None) -> Organisation:
    """The row as it stands now; who changes it holds it until that is done."""
    own = request.actor.organisation_id
    pk = own if pk is None else pk
    if pk is None or (pk != own and not request.actor.has(Role.PORTAL_ADMIN)):
        raise Http404
    return get_object_or_404(_to_change(request, Organisation.objects.all()), pk=pk)


def _to_change(request: Request, rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.select_for_update() if request.method == "POST" else rows


@roles_required(Role.PORTAL_ADMIN)
def organisations(request: Request) -> HttpResponse:
    """All organisations with their registration; no content."""
    query = request.GET.get("q", "").replace("\x00", "").strip()
    found = Organisation.objects.all()
    if query:
        found = found.filter(Q(name__icontains=query) | Q(kvk=query) | Q(agb=query))
    page = page_after(found, request, order=["kind", "name", "pk"])
    return render(request, "providers/organisations.html", {"page": page, "query": query})


@roles_required(Role.QUALITY_OFFICER, Role.DIRECTOR)
def location_edit(request: Request, pk: int | None = None) -> HttpResponse:
    """Add a location or team to the own organisation, or change one."""
    own = request.actor.own
    held = _to_change(request, Location.objects.filter(organisation=own))
    location = get_object_or_404(held, pk=pk) if pk else Location(organisation=own)
    form = LocationForm(request.POST or None, instance=location)
    if request.method == "POST" and form.is_valid() and form.keep():
        audit.record("organisation_changed", by=request.actor, about=own.pk, obj=location)
        messages.success(request, f"{location} is opgeslagen.")
        return redirect("organisation")
    return render(request, "providers/location.html", {"form": form, "is_new": pk is None})
