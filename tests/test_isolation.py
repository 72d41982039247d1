"""Row-level security, table by table: as nobody and as the wrong organisation nothing is seen or changed."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError

from assessments import reaction
from assessments.models import Revision, Visit
from providers import audit, mail
from providers.actor import ANONYMOUS, Actor
from providers.models import (
    Application,
    AuditEvent,
    AuditSeal,
    Contract,
    Import,
    Invitation,
    LegalHold,
    Location,
    Membership,
    Organisation,
    RegionHolder,
    Removal,
    Role,
    User,
)
from tests import factories as f
from tests.test_access import png
from wlzthuis import isolation
from wlzthuis.isolation import NOBODY, SYSTEM, Scope, acting

pytestmark = pytest.mark.django_db

# Tables without an organisation's rows, and why nobody has to be kept from them in the database.
OPEN = {
    "django_migrations": "names of migrations",
    "django_content_type": "names of models",
    "auth_group": "not used; comes with the framework",
    "auth_group_permissions": "not used; comes with the framework",
    "auth_permission": "names of models",
    "django_session": "found by a secret key only, before anybody acts",
    "cache": "counts of who tries too often, by digest",
    "account_emailaddress": "found by address before anybody acts, as the user is",
    "account_emailconfirmation": "not used: links are signed",
    "mfa_authenticator": "needed before anybody acts; secrets are encrypted",
    "usersessions_usersession": "written while somebody signs in, before she acts",
    "socialaccount_socialaccount": "found by subject before anybody acts",
    "socialaccount_socialapp": "not used: set up by the environment",
    "socialaccount_socialtoken": "not used: no token is kept",
    "providers_user": "found by address before anybody acts; names stand on visits and reports of others",
    "providers_region": "a public list of codes",
    "norms_framework": "public norms",
    "norms_frameworkversion": "public norms",
    "norms_item": "public norms",
    "norms_scale": "public norms",
    "norms_scalelevel": "public norms",
    "norms_signal": "public norms",
    "norms_itemmapping": "public norms",
}
# Rows of an organisation that everybody may read, and why.
READ_BY_ALL = {
    "providers_organisation": "names and numbers from public registers",
    "providers_regionholder": "who holds which region is public",
    "providers_providerregion": "in which regions a provider works is public",
    "assessments_publishedmeasure": "copies of what the inspectorate published of a measure",
}
# What anybody may add to, and nobody reads back.
WRITTEN_BY_ALL = {"providers_mail", "providers_auditevent"}


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class "
            "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        return sorted(row[0] for row in cursor.fetchall())


def policed() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        return {row[0] for row in cursor.fetchall()}


def test_every_table_is_isolated_or_open_with_a_reason() -> None:
    assert set(tables()) - policed() == set(OPEN) & set(tables())
    assert policed() & set(OPEN) == set()


def test_every_isolated_table_says_what_each_command_may() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, cmd FROM pg_policies")
        found = set(cursor.fetchall())
    assert found == {(table, cmd) for table in policed() for cmd in ("SELECT", "INSERT", "UPDATE", "DELETE")}


def test_the_portal_connects_as_a_role_that_policies_bind() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


@dataclass
class World:
    own: Organisation
    strangers: dict[str, Scope]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """At least one row of one provider in every isolated table, none of them public."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def build() -> World:
    from assessments import (
        concerns,
        document_requests,
        files,
        improvement,
        library,
        measures,
        public_account,
        publication,
        risk_signals,
        services,
    )
    from assessments.models import (
        BsnOverrule,
        Campaign,
        CampaignTarget,
        EvidenceRevision,
        JudgementOpening,
        SavedView,
        VisitCopy,
    )
    from reports.models import OwnDocument, OwnFile, ReportFile, ReportRequest

    region = f.region()
    own, other = f.provider("De Linde", regions=[region]), f.provider("Andere Zorg")
    office, far = f.care_office([region]), f.care_office(name="Zorgkantoor Verweg")
    officer, board = f.quality_officer(own), f.director(own)
    admin = f.acting(Role.PORTAL_ADMIN, f.portal())
    draft = f.answered_revision(own, year=2025)
    files.attach_evidence(draft.pk, f.asked_items(draft, "judgement")[0], png(), by=officer)
    f.REVISION.perform(draft.pk, "offer", by=officer)
    handed_in = f.sign(draft.pk, 2022, by=board)
    services.record_opening(handed_in, by=f.inspector())
    library.release(EvidenceRevision.objects.get().evidence_id, office.pk, by=officer)
    BsnOverrule.objects.create(
        organisation=own, revision=handed_in, keys=["x"], reason="r", by=officer.person
    )
    f.decided_visit(own, announced=False)
    prepared = f.planned_visit(own, announced=False)
    prepared.items.set([f.item("W2")])
    f.note(prepared)
    JudgementOpening.objects.create(organisation=own, visit=prepared, item=f.item("W2"))
    VisitCopy.objects.create(id=uuid4(), organisation=own, visit=prepared, user=prepared.created_by)
    f.home_visit(prepared)
    asked = f.documents_asked(f.planned_visit(own))
    document_requests.give(asked.pk, png("rooster.png", "blue"), by=officer)
    read = f.drafting_visit(own)
    f.reader_remark(read)
    f.step(read, "send_concept", f.lead(read))
    at_provider = f.concept_visit(own)
    assert at_provider.reaction_due
    due = at_provider.reaction_due + timedelta(days=7)
    reaction.ask_extension(at_provider.pk, due, "Vakantie.", by=officer)
    remark = f.remark(at_provider)
    reaction.show_with(remark.pk, list(EvidenceRevision.objects.filter(organisation=own)[:1]), by=officer)
    after = f.decided_visit(own)
    f.objection(after)
    f.correction(after)
    publication.keep_reaction(after.pk, "Wij werken eraan.", seen="", by=officer)
    f.delivered_measure(own, png("plan.png", "green"), kind="heightened_supervision")
    row = f.measure(own, "instruction")
    measures.MEASURE.perform(row.pk, "publish", by=f.coordinator(), note="Zakelijke weergave.")
    request = ReportRequest.objects.latest("pk")
    ReportFile.objects.create(request=request, file="x", sha256="0" * 64, size=1, pages=1)
    campaign = Campaign.objects.create(
        organisation=office, title="t", reason="r", year=2025, due_on=f.LONG_AGO, created_by=board.person
    )
    campaign.editions.set(f.editions(f.IGJ))
    CampaignTarget.objects.create(campaign=campaign, organisation=own, asked_by=office, due_on=f.LONG_AGO)
    Contract.objects.create(care_office=office, provider=own, delivery_form="7")
    concerns.close(f.concern(own).pk, "Gezien.", by=f.inspector())
    SavedView.objects.create(user=f.inspector().person, name="x", query="")
    risk_signals.refresh_all()
    f.scope_choice(f.draft_revision(own, year=2024))
    shared = f.draft_revision(own, year=2023)
    f.theme(shared, officer.person)
    f.comment(shared, f.asked_items(shared, "judgement")[0])
    action = f.improvement(shared, f.asked_items(shared, "judgement")[0])
    improvement.add_evidence(action, png("verbeterd.png", "red"), by=officer)
    f.consultation(shared)
    account = f.public_account(handed_in)
    public_account.PUBLIC_ACCOUNT.record(account, "publish", by=board, old_status="draft")
    document = OwnDocument.objects.create(organisation=own, kind="pdf", revision=handed_in)
    OwnFile.objects.create(request=document, file="x", sha256="0" * 64, size=1, pages=1)
    f.provider_profile(own)
    f.tally(own)
    Import.objects.create(
        kind="contracts", organisation=office, file_name="x.csv", rows=[], created_by=board.person
    )
    Invitation.objects.create(
        organisation=own,
        email="nieuw@proef.example",
        name="Nieuw",
        roles=[Role.DIRECTOR],
        expires_at="2099-01-01T00:00Z",
        token_sha256="0" * 64,
    )
    application = Application.objects.create(
        name="A",
        kvk="00000001",
        establishment="000000000001",
        agb="00000001",
        place="Delft",
        contact_name="A",
        contact_email="a@proef.example",
        contact_roles=[Role.DIRECTOR],
    )
    application.regions.add(region)
    LegalHold.objects.create(organisation=own, reason="r", placed_by=admin.person)
    Removal.objects.create(kind="x", before="2020-01-01T00:00Z", count=1)
    mail.Mail.objects.create(kind="x", to="a@proef.example", subject="x")
    audit.record(next(iter(audit.ACTIONS)), by=board, about=own.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert AuditSeal.objects.count() == AuditEvent.objects.count() > 0
    strangers = {
        "nobody": NOBODY,
        "a person without a role": Scope(user=User.objects.create_user("x@proef.example", "X").pk),
        "another provider": f.director(other).scope,
        "a care office elsewhere": f.acting(Role.CARE_OFFICE_OFFICER, far).scope,
        "a kind that does not exist": Scope("nonsense", own.pk, board.person.pk),
    }
    return World(own, strangers)


STRANGERS = [
    "nobody",
    "a person without a role",
    "another provider",
    "a care office elsewhere",
    "a kind that does not exist",
]


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def rows_of_others(table: str, scope: Scope) -> int:
    """Rows that the scope sees and that are not its own organisation's or person's (read as the system)."""
    with acting(scope), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    owners = ("organisation_id", "provider_id", "care_office_id", "acting_for_id", "reader_id", "asked_by_id")
    return sum(
        not any(row.get(owner) == scope.organisation for owner in owners if scope.organisation)
        and row.get("user_id") != (scope.user or -1)
        for row in found
    )


def all_isolated() -> list[str]:
    """The names at collection time: from the models, since there is no database yet."""
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models} - set(OPEN))


