"""Who may do what with reports. Which ones somebody sees is ReportRequest.objects.visible_to."""

from assessments.permissions import INSPECTION, PROVIDER_EDITORS
from providers.actor import Actor


def can_retry(actor: Actor) -> bool:
    """The inspectorate has its reports made."""
    return actor.has(*INSPECTION)


def sees_unpublished(actor: Actor) -> bool:
    """Whether there can be reports for this actor beside the public ones."""
    return actor.has(*INSPECTION, *PROVIDER_EDITORS)
