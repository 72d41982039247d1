"""What the board declares when it signs, in the words that readers see too."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.models import Revision
from assessments.permissions import can_adopt
from assessments.workflow import REVISION
from providers.actor import Actor

PICTURE = "Dit beeld klopt met wat ik weet van onze zorg."
GOVERNANCE = "Wij werken met de Governancecode Zorg die nu geldt: die van {year}."


@transaction.atomic
def sign(revision_id: int, code_year: int, *, by: Actor) -> Revision:
    """Declare and hand in. Raises what the step raises (see Machine.perform)."""
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_adopt(by, revision):
        raise PermissionDenied
    if revision.status == Revision.Status.TO_ADOPT:
        revision.declarations = [PICTURE, GOVERNANCE.format(year=code_year)]
        revision.save(update_fields=["declarations"])
    signed: Revision = REVISION.perform(revision_id, "submit", by=by)
    return signed