@pytest.mark.parametrize("table", all_isolated())
def test_strangers_reach_nothing(world: World, table: str) -> None:
    assert count(table) > 0, "the test has no row to keep from anybody"
    for who in STRANGERS:
        scope = world.strangers[who]
        if table not in READ_BY_ALL:
            # Its own rows of this kind it may see; rows of De Linde never.
            assert rows_of_others(table, scope) == 0, (who, "select")
        for command in (
            f"UPDATE {table} SET {column_of(table)} = {column_of(table)}",
            f"DELETE FROM {table}",
        ):
            own = rows_of(table, scope)
            with transaction.atomic():
                assert affected(command, scope) <= own, (who, command)
                transaction.set_rollback(True)


def rows_of(table: str, scope: Scope) -> int:
    """How many rows are the scope's own, so that it may change them."""
    with acting(scope), connection.cursor() as cursor:
        if table == "providers_organisation":
            return int(scope.organisation is not None)
        if table in READ_BY_ALL:
            return 0
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def column_of(table: str) -> str:
    of_organisation = ("providers_profile", "assessments_standing")
    return (
        "organisation_id" if table in of_organisation else {"providers_auditseal": "number"}.get(table, "id")
    )


def affected(statement: str, scope: Scope) -> int:
    """Rows changed as this scope. A refusal of the database is none."""
    try:
        with transaction.atomic(), acting(scope), connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.rowcount)
    except (ProgrammingError, IntegrityError):
        return 0


