"""One campaign, of the demo's care office, so that 'Uitvragen' and 'Mijn taken' show what they are for."""

import uuid
from datetime import date, timedelta

from assessments import campaigns
from assessments.models import Campaign
from norms.models import FrameworkVersion
from providers.actor import actor_for
from providers.demo import CARE_OFFICE
from providers.models import Membership, Role

KEY = uuid.uuid5(uuid.NAMESPACE_URL, "urn:thuispeil:demo:campaign")


def seed_campaigns(norm: FrameworkVersion, today: date) -> None:
    """Asks every provider in the care office's regions, once."""
    if Campaign.objects.filter(key=KEY).exists():
        return
    officer = Membership.objects.filter(
        organisation__name=CARE_OFFICE, role=Role.CARE_OFFICE_OFFICER
    ).select_related("user")[0]
    by = actor_for(officer.user)
    new = campaigns.NewCampaign(
        key=KEY,
        title=f"Verantwoording {today.year}",
        reason="Wij bereiden de gesprekken over inkoop voor, met uw zelfevaluatie erbij.",
        year=today.year,
        editions=[norm],
        due_on=today + timedelta(days=45),
    )
    campaigns.send(new, campaigns.askable(by).values_list("pk", flat=True), by=by)
