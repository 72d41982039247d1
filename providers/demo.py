"""Invented organisations and people for a demo. Nothing here exists outside a demo.

Register numbers start with so many zeros that no real organisation has them.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from providers.accounts import addresses
from providers.models import (
    Application,
    Location,
    Membership,
    Organisation,
    ProviderRegion,
    Region,
    RegionHolder,
    Role,
    User,
)
from providers.regions import load_regions, read_regions

PASSWORD = "demo-wlz-2026"  # noqa: S105 - shown to everybody who starts the demo
INSPECTORATE = "Inspectie Gezondheidszorg en Jeugd"
CARE_OFFICE = "Zorgkantoor Haaglanden"
CARE_OFFICE_REGION = "5518"
PORTAL = "Beheer Thuispeil"
FIRST_PROVIDER, OTHER_PROVIDER = "Zorgthuis De Linde", "Andere Zorg Thuis"


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in to the demo with PASSWORD."""

    email: str
    name: str
    role: Role
    organisation: str


ACCOUNTS = [
    Account("kwaliteit@zorgthuis.example", "Saskia Bakker", Role.QUALITY_OFFICER, FIRST_PROVIDER),
    Account("bestuur@zorgthuis.example", "Ruud van Dalen", Role.DIRECTOR, FIRST_PROVIDER),
    Account("kwaliteit@anderezorg.example", "Yasmina El Amrani", Role.QUALITY_OFFICER, OTHER_PROVIDER),
    Account("inspecteur@igj.example", "Marleen Visser", Role.INSPECTOR, INSPECTORATE),
    Account("inspecteur2@igj.example", "Hanneke de Boer", Role.INSPECTOR, INSPECTORATE),
    Account("coordinator@igj.example", "Joost Hendriks", Role.COORDINATING_INSPECTOR, INSPECTORATE),
    Account("medewerker@zorgkantoor.example", "Daniëlle Kuipers", Role.CARE_OFFICE_OFFICER, CARE_OFFICE),
    Account("beheer@portaal.example", "Wim Post", Role.PORTAL_ADMIN, PORTAL),
]
# Colleagues without a password, so that visits have teams and every provider a board.
COLLEAGUES = [
    Account("inspecteur3@igj.example", "Emre Yildiz", Role.INSPECTOR, INSPECTORATE),
    Account("bestuur@anderezorg.example", "Petra Smits", Role.DIRECTOR, OTHER_PROVIDER),
]

DATA = Path(__file__).parent / "data" / "demo.yaml"
EPOCH = date(2019, 1, 1)


@cache
def _words() -> dict[str, Any]:
    return yaml.safe_load(DATA.read_text(encoding="utf-8"))


def dice(*about: object) -> random.Random:
    """Chance that gives the same for the same words, whatever else is made before or after."""
    return random.Random(":".join(map(str, about)))  # noqa: S311 - believable, not secret


def seed_organisations(count: int, seed: int) -> list[Organisation]:
    """The demo's organisations and people; gives its first `count` providers. What is there already stays."""
    load_regions()
    _seed_care_offices()
    for kind, name in ((Organisation.Kind.INSPECTORATE, INSPECTORATE), (Organisation.Kind.PORTAL, PORTAL)):
        Organisation.objects.get_or_create(kind=kind, name=name)
    providers = _seed_providers(count, seed)
    _seed_accounts(providers)
    _seed_boards(providers, seed)
    _seed_application()
    return providers


def _seed_application() -> None:
    """Somebody who waits to be let in, for the portal's administrator."""
    waiting, is_new = Application.objects.get_or_create(
        kvk="00009901",
        agb="00009901",
        defaults={
            "name": "Thuiszorg De Zonnehoek",
            "establishment": "000000009901",
            "place": "Rijswijk",
            "contact_name": "Fatima Haddou",
            "contact_email": "fatima@zonnehoek.example",
            "contact_roles": [Role.DIRECTOR, Role.QUALITY_OFFICER],
        },
    )
    if is_new:
        waiting.regions.set(Region.objects.filter(code=CARE_OFFICE_REGION))


def _seed_care_offices() -> None:
    """One care office per holder of the file; Haaglanden has its own, with the demo's account."""
    held = set(RegionHolder.objects.values_list("region__code", flat=True))
    regions = {region.code: region for region in Region.objects.all()}
    for row in read_regions():
        if row.holder is None or row.code in held:
            continue
        name = CARE_OFFICE if row.code == CARE_OFFICE_REGION else f"Zorgkantoor {row.holder} (voorbeeld)"
        office, _ = Organisation.objects.get_or_create(kind=Organisation.Kind.CARE_OFFICE, name=name)
        RegionHolder.objects.create(region=regions[row.code], care_office=office, valid_from=EPOCH)