@pytest.mark.parametrize("table", sorted(set(all_isolated()) - WRITTEN_BY_ALL))
def test_strangers_add_nothing_to_another_organisation(world: World, table: str) -> None:
    """A copy of a row of De Linde under a new key is refused by the policy itself, not by a constraint."""
    key = column_of(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t LIMIT 1")
        row = cursor.fetchone()[0]
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [table, key],
        )
        is_uuid = cursor.fetchone()[0] == "uuid"
    fresh = "gen_random_uuid()" if is_uuid else "987654321"
    statement = (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb || "
        f"jsonb_build_object('{key}', {fresh}))).*"
    )
    for who in STRANGERS:
        with pytest.raises(ProgrammingError) as refusal:
            insert(statement, row, world.strangers[who])
        assert "row-level security" in str(refusal.value), (who, refusal.value)


def insert(statement: str, row: str, scope: Scope) -> None:
    with transaction.atomic(), acting(scope), connection.cursor() as cursor:
        cursor.execute(statement, [row])


def test_a_forgotten_filter_shows_own_rows_only(world: World) -> None:
    with acting(f.director(world.own).scope):
        assert set(Location.objects.values_list("organisation", flat=True)) == {world.own.pk}
        assert set(Membership.objects.values_list("organisation", flat=True)) == {world.own.pk}


