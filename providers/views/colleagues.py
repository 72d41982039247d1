"""The people of an organisation: who they are, inviting, their roles, and leaving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from providers import colleagues as people
from providers import invitations, leaving
from providers.accounts import recovery, second_factor
from providers.errors import Refused
from providers.forms.colleagues import FactorForm, InvitationForm, LeaveForm, RolesForm
from providers.http import Request
from providers.models import Organisation, Role
from providers.permissions import can_manage_people


def _managed_or_404(request: Request, pk: int | None) -> Organisation:
    """The own organisation, or any for the portal's administrator. Who may not manage it gets 403."""
    actor = request.actor
    if pk is None or pk == actor.organisation_id:
        organisation = actor.own
    elif actor.has(Role.PORTAL_ADMIN):
        organisation = get_object_or_404(Organisation, pk=pk)
    else:
        raise Http404
    if not can_manage_people(actor, organisation):
        raise PermissionDenied
    return organisation


def _back(request: Request, organisation: Organisation) -> HttpResponse:
    if organisation.pk == request.actor.organisation_id:
        return redirect("colleagues")
    return redirect("organisation_colleagues", organisation.pk)


@login_required
def colleagues(request: Request, pk: int | None = None) -> HttpResponse:
    """Everybody with a role here, and the invitations that wait."""
    organisation = _managed_or_404(request, pk)
    waiting = organisation.invitations.filter(accepted_at=None, withdrawn_at=None)
    context = {
        "organisation": organisation,
        "colleagues": people.colleagues(organisation),
        "invitations": [
            (row, ", ".join(Role(role).label for role in row.roles))
            for row in waiting.select_related("invited_by")
        ],
    }
    return render(request, "providers/colleagues/list.html", context)


@login_required
def invite(request: Request, pk: int) -> HttpResponse:
    organisation = _managed_or_404(request, pk)
    form = InvitationForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(organisation, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"{invitation.name} krijgt een mail met een persoonlijke link.")
            return _back(request, organisation)
    context = {"organisation": organisation, "form": form}
    return render(request, "providers/colleagues/invite.html", context)


@login_required
@require_POST
def invitation_again(request: Request, pk: int, invitation_pk: int) -> HttpResponse:
    """Send an invitation that waits once more, with a new link."""
    organisation = _managed_or_404(request, pk)
    get_object_or_404(organisation.invitations, pk=invitation_pk)
    try:
        row = invitations.send_again(invitation_pk, by=request.actor)
        messages.success(request, f"{row.name} krijgt een mail met een nieuwe link.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(request, organisation)


@login_required
@require_POST
def invitation_withdraw(request: Request, pk: int, invitation_pk: int) -> HttpResponse:
    organisation = _managed_or_404(request, pk)
    get_object_or_404(organisation.invitations, pk=invitation_pk)
    try:
        row = invitations.withdraw(invitation_pk, by=request.actor)
        messages.success(request, f"De uitnodiging van {row.name} is ingetrokken. De link werkt niet meer.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(request, organisation)


@login_required
def colleague(request: Request, pk: int, user_pk: int) -> HttpResponse:
    """The roles of one person."""
    organisation = _managed_or_404(request, pk)
    shown = people.colleague(organisation, user_pk)
    if shown is None:
        raise Http404
    form = RolesForm(request.POST or None, organisation=organisation, colleague=shown)
    if request.method == "POST" and form.is_valid():
        try:
            people.set_roles(
                organisation, shown.user, form.wanted(), seen=form.cleaned_data["seen"], by=request.actor
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"De rollen van {shown.user} zijn opgeslagen.")
            return _back(request, organisation)
    context = {
        "organisation": organisation,
        "colleague": shown,
        "form": form,
        "can_take_factor": recovery.can_take_factor(request.actor, shown.user)
        and second_factor.has_factor(shown.user),
    }
    return render(request, "providers/colleagues/colleague.html", context)


@login_required
def leave(request: Request, pk: int, user_pk: int) -> HttpResponse:
    """Let a colleague go; her open work goes to another."""
    organisation = _managed_or_404(request, pk)
    shown = people.colleague(organisation, user_pk)
    if shown is None:
        raise Http404
    open_work = leaving.open_work(shown.user, organisation)
    others = [other.user for other in people.colleagues(organisation) if other.user != shown.user]
    form = LeaveForm(request.POST or None, others=others, open_work=bool(open_work))
    if request.method == "POST" and form.is_valid():
        try:
            heir = form.cleaned_data.get("heir")
            people.leave(organisation, shown.user, last_day=form.last(), heir=heir, by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            last = form.last()
            until = f"tot en met {date_format(last, 'j F Y')}" if last else "vanaf nu niet meer"
            messages.success(request, f"{shown.user} kan {until} voor {organisation} werken.")
            return _back(request, organisation)
    context = {"organisation": organisation, "colleague": shown, "form": form, "open_work": open_work}
    return render(request, "providers/colleagues/leave.html", context)


@login_required
def take_factor(request: Request, pk: int, user_pk: int) -> HttpResponse:
    """Take away the second step of who lost it."""
    organisation = _managed_or_404(request, pk)
    shown = people.colleague(organisation, user_pk)
    if shown is None:
        raise Http404
    if not recovery.can_take_factor(request.actor, shown.user):
        raise PermissionDenied
    form = FactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recovery.take_factor(shown.user, organisation, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"De tweede stap van {shown.user} is weg. De collega krijgt een mail.")
            return _back(request, organisation)
    context = {"organisation": organisation, "colleague": shown, "form": form}
    return render(request, "providers/colleagues/factor.html", context)
