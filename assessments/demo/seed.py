"""All of the demo: organisations, people, accounts and visits."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.demo import life
from assessments.demo.accounts import Cast, seed_accounts, seed_receipts
from assessments.demo.after import seed_after
from assessments.demo.campaigns import seed_campaigns
from assessments.demo.quality import Quality
from assessments.demo.story import Inspectors
from assessments.demo.visits import seed_visits
from assessments.demo.worklist import seed_worklist
from assessments.models import Answer, Revision, Visit
from norms import loading
from norms.models import FrameworkVersion
from providers.actor import actor_for
from providers.demo import INSPECTORATE, seed_organisations
from providers.models import Membership, Organisation, RegionHolder, Role, User

_LOCK = 7_140_002
FILLED_IN = ("igj-wlz-thuis", "addendum-wlz-thuis")
CHUNK = 100  # providers at a time, so that memory does not grow with their number


@dataclass(frozen=True)
class Result:
    """What the demo holds after seeding."""

    providers: int
    revisions: int
    answers: int
    visits: int


def filled_in() -> QuerySet[FrameworkVersion]:
    """The editions that providers of the demo answer: those for which it has words."""
    return FrameworkVersion.objects.for_self_assessment().filter(framework__code__in=FILLED_IN)


@transaction.atomic
def seed_demo(*, providers: int, years: int, seed: int, tell: Callable[[str], None]) -> Result:
    """Make what is missing of the demo; whatever is there, also what people changed since, stays."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not FrameworkVersion.objects.exists():
        loading.load()
    organisations = seed_organisations(providers, seed)
    cast = _cast(organisations, seed)
    editions = list(filled_in())
    today = timezone.localdate()
    for start in range(0, len(cast), CHUNK):
        part = cast[start : start + CHUNK]
        readers = _readers([member.organisation for member in part])
        for year in range(today.year - years + 1, today.year + 1):
            new = seed_accounts(part, year, today, editions, seed, life.talk)
            seed_receipts(new, readers, seed)
            life.live(part, new, today)
        for member in part[: max(0, life.LIVELY - start)]:
            life.describe(member, today)
        tell(f"{start + len(part)} aanbieders")
    norm = next(edition for edition in editions if edition.framework.code == "igj-wlz-thuis")
    inspectors = _inspectors()
    seed_visits(cast, inspectors, norm, today, seed)
    seed_campaigns(norm, today)
    seed_after(cast, inspectors, today)
    seed_worklist(cast, inspectors, today, seed)
    return Result(
        providers=Organisation.objects.providers().count(),
        revisions=Revision.objects.count(),
        answers=Answer.objects.count(),
        visits=Visit.objects.count(),
    )


def _cast(organisations: list[Organisation], seed: int) -> list[Cast]:
    """Providers with their first quality officer and director."""
    people: dict[tuple[int, str], User] = {}
    memberships = Membership.objects.filter(organisation__in=organisations).select_related("user")
    for membership in memberships.order_by("-pk"):
        people[membership.organisation_id, membership.role] = membership.user
    places: dict[int, list] = {}
    for organisation in Organisation.objects.filter(
        pk__in=[row.pk for row in organisations]
    ).prefetch_related("locations"):
        places[organisation.pk] = list(organisation.locations.all())
    return [
        Cast(
            index=index,
            organisation=organisation,
            officer=people[organisation.pk, Role.QUALITY_OFFICER],
            director=people[organisation.pk, Role.DIRECTOR],
            locations=places[organisation.pk],
            quality=Quality(seed, organisation.kvk),
        )
        for index, organisation in enumerate(organisations)
    ]


def _readers(organisations: list[Organisation]) -> dict[int, list[Organisation]]:
    """Per provider who may open its accounts: the inspectorate and the care offices of its regions."""
    inspectorate = Organisation.objects.get(kind=Organisation.Kind.INSPECTORATE, name=INSPECTORATE)
    readers = {organisation.pk: [inspectorate] for organisation in organisations}
    holders = RegionHolder.objects.on().filter(region__provider_regions__provider__in=organisations)
    pairs = holders.select_related("care_office").values_list(
        "region__provider_regions__provider", "care_office"
    )
    offices = Organisation.objects.in_bulk({office for _, office in pairs})
    for provider, office in pairs:
        readers.get(provider, []).append(offices[office])
    return readers


def _inspectors() -> Inspectors:
    members = Membership.objects.filter(organisation__name=INSPECTORATE).select_related("user").order_by("pk")
    team = [actor_for(row.user) for row in members if row.role == Role.INSPECTOR]
    coordinator = next(row.user for row in members if row.role == Role.COORDINATING_INSPECTOR)
    return Inspectors(team, actor_for(coordinator))
