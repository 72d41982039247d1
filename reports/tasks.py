"""What workers do for reports. Each task may run twice."""

from celery import shared_task

from norms.models import FrameworkVersion
from reports import blank_list, own_documents, services
from reports.models import OwnDocument


@shared_task
def render_report(request_id: int) -> bool:
    """Make the file of a request, unless that is done or being done. True when this run made it."""
    return services.render(request_id)


@shared_task
def make_own_document(document_id: int) -> bool:
    """Make a provider's document, unless that is done or being done. True when this run made it."""
    return own_documents.make(document_id)


@shared_task
def make_blank_list(edition_id: int) -> bool:
    """Make the PDF of an edition's questions unless it is there. True when this run made it."""
    return blank_list.make_pdf(FrameworkVersion.objects.select_related("framework").get(pk=edition_id))


@shared_task
def requeue_stale() -> int:
    """Queue again what was lost between the database and the workers. Returns how many."""
    return services.requeue_stale() + services.requeue_stale(OwnDocument, own_documents.queue)
