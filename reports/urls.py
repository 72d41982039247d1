from django.urls import path, register_converter

from reports import blank_views, views


class Version:
    """The number of a version, such as 0.1; anything else is no address and never reaches the database."""

    regex = r"[0-9]+\.[0-9]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Version, "version")
app_name = "reports"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("vragenlijst/<slug:code>/<slug:edition>/<slug:form>/", blank_views.blank, name="blank"),
    path("<slug:number>/<version:version>/", views.detail, name="detail"),
    path("<slug:number>/<version:version>/bestand/", views.status, name="status"),
    path("<slug:number>/<version:version>/pdf/", views.download, name="download"),
    path("<slug:number>/<version:version>/opnieuw/", views.retry, name="retry"),
]
