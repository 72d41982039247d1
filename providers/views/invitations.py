"""Taking an invitation: the page behind the link in the mail."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from providers import invitations
from providers.actor import SESSION_KEY
from providers.errors import Refused
from providers.forms.colleagues import NewAccountForm
from providers.http import Request
from providers.models import Invitation, Role, User


@never_cache
def invitation(request: Request, token: str) -> HttpResponse:
    """Says who invites to what. A new person makes an account here; who has one signs in first."""
    found = invitations.find(token)
    if found is None or not found.is_open:
        return render(request, "providers/invitations/closed.html", {"invitation": found}, status=404)
    if request.actor.user:
        return _accept(request, token, found, request.actor.user)
    if invitations.person_of(found):
        return render(request, "providers/invitations/sign_in.html", _context(found))
    return _make_account(request, token, found)


def _make_account(request: Request, token: str, found: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None, invitation=found)
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept_as_new(
                token, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("invitation", token)
        perform_password_login(request, {"email": user.email}, Login(user=user))
        return _begin(request, found)
    return render(request, "providers/invitations/new.html", {**_context(found), "form": form})


def _accept(request: Request, token: str, found: Invitation, user: User) -> HttpResponse:
    fits = user.email == found.email
    if request.method == "POST":
        if not fits:
            raise PermissionDenied
        try:
            invitations.accept(token, user=user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("invitation", token)
        return _begin(request, found)
    return render(request, "providers/invitations/accept.html", {**_context(found), "fits": fits})


def _begin(request: Request, found: Invitation) -> HttpResponse:
    request.session[SESSION_KEY] = found.organisation_id
    messages.success(request, f"Welkom. U werkt nu voor {found.organisation}.")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _context(found: Invitation) -> dict[str, object]:
    return {"invitation": found, "roles": [Role(role).label for role in found.roles]}
