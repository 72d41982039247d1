"""Where each app's addresses begin."""

from django.urls import include, path

urlpatterns = [
    path("", include("wlzthuis.pages_urls")),
    path("", include("providers.accounts.urls")),
    path("", include("providers.urls")),
    path("", include("assessments.urls")),
    path("normen/", include("norms.urls")),
    path("", include("reports.urls")),
]

handler400 = "wlzthuis.pages.bad_request"
handler403 = "wlzthuis.pages.permission_denied"
handler404 = "wlzthuis.pages.page_not_found"
handler500 = "wlzthuis.pages.server_error"
