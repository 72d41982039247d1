"""What is measured on: the demo's accounts in the number that is asked, and people who are signed in."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from django.db import connection
from django.db.models import Model, UUIDField
from django.test import Client
from django.utils import timezone

from assessments import scope, services
from assessments.demo.seed import filled_in, seed_demo
from assessments.models import (
    Answer,
    AnswerVersion,
    ConceptVersion,
    Finding,
    Judgement,
    Revision,
    RiskSignal,
    SelfAssessment,
    Standing,
    Visit,
    VisitMember,
)
from assessments.report_text import judged_items
from assessments.visit_overview import in_reading_order
from norms.models import FrameworkVersion, Item
from providers.actor import Actor
from providers.models import Location, Membership, Organisation, Role, User
from wlzthuis.isolation import as_system

YEARS = 2
STARTS = 3  # years that a new account can be about
# What makes up a provider. A copy's keys lie this far from those of the demo, far above all sequences.
COPIED: list[type[Model]] = [
    Organisation,
    Location,
    SelfAssessment,
    Revision,
    Revision.locations.through,
    Revision.editions.through,
    Answer,
    AnswerVersion,
    Standing,
    RiskSignal,
    Visit,
    VisitMember,
    Visit.locations.through,
    Visit.editions.through,
    Finding,
    Finding.items.through,
    Judgement,
    Judgement.findings.through,
]
DISTANCE = 10_000_000
# Eight characters that nobody else may have.
NUMBERED: dict[type[Model], str] = {Organisation: "agb", Visit: "number"}
# What a draft of everything says to what the demo has no words for.
SAID = {Item.Kind.JUDGEMENT: "largely_meets", Item.Kind.CHECK: "partly", Item.Kind.FIGURE: "12"}


@dataclass(frozen=True)
class Draft:
    """A draft over all editions, with a section and an answered judgement in it."""

    session: str
    organisation: int
    revision: int
    section: int
    item: int
    answer: int


@dataclass(frozen=True)
class Start:
    """An account that a provider has not begun yet."""

    session: str
    organisation: int
    fields: dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """Who asks what. `visit`: one that the inspector writes up, `criterion` the first that it judges.

    `drafts`: one to look at, one to save in, one for the floor to save in.
    """

    inspector: str
    visit: int
    criterion: int
    drafts: list[Draft]
    starts: list[Start]


@as_system()
def seed(providers: int) -> None:
    """The demo with so many providers, their accounts, visits and signals."""
    seed_demo(providers=providers, years=YEARS, seed=1, tell=lambda line: None)


@as_system()
def multiply(times: int) -> None:
    """Every provider with all of it so many times: the database copies its rows under new keys."""
    with connection.cursor() as cursor:
        for model in COPIED:
            cursor.execute(_copy_statement(model), [times - 1])


@as_system()
def number_listed() -> int:
    """Of so many providers the worklist shows how they stand."""
    return Standing.objects.count()


def _copy_statement(model: type[Model]) -> str:
    """Rows copied so many times, each copy with its keys shifted."""
    values: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        name = str(field.column)
        shifts = field.primary_key or field.related_model in COPIED
        values[name] = _shifted(field, name) if shifts else name
    if model in NUMBERED:
        values[NUMBERED[model]] = f"lpad((id + copy * {DISTANCE})::text, 8, '0')"
    if model is AnswerVersion:
        values["save_id"] = "gen_random_uuid()"
    kind = "WHERE kind = 'provider'" if model is Organisation else ""
    table = model._meta.db_table
    return f"""
        INSERT INTO {table} ({", ".join(values)})
        SELECT {", ".join(values.values())} FROM {table}, generate_series(1, %s) AS copy {kind}
    """  # noqa: S608 (names of our own models)


def _shifted(field: Any, name: str) -> str:
    if isinstance(field.target_field if field.is_relation else field, UUIDField):
        return f"md5({name}::text || copy)::uuid"
    return f"{name} + copy * {DISTANCE}"


@as_system()
def facts(starts: int) -> Facts:
    """Signs people in, and makes new providers for as many starts."""
    inspector = User.objects.filter(memberships__role=Role.INSPECTOR).order_by("pk")[0]
    editions = list(filled_in())
    # Half filled: neither just begun nor done, so that all that a question can show is on the page.
    drafts = [
        revision
        for revision in Revision.objects.filter(status=Revision.Status.DRAFT).with_progress().order_by("pk")
        if revision.editions.count() == len(editions)
        and 0.3 < revision.answered / revision.question_count < 0.8
    ]
    for revision in drafts[:3]:
        _widen(revision)
    visit = Visit.objects.filter(status=Visit.Status.DRAFTING, members__user=inspector).order_by("pk")[0]
    return Facts(
        inspector=_sign_in(inspector),
        visit=visit.pk,
        criterion=in_reading_order(judged_items(visit))[0].pk,
        drafts=[_draft(revision) for revision in drafts[:3]],
        starts=list(islice(_starts(editions), starts)),
    )


@as_system()
def report_content() -> dict[str, Any]:
    """The frozen content of the newest settled report."""
    return ConceptVersion.objects.filter(kind=ConceptVersion.Kind.FINAL).latest("created_at").content


def _widen(revision: Revision) -> None:
    """Let a draft ask all that the portal knows, and answer every second question of what came along."""
    others = FrameworkVersion.objects.default_for(timezone.localdate()).for_self_assessment()
    new = others.exclude(pk__in=revision.editions.values("pk"))
    asked = Item.objects.filter(version__in=new, filled_by__contains=[Item.Filler.PROVIDER])
    answers = list(asked.filter(kind__in=SAID).order_by("version", "position")[::2])
    revision.editions.add(*new)
    scope.settle(revision)
    revision.save(update_fields=scope.SETTLED)
    by = Actor(_officer(revision), revision.organisation, frozenset({Role.QUALITY_OFFICER}))
    for item in answers:
        new_answer = services.NewAnswer(
            item.pk, SAID[Item.Kind(item.kind)], "Zo doen wij dat.", 0, uuid.uuid4()
        )
        services.save_answer(revision.pk, new_answer, by=by)


def _officer(revision: Revision) -> User:
    return User.objects.get(
        memberships__organisation=revision.organisation_id, memberships__role=Role.QUALITY_OFFICER
    )


def _draft(revision: Revision) -> Draft:
    officer = _officer(revision)
    answer = Answer.objects.filter(revision=revision, item__kind=Item.Kind.JUDGEMENT).latest("item__position")
    section = answer.item.section_id or answer.item_id
    return Draft(_sign_in(officer), revision.organisation_id, revision.pk, section, answer.item_id, answer.pk)


def _starts(editions: list[FrameworkVersion]) -> Iterator[Start]:
    this_year = timezone.localdate().year
    for number in count(1):
        organisation, officer = _new_provider(number)
        places = list(organisation.locations.values_list("pk", flat=True))
        for year in range(this_year, this_year - STARTS, -1):
            fields = {"year": year, "locations": places, "editions": [edition.pk for edition in editions]}
            yield Start(_sign_in(officer), organisation.pk, fields)


def _new_provider(number: int) -> tuple[Organisation, User]:
    kvk = f"9{number:07}"
    organisation = Organisation.objects.create(
        kind=Organisation.Kind.PROVIDER, name=f"Thuiszorg {number}", kvk=kvk, agb=kvk, place="Delft"
    )
    Location.objects.bulk_create(
        Location(organisation=organisation, name=name, place="Delft") for name in ("Team Noord", "Team Zuid")
    )
    officer = User.objects.create_user(f"bench{number}@proef.example", f"Persoon {number}")
    Membership.objects.create(user=officer, organisation=organisation, role=Role.QUALITY_OFFICER)
    return organisation, officer


def _sign_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.session.session_key or ""
