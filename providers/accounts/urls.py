"""Only the views of django-allauth that we use, under its own names."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import path, re_path, reverse_lazy

from providers.accounts import views

# Leaving is a form, never a link that somebody else can make one follow.
logout = account.LogoutView.as_view(http_method_names=["post"])
remove_passkey = webauthn.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))

urlpatterns = [
    path("inloggen/", views.SignInView.as_view(), name="account_login"),
    path("inloggen/passkey/", views.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("inloggen/tweede-stap/", mfa.authenticate, name="mfa_authenticate"),
    path(
        "inloggen/adres-bevestigen/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("inloggen/via/<slug:provider_id>/", openid_connect.login, name="openid_connect_login"),
    path("inloggen/via/<slug:provider_id>/terug/", openid_connect.callback, name="openid_connect_callback"),
    path("uitloggen/", logout, name="account_logout"),
    path("wachtwoord/vergeten/", account.password_reset, name="account_reset_password"),
    path("wachtwoord/vergeten/verstuurd/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "wachtwoord/nieuw/klaar/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/", views.account, name="account"),
    path("account/e-mail/", account.email, name="account_email"),
    re_path(
        r"^account/e-mail/bevestigen/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"
    ),
    path("account/wachtwoord/", account.password_change, name="account_change_password"),
    path("account/wachtwoord/instellen/", account.password_set, name="account_set_password"),
    path("account/bevestigen/", account.reauthenticate, name="account_reauthenticate"),
    path("account/bevestigen/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/bevestigen/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/tweede-stap/", views.FactorsView.as_view(), name="mfa_index"),
    path("account/tweede-stap/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/tweede-stap/app/verwijderen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/tweede-stap/herstelcodes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/tweede-stap/herstelcodes/nieuw/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("account/tweede-stap/passkey/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/tweede-stap/passkey/<int:pk>/verwijderen/", remove_passkey, name="mfa_remove_webauthn"),
    path("account/sessies/", views.SessionsView.as_view(), name="usersessions_list"),
    path("account/sessies/<int:pk>/", views.session_end, name="session_end"),
    path("account/mail/", views.digest, name="account_digest"),
    path("account/sessie/", views.session, name="session"),
]
