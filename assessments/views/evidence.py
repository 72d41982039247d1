"""Opening evidence."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from assessments.models import EvidenceRevision
from providers import audit
from providers.http import Request
from wlzthuis import downloads


@login_required
def evidence(request: Request, pk: int) -> HttpResponse:
    """On to the file, always as a download: what others uploaded is never shown inside the portal."""
    file = get_object_or_404(EvidenceRevision.objects.visible_to(request.actor), pk=pk)
    audit.record(
        "evidence_opened", by=request.actor, about=file.organisation_id, obj=file, outcome=audit.SEEN
    )
    return downloads.hand_over(file)
