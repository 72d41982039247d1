"""What is kept how long, what was removed, and for whom everything is kept."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from providers import retention
from providers.errors import Refused
from providers.forms.retention import HoldForm
from providers.http import Request
from providers.models import LegalHold, Organisation, Removal, Role
from providers.permissions import roles_required

SHOWN = 50


@roles_required(Role.PORTAL_ADMIN)
@require_safe
def retention_page(request: Request) -> HttpResponse:
    """Terms, holds and the last removals."""
    labels = {rule.kind: rule.label for rule in retention.RULES}
    removals = [(row, labels.get(row.kind, row.kind)) for row in Removal.objects.all()[:SHOWN]]
    holds = LegalHold.objects.filter(lifted_at=None).select_related("organisation", "placed_by")
    context = {"rules": retention.RULES, "removals": removals, "holds": holds}
    return render(request, "providers/retention/overview.html", context)


@roles_required(Role.PORTAL_ADMIN)
def hold_place(request: Request, pk: int) -> HttpResponse:
    """Say why everything of an organisation has to be kept."""
    organisation = get_object_or_404(Organisation, pk=pk)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            retention.place_hold(organisation, form.cleaned_data["reason"], by=request.actor)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, f"Van {organisation} blijft alles bewaard.")
            return redirect("retention")
    return render(request, "providers/retention/hold.html", {"organisation": organisation, "form": form})


@roles_required(Role.PORTAL_ADMIN)
@require_POST
def hold_lift(request: Request, pk: int) -> HttpResponse:
    """End a hold: the terms count again."""
    hold = get_object_or_404(LegalHold.objects.select_related("organisation"), pk=pk)
    try:
        retention.lift_hold(hold.pk, by=request.actor)
    except Refused as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, f"De bewaarplicht voor {hold.organisation} is beëindigd.")
    return redirect("retention")
