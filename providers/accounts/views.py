"""The pages about one's own account that django-allauth does not have."""

from typing import Any

from allauth.account.mixins import NextRedirectMixin
from allauth.account.models import EmailAddress, Login
from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from providers import audit
from providers.accounts import second_factor
from providers.accounts.devices import device_name
from providers.accounts.middleware import last_used, renew, seconds_left
from providers.actor import held_by
from providers.http import Request
from providers.models import Organisation, Role


class SignInView(LoginView):
    """Password, passkey, or elsewhere: each where it is set up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sign_ons = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        return super().get_context_data(sign_ons=sign_ons, **kwargs)


@login_required
def account(request: Request) -> HttpResponse:
    """One's own account at a glance: address, password, second factor, sessions and roles."""
    user = request.actor.person
    roles: dict[Organisation, list[str]] = {}
    for organisation, role in held_by(user):
        roles.setdefault(organisation, []).append(str(Role(role).label))
    factors = Authenticator.objects.filter(user=user, type__in=second_factor.FACTORS)
    context = {
        "roles": roles,
        "factors": factors,
        "factor_is_compulsory": second_factor.is_compulsory_for(user),
        "new_address": EmailAddress.objects.get_new(user),
        "session_count": len(UserSession.objects.purge_and_list(user)),
    }
    return render(request, "account/account.html", context)


@login_required
def session(request: Request) -> HttpResponse:
    """How long the session lasts; a POST keeps it alive."""
    if request.method == "POST":
        renew(request)
    return JsonResponse({"seconds_left": seconds_left(request)})


@login_required
@require_POST
def digest(request: Request) -> HttpResponse:
    """Have the daily mail, or not."""
    user = request.actor.person
    user.wants_digest = "on" in request.POST
    user.save(update_fields=["wants_digest"])
    messages.success(
        request,
        "U krijgt weer mail over uw werk." if user.wants_digest else "U krijgt geen mail meer over uw werk.",
    )
    return redirect(f"{reverse('account')}#mail")


class FactorsView(IndexView):
    """One's second factors."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_compulsory = second_factor.is_compulsory_for(self.request.user)
        return super().get_context_data(factor_is_compulsory=is_compulsory, **kwargs)


class SessionsView(ListUserSessionsView):
    """Where one is signed in; a POST signs out everywhere else."""

    template_name = "usersessions/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device, session.last_seen_at = device_name(session.user_agent), last_used(session)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        audit.record("sessions_ended", by=self.request.actor)
        return super().form_valid(form)


@login_required
@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    """Sign out one of one's own sessions."""
    found = get_object_or_404(UserSession, pk=pk, user=request.actor.person)
    audit.record("sessions_ended", by=request.actor)
    end_sessions(request, [found])
    messages.success(request, "Dat apparaat is uitgelogd.")
    return redirect("usersessions_list")


class PasskeySignInView(NextRedirectMixin, LoginWebAuthnView):
    """Signing in with a passkey alone, to the page that was asked for."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=self.get_next_url())
        return perform_passwordless_login(self.request, authenticator, login)
