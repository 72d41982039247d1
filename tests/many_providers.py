"""A country full of providers with what the worklist shows of them, written in one go: to measure with."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from assessments.models import RiskSignal, Standing
from assessments.worklist_rules import rules
from providers.models import Organisation, ProviderRegion, Region

_serial = count(1)
FIRST = date(2020, 1, 1)


def seed(number: int, *, signals: int = 4) -> list[Organisation]:
    """So many providers, each with some signals of one to three grounds; many share a date or a number."""
    codes = rules().signals
    region = Region.objects.get_or_create(code="5518", defaults={"name": "Haaglanden"})[0]
    serials = [next(_serial) for _ in range(number)]
    providers = Organisation.objects.bulk_create(
        Organisation(
            kind=Organisation.Kind.PROVIDER,
            name=f"Zorg {serial % 977:04} aan Huis",
            kvk=f"8{serial:07}",
            agb=f"8{serial:07}",
            place="Delft",
        )
        for serial in serials
    )
    rows = list(zip(serials, providers, strict=True))
    ProviderRegion.objects.bulk_create(
        ProviderRegion(provider=provider, region=region, valid_from=FIRST) for _, provider in rows
    )
    Standing.objects.bulk_create(
        Standing(
            organisation=provider,
            last_visit_on=FIRST + timedelta(days=serial * 7 % 500) if serial % 3 else date.min,
            handed_in_on=FIRST + timedelta(days=serial * 11 % 500) if serial % 4 else date.min,
            clients=serial * 13 % 90 if serial % 5 else -1,
            refreshed_at=timezone.now(),
            outdated=False,
        )
        for serial, provider in rows
    )
    RiskSignal.objects.bulk_create(
        RiskSignal(
            organisation=provider,
            code=codes[(serial + place) % len(codes)],
            grounds=[
                {"text": f"W{ground}: voldoet grotendeels niet", "url": f"/zelfevaluaties/{serial}/"}
                for ground in range(1, 2 + (serial + place) % 3)
            ],
        )
        for serial, provider in rows
        for place in range(signals)
    )
    return providers
