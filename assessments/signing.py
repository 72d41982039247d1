"""What the board declares when it signs, in the words that readers see too."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.errors import NotReady
from assessments.models import Revision
from assessments.permissions import can_adopt
from assessments.workflow import REVISION
from providers.actor import Actor

PICTURE = "Dit beeld klopt met wat ik weet van onze zorg."
GOVERNANCE = "Wij werken met de Governancecode Zorg die nu geldt: die van {year}."
GOVERNANCE_NOT_YET = "Wij werken nog niet met de Governancecode Zorg die nu geldt. Wat wij gaan doen: {plan}"


@transaction.atomic
def sign(revision_id: int, code_year: int | None, plan: str = "", *, by: Actor) -> Revision:
    """Declare and hand in. Without a year the board does not work with the code yet; then its plan is needed.

    Raises NotReady without either, and what the step raises (see Machine.perform).
    """
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_adopt(by, revision):
        raise PermissionDenied
    if code_year is None and not plan:
        raise NotReady("Schrijf wat u gaat doen om met de Governancecode Zorg te werken.")
    if revision.status == Revision.Status.TO_ADOPT:
        governance = (
            GOVERNANCE_NOT_YET.format(plan=plan) if code_year is None else GOVERNANCE.format(year=code_year)
        )
        revision.declarations = [PICTURE, governance]
        revision.save(update_fields=["declarations"])
    signed: Revision = REVISION.perform(revision_id, "submit", by=by)
    return signed
