"""Opening evidence."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404

from assessments.models import EvidenceRevision
from providers.http import Request


@login_required
def evidence(request: Request, pk: int) -> FileResponse:
    """The file, always as a download: what others uploaded is never shown inside the portal."""
    file = get_object_or_404(EvidenceRevision.objects.visible_to(request.actor), pk=pk)
    response = FileResponse(
        file.file.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
    )
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
