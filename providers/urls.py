from django.urls import path

from providers import views
from providers.views import audit, mailbox

urlpatterns = [
    path("wisselen/", views.switch_membership, name="switch_membership"),
    path("organisatie/", views.organisation, name="organisation"),
    path("organisatie/locaties/nieuw/", views.location_edit, name="location_new"),
    path("organisatie/locaties/<int:pk>/", views.location_edit, name="location_edit"),
    path("organisaties/", views.organisations, name="organisations"),
    path("organisaties/<int:pk>/", views.organisation, name="organisation_detail"),
    path("logboek/", audit.audit_log, name="audit_log"),
    path("logboek/downloaden/", audit.audit_export, name="audit_export"),
    path("postvak/", mailbox.mailbox, name="mailbox"),
    path("postvak/<uuid:pk>/", mailbox.mailbox_mail, name="mailbox_mail"),
    path("postvak/<uuid:pk>/html/", mailbox.mailbox_html, name="mailbox_html"),
]
