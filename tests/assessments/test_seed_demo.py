"""The demo: only in a demo, the same for the same seed, and never over what people did."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from assessments.canonical import canonical_json, sha256_hex
from assessments.demo.clock import clock_at, moment
from assessments.demo.seed import seed_demo
from assessments.freeze import revision_content
from assessments.models import Answer, ConceptVersion, EvidenceRevision, Finding, Revision, Visit, VisitEvent
from assessments.services import start_self_assessment
from providers import demo
from providers.actor import actor_for
from providers.models import Organisation, ProviderRegion, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_folder")]


def seed(providers: int = 2, years: int = 2) -> Any:
    return seed_demo(providers=providers, years=years, seed=1, tell=lambda line: None)


def snapshot() -> dict[str, list[Any]]:
    """What the demo says, without keys."""
    return {
        "providers": list(Organisation.objects.order_by("name").values_list("name", "kvk", "agb", "place")),
        "accounts": list(
            Revision.objects.order_by("organisation__kvk", "self_assessment__year").values_list(
                "organisation__kvk", "self_assessment__year", "status", "submitted_at"
            )
        ),
        "answers": list(
            Answer.objects.order_by(
                "revision__organisation__kvk",
                "revision__self_assessment__year",
                "item__version",
                "item__code",
            ).values_list("item__code", "value", "text")
        ),
        "visits": list(Visit.objects.order_by("number").values_list("number", "status", "starts_on")),
        "findings": list(Finding.objects.order_by("created_at").values_list("source", "text")),
    }


def test_a_portal_that_is_no_demo_stays_empty(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="geen demo"):
        call_command("seed_demo")
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("option", ["--providers=0", "--years=0"])
def test_an_empty_demo_is_refused(settings, option):
    settings.DEMO = True
    with pytest.raises(CommandError, match="ten minste"):
        call_command("seed_demo", option)


def test_the_same_seed_gives_the_same_and_twice_changes_nothing(settings, editions):
    settings.DEMO = True
    with transaction.atomic():
        seed(providers=3)
        first = snapshot()
        transaction.set_rollback(True)
    out = StringIO()
    call_command("seed_demo", "--providers=3", stdout=out)
    assert snapshot() == first
    assert "Demogegevens: 3 aanbieders" in out.getvalue()
    events = VisitEvent.objects.count()
    call_command("seed_demo", "--providers=3", stdout=out)
    assert snapshot() == first
    assert VisitEvent.objects.count() == events


def test_what_people_did_stays(editions):
    seed()
    linde = Organisation.objects.get(kvk="00000010")
    Organisation.objects.filter(pk=linde.pk).update(name="Zorgthuis De Nieuwe Linde")
    user = User.objects.get(email="kwaliteit@zorgthuis.example")
    user.set_password("een ander wachtwoord")
    user.save()
    mine = start_self_assessment(
        year=timezone.localdate().year,
        locations=linde.locations.all(),
        editions=editions,
        by=actor_for(user),
    )
    seed(providers=3)
    linde.refresh_from_db()
    user.refresh_from_db()
    assert linde.name == "Zorgthuis De Nieuwe Linde"
    assert user.check_password("een ander wachtwoord")
    assert (
        Revision.objects.filter(organisation=linde, self_assessment__year=mine.self_assessment.year).get()
        == mine
    )
    assert not mine.answers.exists()
    assert Organisation.objects.providers().count() == 3


def test_everybody_can_sign_in_as_announced(editions):
    seed()
    for account in demo.ACCOUNTS:
        user = authenticate(username=account.email, password=demo.PASSWORD)
        assert user is not None, account.email
        actor = actor_for(User.objects.get(email=account.email))
        assert actor.roles == {account.role}
        assert str(actor.organisation) == account.organisation
    without_password = User.objects.exclude(email__in=[account.email for account in demo.ACCOUNTS])
    assert not any(user.has_usable_password() for user in without_password)


def test_the_road_begins_with_an_empty_year_and_a_region_that_holds_one_of_two(editions):
    seed()
    year = timezone.localdate().year
    linde, other = Organisation.objects.providers().order_by("kvk")[:2]
    assert [row.self_assessment.year for row in linde.revisions.all()] == [year - 1]
    assert linde.revisions.get().status == Revision.Status.SUBMITTED
    assert [visit.status for visit in linde.visits.all()] == [Visit.Status.PUBLISHED]
    draft = other.revisions.get(self_assessment__year=year)
    assert draft.status == Revision.Status.DRAFT
    assert 0.3 < draft.answers.filter(is_answered=True).count() / draft.question_count < 0.6
    office = Organisation.objects.get(name=demo.CARE_OFFICE)
    held = ProviderRegion.objects.held_by(office.pk).values_list("provider", flat=True)
    assert linde.pk in held
    assert other.pk not in held


def test_what_is_frozen_is_true_and_dated_in_its_past(editions):
    seed()
    now = timezone.now()
    for revision in Revision.objects.exclude(content=None):
        assert sha256_hex(canonical_json(revision_content(revision))) == revision.sha256
        assert revision.offered_at and revision.submitted_at
        assert revision.created_at < revision.offered_at < revision.submitted_at < now
        assert not revision.answers.filter(updated_at__gt=revision.offered_at).exists()
    for version in ConceptVersion.objects.all():
        assert sha256_hex(canonical_json(version.content)) == version.sha256
    visit = Visit.objects.get(organisation__kvk="00000010")
    moments = list(visit.events.values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] < now
    final = visit.versions.get(kind=ConceptVersion.Kind.FINAL).content
    settled = visit.events.get(action="settle")
    assert final["dates"]["settled_on"] == timezone.localdate(settled.at).isoformat()
    assert final["self_assessment"]["year"] == visit.starts_on.year


def test_evidence_opens(editions):
    seed(years=1)
    kept = EvidenceRevision.objects.all()
    assert {file.content_type for file in kept} == {"application/pdf", "image/png"}
    for file in kept:
        assert file.file.read(4) == (b"%PDF" if file.content_type == "application/pdf" else b"\x89PNG")


def test_a_clock_put_back_tells_the_past_and_runs_on():
    past = moment(timezone.localdate() - timedelta(days=400), 9, 30)
    with clock_at(past):
        first = timezone.now()
        assert timezone.localdate() == timezone.localdate(past)
        with clock_at(past - timedelta(days=1)):
            assert timezone.now() < past
        assert past <= first < timezone.now() < past + timedelta(minutes=1)
    assert timezone.now() - past > timedelta(days=399)


@pytest.mark.prove
def test_the_whole_demo_shows_every_status(editions):
    seed(providers=40)
    statuses = Counter(Visit.objects.values_list("status", flat=True))
    assert set(statuses) == set(Visit.Status.values) - {Visit.Status.OFFLINE}
    assert statuses[Visit.Status.PUBLISHED] >= 8
    planned = Visit.objects.filter(status=Visit.Status.PLANNED).values_list("announced", flat=True)
    assert set(planned) == {True, False}
    office = Organisation.objects.get(name=demo.CARE_OFFICE)
    regional = Organisation.objects.in_regions_of(office.pk)
    assert Visit.objects.public().filter(organisation__in=regional).count() >= 2
    assert set(Revision.objects.values_list("status", flat=True)) >= {"draft", "to_adopt", "submitted"}
    assert len(set(ProviderRegion.objects.values_list("region", flat=True))) >= 6
    levels = Counter(Answer.objects.filter(item__code="W2").values_list("value", flat=True))
    assert min(levels[level] for level in ("meets", "largely_meets", "largely_fails", "fails")) > 2
