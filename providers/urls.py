from datetime import date

from django.urls import path, register_converter

from providers import views
from providers.views import (
    applications,
    audit,
    colleagues,
    imports,
    invitations,
    mailbox,
    organisations,
    profile,
    retention,
)


class Day:
    """A date as 2026-12-31; anything else is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    to_python = staticmethod(date.fromisoformat)
    to_url = staticmethod(str)


register_converter(Day, "day")

urlpatterns = [
    path("wisselen/", views.switch_membership, name="switch_membership"),
    path("organisatie/", organisations.organisation, name="organisation"),
    path("organisatie/locaties/nieuw/", organisations.location_edit, name="location_new"),
    path("organisatie/locaties/<int:pk>/", organisations.location_edit, name="location_edit"),
    path("organisatie/profiel/", profile.profile, name="profile"),
    path("organisatie/profiel/telling/", profile.tally_edit, name="tally_new"),
    path("organisatie/profiel/telling/<day:day>/", profile.tally_edit, name="tally_edit"),
    path("organisaties/<int:pk>/profiel/", profile.profile_of, name="profile_of"),
    path("organisatie/collegas/", colleagues.colleagues, name="colleagues"),
    path("organisaties/", organisations.organisations, name="organisations"),
    path("organisaties/importeren/", imports.providers_import, name="providers_import"),
    path("organisaties/importeren/<int:pk>/", imports.providers_preview, name="providers_preview"),
    path(
        "organisaties/importeren/voorbeeld.<slug:form>", imports.providers_example, name="providers_example"
    ),
    path("contracten/", imports.contracts, name="contracts"),
    path("contracten/importeren/", imports.contracts_import, name="contracts_import"),
    path("contracten/importeren/<int:pk>/", imports.contracts_preview, name="contracts_preview"),
    path("contracten/importeren/voorbeeld.<slug:form>", imports.contracts_example, name="contracts_example"),
    path("organisaties/<int:pk>/", organisations.organisation, name="organisation_detail"),
    path("organisaties/<int:pk>/collegas/", colleagues.colleagues, name="organisation_colleagues"),
    path("organisaties/<int:pk>/collegas/uitnodigen/", colleagues.invite, name="invite"),
    path("organisaties/<int:pk>/collegas/<int:user_pk>/", colleagues.colleague, name="colleague"),
    path("organisaties/<int:pk>/collegas/<int:user_pk>/vertrek/", colleagues.leave, name="colleague_leave"),
    path(
        "organisaties/<int:pk>/collegas/<int:user_pk>/tweede-stap/",
        colleagues.take_factor,
        name="colleague_factor",
    ),
    path(
        "organisaties/<int:pk>/uitnodigingen/<int:invitation_pk>/opnieuw/",
        colleagues.invitation_again,
        name="invitation_again",
    ),
    path(
        "organisaties/<int:pk>/uitnodigingen/<int:invitation_pk>/intrekken/",
        colleagues.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("uitnodiging/<str:token>/", invitations.invitation, name="invitation"),
    path("aanmelden/", applications.apply, name="apply"),
    path("aanmelden/ontvangen/", applications.application_sent, name="application_sent"),
    path("aanmeldingen/", applications.applications, name="applications"),
    path("aanmeldingen/<int:pk>/", applications.application, name="application"),
    path("aanmeldingen/<int:pk>/toelaten/", applications.application_admit, name="application_admit"),
    path("organisaties/<int:pk>/bewaarplicht/", retention.hold_place, name="hold_place"),
    path("bewaren/", retention.retention_page, name="retention"),
    path("bewaren/<int:pk>/beeindigen/", retention.hold_lift, name="hold_lift"),
    path("logboek/", audit.audit_log, name="audit_log"),
    path("logboek/downloaden/", audit.audit_export, name="audit_export"),
    path("postvak/", mailbox.mailbox, name="mailbox"),
    path("postvak/<uuid:pk>/", mailbox.mailbox_mail, name="mailbox_mail"),
    path("postvak/<uuid:pk>/html/", mailbox.mailbox_html, name="mailbox_html"),
]
