"""What django-allauth asks of the portal: its words in Dutch, its mails in our outbox, its rules."""

import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.safestring import mark_safe

from providers import mail
from providers.accounts import refusals, sign_on
from providers.models import User
from wlzthuis import origin

MISMATCH = "Dit e-mailadres en wachtwoord horen niet bij elkaar. Probeer het opnieuw."
TOO_MANY = "U heeft het te vaak geprobeerd. Wacht een kwartier en probeer het dan opnieuw."
WRONG_CODE = "Deze code klopt niet. Kijk of u de nieuwste code heeft en probeer het opnieuw."

# What people read after something was done. What is not here needs no word: the page shows it.
SENTENCES = {
    "account/messages/email_confirmed.txt": "Uw e-mailadres is bevestigd.",
    "account/messages/email_confirmation_sent.txt": "Kijk in uw e-mail en klik op de link.",
    "account/messages/password_changed.txt": "Uw wachtwoord is gewijzigd.",
    "account/messages/password_set.txt": "Uw wachtwoord is gewijzigd.",
    "account/messages/email_deleted.txt": "De wijziging van uw e-mailadres is geannuleerd.",
    "mfa/messages/totp_activated.txt": "De app is uw tweede stap.",
    "mfa/messages/totp_deactivated.txt": "De app is verwijderd.",
    "mfa/messages/webauthn_added.txt": "De passkey is toegevoegd.",
    "mfa/messages/webauthn_removed.txt": "De passkey is verwijderd.",
    "usersessions/messages/sessions_logged_out.txt": "U bent op alle andere apparaten uitgelogd.",
}

# Mails that tell what changed, so that who did not do it can act.
NOTICES = {
    "account/email/password_changed": "Het wachtwoord van uw account is gewijzigd.",
    "account/email/password_reset": "Het wachtwoord van uw account is gewijzigd.",
    "account/email/password_set": "Er is een wachtwoord ingesteld voor uw account.",
    "account/email/email_changed": "Het e-mailadres van uw account is gewijzigd.",
    "account/email/email_confirm": "Het e-mailadres van uw account is bevestigd.",
    "account/email/email_deleted": "Een wijziging van uw e-mailadres is geannuleerd.",
    "mfa/email/totp_activated": "Er is een app ingesteld als tweede stap bij het inloggen.",
    "mfa/email/totp_deactivated": "De app is verwijderd als tweede stap bij het inloggen.",
    "mfa/email/webauthn_added": "Er is een passkey toegevoegd aan uw account.",
    "mfa/email/webauthn_removed": "Er is een passkey verwijderd uit uw account.",
    "mfa/email/recovery_codes_generated": "Er zijn nieuwe herstelcodes gemaakt voor uw account.",
    "socialaccount/email/account_connected": "Uw account is gekoppeld aan een ander inlogmiddel.",
}


def display_name(user: User) -> str:
    return user.name


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": MISMATCH,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "enter_current_password": "Dit is niet uw huidige wachtwoord. Probeer het opnieuw.",
        "incorrect_password": "Dit wachtwoord klopt niet. Probeer het opnieuw.",
        "duplicate_email": "Dit is al uw e-mailadres. Vul een ander adres in.",
        "invalid_password_reset": "Deze link werkt niet meer. Vraag een nieuwe aan.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by invitation only."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """As our own proxies saw it; a socket has none."""
        return origin.client_address(request) or "0.0.0.0"  # noqa: S104 (no address to listen on)

    # --- how one signs in

    def get_login_stages(self) -> list[str]:
        own = {"allauth.mfa.stages.AuthenticateStage": "providers.accounts.second_factor.SecondStep"}
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        # Tried last and given back with the others: see ACCOUNT_RATE_LIMITS.
        email = credentials.get("email", "").lower()
        account = ratelimit.consume(request, app="allauth.account", action="login_failed_account", key=email)
        if account is None:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage += account.usage

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        refusals.note(request, User.objects.filter(email=credentials.get("email", "").lower()).first())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Per account and address: who guesses elsewhere does not lock the person out."""
        return f"{credentials.get('email', '').lower()} {self.get_client_ip(request)}"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in just now need not do so again.

        Unless she did elsewhere: that lets her act for one organisation, and the account reaches further.
        """
        request = context.request
        records = get_authentication_records(request, request.user)
        own = [record["at"] for record in records if record["method"] != "socialaccount"]
        return not any(time.time() - at < REAUTHENTICATION_TIMEOUT for at in own)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        refusals.note(request, user)
        messages.error(request, "Met dit account kunt u niet meer inloggen. Vraag uw bestuurder om hulp.")
        return redirect("account_login")

    # --- where one goes after it

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account" if self.request.user.is_authenticated else "account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    # --- what it says

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        text = message or SENTENCES.get(message_template or "")
        if text:
            messages.add_message(request, messages.SUCCESS if level == messages.INFO else level, text)

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Into the outbox. The address of the portal is ours, whatever the request calls it."""
        if template_prefix == "account/email/password_reset_key":
            mail.post("password_reset", email, {"link": context["password_reset_url"]})
        elif template_prefix.startswith("account/email/email_confirmation"):
            mail.post("email_confirmation", email, {"link": context["activate_url"]})
        elif sentence := NOTICES.get(template_prefix):
            link = settings.PUBLIC_URL + reverse("account")
            mail.post(
                "account_notice", email, {"sentence": sentence, "link": link, "at": context["timestamp"]}
            )

    def get_reset_password_from_key_url(self, key: str) -> str:
        uidb36, _, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": secret})
        return settings.PUBLIC_URL + path

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return settings.PUBLIC_URL + reverse("account_confirm_email", args=[emailconfirmation.key])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def build_totp_svg(self, url: str) -> str:
        """To stand in a page: without the head of a file."""
        svg = super().build_totp_svg(url)
        return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 (made by the library, of one address)

    def encrypt(self, text: str) -> str:
        """So that who reads the database, or a copy of it, cannot make codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


class SignOnAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Once the other side has said who it is: may this person come in, and as whom?"""
        if request.user.is_authenticated:
            AccountAdapter(request).logout(request)
        try:
            sign_on.admit(request, sociallogin)
        except sign_on.Refused as refusal:
            refusals.note(request, refusal.user)
            raise _sent_back(request, str(refusal)) from refusal

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        sign_on.logger.warning("Sign-on at %s failed: %s", provider, exception or error)
        refusals.note(request, None)
        raise _sent_back(request, "Het inloggen is niet gelukt. Probeer het opnieuw.")


def _sent_back(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
    messages.error(request, sentence)
    return ImmediateHttpResponse(redirect(resolve_url(settings.LOGIN_URL)))


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(b"second factor " + force_bytes(secret)).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
