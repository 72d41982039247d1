"""The blank list of an edition, for everybody."""

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from norms.models import FrameworkVersion
from reports import blank_list, tasks

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASK_AGAIN_SECONDS = 60
LOOK_AGAIN_SECONDS = 4


@require_safe
def blank(request: HttpRequest, code: str, edition: str, form: str) -> HttpResponseBase:
    """The questions of an edition as PDF or XLSX."""
    editions = FrameworkVersion.objects.for_self_assessment().select_related("framework")
    version = get_object_or_404(editions, framework__code=code, edition=edition)
    name = f"vragenlijst-{code}-{edition}.{form}"
    if form == "xlsx":
        response = HttpResponse(blank_list.workbook(version), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    if form != "pdf":
        raise Http404
    path = blank_list.path_of(version)
    if default_storage.exists(path):
        return FileResponse(
            default_storage.open(path), as_attachment=True, filename=name, content_type="application/pdf"
        )
    # One task is enough, however many ask.
    if cache.add(f"blank-list-{path}", 1, ASK_AGAIN_SECONDS):
        transaction.on_commit(lambda: tasks.make_blank_list.delay(version.pk))
    response = render(request, "reports/blank_list/making.html", {"version": version}, status=202)
    response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response
