from django.urls import include, path, register_converter

from reports import blank_views, own_views, views


class Version:
    """The number of a version, such as 0.1; anything else is no address and never reaches the database."""

    regex = r"[0-9]+\.[0-9]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Version, "version")
app_name = "reports"

# Of the self-assessments themselves; named with the rest of what becomes a file.
documents = [
    path("zelfevaluaties/<int:pk>/documenten/", own_views.documents, name="documents"),
    path("zelfevaluaties/<int:pk>/documenten/nu/<slug:form>/", own_views.document_now, name="document_now"),
    path(
        "zelfevaluaties/<int:pk>/documenten/<slug:kind>/maken/", own_views.document_ask, name="document_ask"
    ),
    path(
        "zelfevaluaties/<int:pk>/documenten/<slug:kind>/",
        own_views.document_download,
        name="document_download",
    ),
    path(
        "verantwoording/<slug:slug>/<int:year>/versie/<int:number>/pdf/",
        own_views.public_account_pdf,
        name="public_account_pdf",
    ),
]
reports = [
    path("", views.report_list, name="list"),
    path("vragenlijst/<slug:code>/<slug:edition>/<slug:form>/", blank_views.blank, name="blank"),
    path("<slug:number>/<version:version>/", views.detail, name="detail"),
    path("<slug:number>/<version:version>/bestand/", views.status, name="status"),
    path("<slug:number>/<version:version>/pdf/", views.download, name="download"),
    path("<slug:number>/<version:version>/opnieuw/", views.retry, name="retry"),
]
urlpatterns = [*documents, path("rapporten/", include(reports))]