def test_a_scope_ends_with_its_block_and_with_its_transaction(world: World) -> None:
    with acting(NOBODY):
        assert not Location.objects.exists()
        with acting(SYSTEM):
            assert Location.objects.exists()
        assert not Location.objects.exists()
        with pytest.raises(ZeroDivisionError), transaction.atomic(), acting(SYSTEM):
            raise ZeroDivisionError
        assert not Location.objects.exists()


# Of each of these, the rows of other organisations that an actor's scope reaches in the database are exactly
# those that `visible_to` gives, so that a forgotten `visible_to` shows nothing more.
WALLS = (
    "Revision",
    "EvidenceRevision",
    "Visit",
    "FactualRemark",
    "Concern",
    "Standing",
    "Objection",
    "Measure",
    "ImprovementAction",
    "ReportRequest",
    "OwnDocument",
    "PublicAccount",
    "DocumentRequest",
    "AuditEvent",
)


@pytest.mark.parametrize("name", WALLS)
def test_both_walls_stand_in_the_same_place(world: World, name: str) -> None:
    model: Any = next(model for model in apps.get_models() if model.__name__ == name)
    for role, actor in readers(world).items():
        visible = set(model.objects.visible_to(actor).values_list("pk", flat=True))
        with acting(actor.scope):
            reached = set(model.objects.values_list("pk", flat=True))
        assert visible <= reached, (role, "the database hides what the portal shows")
        others = model.objects.filter(pk__in=reached - visible)
        for owner in ("about", "acting_for") if name == "AuditEvent" else ("organisation",):
            others = others.exclude(**{owner: actor.organisation_id})
        assert not others.exists(), (role, "the database shows others' rows that the portal hides")


def test_a_provider_cannot_reach_its_own_unannounced_visit(world: World) -> None:
    hidden = f.planned_visit(world.own, announced=False)
    for role in ("quality officer", "director", "council member"):
        with acting(readers(world)[role].scope):
            assert not Visit.objects.filter(pk=hidden.pk).exists(), role


def test_an_inspector_cannot_reach_a_draft(world: World) -> None:
    draft = f.answered_revision(world.own, year=2020)
    for role in ("inspector", "care office", "another provider", "nobody"):
        with acting(readers(world)[role].scope):
            assert not Revision.objects.filter(pk=draft.pk).exists(), role
            assert not draft.answers.exists(), role


def readers(world: World) -> dict[str, Actor]:
    office = RegionHolder.objects.get().care_office
    return {
        "quality officer": f.quality_officer(world.own),
        "director": f.director(world.own),
        "council member": f.acting(Role.COUNCIL_MEMBER, world.own),
        "inspector": f.inspector(),
        "care office": f.acting(Role.CARE_OFFICE_OFFICER, office),
        "another provider": f.director(Organisation.objects.get(name="Andere Zorg")),
        "portal": f.acting(Role.PORTAL_ADMIN, f.portal()),
        "nobody": ANONYMOUS,
    }


def test_who_was_told_nothing_is_nobody() -> None:
    """A thread begins without a scope, as each new process does."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(isolation.current()))
    thread.start()
    thread.join()
    assert found == [NOBODY]


@pytest.mark.parametrize("kind", ["provider", "care_office", "inspectorate"])
def test_no_organisation_becomes_another_kind(kind: str) -> None:
    """Its kind decides what its people may see."""
    own = Organisation.objects.create(kind=kind, name="Eigen", kvk="99999999", agb="99999999")
    other = "provider" if kind == "inspectorate" else "inspectorate"
    with acting(Scope(kind, own.pk)):
        assert Organisation.objects.filter(pk=own.pk).update(place="Delft") == 1
        with pytest.raises(ProgrammingError), transaction.atomic():
            Organisation.objects.filter(pk=own.pk).update(kind=other)