@dataclass(frozen=True)
class _Plan:
    """A provider as the demo wants it. The KvK number tells whether it is there already."""

    name: str
    region: str
    place: str
    kvk: str
    agb: str
    teams: tuple[str, ...]


def _seed_providers(count: int, seed: int) -> list[Organisation]:
    plans = [_plan(index, seed) for index in range(count)]
    known = set(Organisation.objects.providers().values_list("kvk", flat=True))
    new = [plan for plan in plans if plan.kvk not in known]
    created = Organisation.objects.bulk_create(
        Organisation(
            kind=Organisation.Kind.PROVIDER, name=plan.name, kvk=plan.kvk, agb=plan.agb, place=plan.place
        )
        for plan in new
    )
    regions = {region.code: region for region in Region.objects.all()}
    ProviderRegion.objects.bulk_create(
        ProviderRegion(provider=organisation, region=regions[plan.region], valid_from=EPOCH)
        for plan, organisation in zip(new, created, strict=True)
    )
    Location.objects.bulk_create(
        Location(
            organisation=organisation,
            name=team,
            place=plan.place,
            establishment=f"{int(plan.kvk) * 10 + number:012}",
        )
        for plan, organisation in zip(new, created, strict=True)
        for number, team in enumerate(plan.teams, start=1)
    )
    kvks = [plan.kvk for plan in plans]
    return list(Organisation.objects.providers().filter(kvk__in=kvks).order_by("kvk"))


def _plan(index: int, seed: int) -> _Plan:
    chance, words = dice("provider", seed, index), _words()
    # The first is of the region of the demo's care office and the second is not; the rest go round.
    region, places = list(words["places"].items())[index % len(words["places"])]
    place = places[0] if index < 2 else chance.choice(places)
    number = index + 1
    teams = chance.sample(words["teams"], k=chance.choice([1, 2, 2, 3, 4]))
    return _Plan(
        name=[FIRST_PROVIDER, OTHER_PROVIDER][index] if index < 2 else _name(index),
        region=region,
        place=place,
        kvk=f"{number * 10:08}",
        agb=f"{4_100_000 + number:08}",
        teams=tuple(f"Team {team}" for team in sorted(teams)),
    )


@cache
def _names() -> list[str]:
    words = _words()
    parts = product(words["kinds"], words["first_parts"], words["last_parts"])
    names = [f"{kind} {first}{last}" for kind, first, last in parts]
    dice("names").shuffle(names)
    return names


def _name(index: int) -> str:
    """Names in a fixed order; after all of them a number tells two apart."""
    round_, place = divmod(index, len(_names()))
    return f"{_names()[place]} {round_ + 1}" if round_ else _names()[place]


def _seed_accounts(providers: list[Organisation]) -> None:
    organisations = {row.name: row for row in Organisation.objects.exclude(kind=Organisation.Kind.PROVIDER)}
    # By place in the list and not by name: somebody may have changed the name since.
    for name, organisation in zip((FIRST_PROVIDER, OTHER_PROVIDER), providers, strict=False):
        organisations[name] = organisation
    password = make_password(PASSWORD)
    for account in [*ACCOUNTS, *COLLEAGUES]:
        if account.organisation not in organisations:
            continue
        user, is_new = User.objects.get_or_create(
            email=account.email,
            defaults={
                "name": account.name,
                "password": password if account in ACCOUNTS else make_password(None),
            },
        )
        addresses.confirm(user)
        if is_new:
            Membership.objects.create(
                user=user,
                organisation=organisations[account.organisation],
                role=account.role,
                valid_from=EPOCH,
            )


def _seed_boards(providers: list[Organisation], seed: int) -> None:
    """A quality officer and a director for each provider without people; sometimes one person is both."""
    staffed = set(Membership.objects.values_list("organisation", flat=True))
    empty = [provider for provider in providers if provider.pk not in staffed]
    roles: list[tuple[Organisation, str, User]] = []
    for provider in empty:
        chance = dice("people", seed, provider.kvk)
        officer = _person(provider, "kwaliteit", chance)
        director = officer if chance.random() < 0.15 else _person(provider, "bestuur", chance)
        roles += [(provider, Role.QUALITY_OFFICER, officer), (provider, Role.DIRECTOR, director)]
    people = {user.email: user for _, _, user in roles}
    User.objects.bulk_create(people.values())
    Membership.objects.bulk_create(
        Membership(user=user, organisation=provider, role=role, valid_from=EPOCH)
        for provider, role, user in roles
    )


def _person(provider: Organisation, part: str, chance: random.Random) -> User:
    name = f"{chance.choice(_words()['first_names'])} {chance.choice(_words()['last_names'])}"
    joined = timezone.now() - timedelta(days=900)
    email = f"{part}@zorg{provider.kvk}.example"
    return User(email=email, name=name, password=make_password(None), date_joined=joined)
