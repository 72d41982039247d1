"""The parts of the bench on a few rows: a floor must do the same work, or its times mean nothing."""

import itertools
import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, AnswerVersion, Revision
from bench import FLOORS, data, forms, outcome, timing
from bench import settings as bench_settings
from bench.counting import ASK, TOLD
from providers.actor import Actor
from tests import factories as f
from tests import many_providers

pytestmark = pytest.mark.django_db
# Of a form at a visit: what it holds, without the ids that are new each time.
KEPT = ("_base", "-level", "-reason", "-findings", "-source", "-text", "-items", "criterion")


@pytest.fixture(autouse=True)
def bench_portal() -> Iterator[None]:
    names = ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES")
    with override_settings(**{name: getattr(bench_settings, name) for name in names}):
        yield


@pytest.fixture
def draft() -> Revision:
    return f.answered_revision(n=15)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.person)
    return client


@pytest.fixture
def writer(draft: Revision) -> Client:
    return client_of(f.quality_officer(draft.organisation))


def test_the_floor_of_the_long_page_shows_the_same_questions(writer: Client, draft: Revision) -> None:
    page = writer.get(reverse("assessments:fill_in", args=[draft.pk])).content.decode()
    floor = writer.get(f"/{FLOORS}invullen/{draft.pk}/").content.decode()
    assert 0.9 <= len(floor) / len(page) <= 1.1
    assert set(forms.fields(page)) == set(forms.fields(floor))
    checked = re.compile(r'value="(\w+)" id="(vraag-\d+-\w+)" checked')
    assert sorted(checked.findall(page)) == sorted(checked.findall(floor))
    assert len(checked.findall(page)) == 15


def test_the_floor_of_the_list_shows_the_same_accounts() -> None:
    names = [f.submitted_revision(year=2025).organisation.name for _ in range(2)]
    client = client_of(f.inspector())
    page = client.get(reverse("assessments:self_assessments")).content.decode()
    floor = client.get(f"/{FLOORS}lijst/").content.decode()
    assert 0.9 <= len(floor) / len(page) <= 1.1
    assert all(name in page and name in floor for name in names)


def test_the_floor_of_the_worklist_shows_the_same_signals() -> None:
    many_providers.seed(60)
    client = client_of(f.inspector())
    page = client.get(reverse("assessments:worklist")).content.decode()
    floor = client.get(f"/{FLOORS}werklijst/").content.decode()
    assert 0.9 <= len(floor) / len(page) <= 1.1
    told = re.compile(r'<td data-label="(\w[^"]*)"[^>]*>(.*?)</td>', re.DOTALL)
    assert told.findall(page) == told.findall(floor)
    assert len(told.findall(page)) == 50 * 5


def test_the_floor_of_a_criterion_shows_what_was_found_and_judged() -> None:
    visit = f.drafting_visit(f.submitted_revision().organisation)
    item = f.item("W2")
    client = client_of(f.lead(visit))
    page = client.get(reverse("assessments:visit_criterion", args=[visit.pk, item.pk])).content.decode()
    floor = client.get(f"/{FLOORS}criterium/{visit.pk}/{item.pk}/").content.decode()
    assert 0.9 <= len(floor) / len(page) <= 1.1
    shown, bare = (
        {name: value.strip() for name, value in forms.fields(html).items() if name.endswith(KEPT)}
        for html in (page, floor)
    )
    assert shown == bare and shown["common-reason"]
    assert menu(page) == menu(floor)


def menu(html: str) -> list[str]:
    return re.findall(r"<li><a [^>]*>[^<]*</a></li>", html.split("</header>")[0])


def test_the_floor_of_a_save_writes_the_same_rows(writer: Client, draft: Revision) -> None:
    answer = Answer.objects.filter(revision=draft).select_related("item").order_by("pk")[0]
    key = answer.item_id
    rows = []
    for version, path in enumerate(
        [
            reverse("assessments:answer", args=[draft.pk, key]),
            f"/{FLOORS}antwoord/{draft.organisation_id}/{answer.pk}/{key}/",
        ],
        start=1,
    ):
        posted = {f"a-{key}": "fails", f"t-{key}": f"Tekst {version}", f"v-{key}": version}
        reply = writer.post(path, {**posted, f"s-{key}": uuid.uuid4()}, headers={ASK: "1"})
        assert f'name="v-{key}" value="{version + 1}"' in reply.content.decode()
        assert int(reply[TOLD]) >= 3
        rows.append(Answer.objects.values("value", "is_answered", "author", "organisation").get(pk=answer.pk))
    assert rows[0] == rows[1]
    history = AnswerVersion.objects.filter(answer=answer).order_by("version")
    assert list(history.values_list("parent_version", "text"))[1:] == [(1, "Tekst 1"), (2, "Tekst 2")]


def test_the_floor_of_a_start_writes_the_same_rows() -> None:
    organisation = f.provider(locations=2)
    fields = {
        "locations": [place.pk for place in organisation.locations.all()],
        "editions": [edition.pk for edition in f.editions()],
    }
    client = client_of(f.quality_officer(organisation))
    year = timezone.localdate().year
    for path, posted in (
        (reverse("assessments:self_assessment_new"), {"year": year}),
        (f"/{FLOORS}nieuw/{organisation.pk}/", {"year": year - 1}),
    ):
        reply = client.post(path, fields | posted)
        assert "/invullen/" in reply["Location"]
    portal, floor = Revision.objects.order_by("pk")
    for name in ("organisation", "number", "status", "question_count", "created_by"):
        assert getattr(portal, name) == getattr(floor, name)
    assert set(portal.editions.all()) == set(floor.editions.all()) == set(f.editions())
    assert set(portal.locations.all()) == set(floor.locations.all()) == set(organisation.locations.all())


def test_a_copy_of_the_accounts_is_complete() -> None:
    original = f.submitted_revision(year=2025)
    data.multiply(3)
    assert Revision.objects.filter(status=Revision.Status.SUBMITTED).count() == 3
    for revision in Revision.objects.all():
        assert revision.answers.count() == original.answers.count()
        assert revision.editions.count() == original.editions.count()
        assert revision.locations.get().organisation == revision.organisation
        assert AnswerVersion.objects.filter(answer__revision=revision).count() == 5
    assert Revision.objects.values("organisation").distinct().count() == 3


def test_turns_go_there_and_back_and_the_warm_up_does_not_count() -> None:
    clock = itertools.count(1)
    times = timing.in_turns({"portal": lambda: next(clock), "floor": lambda: next(clock)}, 2, warm_up=1)
    assert times["portal"].median == (4 + 5) / 2 * 1000
    assert times["floor"].median == (3 + 6) / 2 * 1000


def test_a_missed_aim_is_said() -> None:
    floor = timing.Times(10, 12)
    outcomes = [
        outcome.Outcome("a", "page", 2.0, timing.Times(median, 50), floor, 8, 6) for median in (20, 20.1)
    ]
    growths = [outcome.Growth("a", "page", floor, timing.Times(12, 13), 8, count) for count in (8, 9)]
    lines = [line for line in outcome.table(outcomes, growths, (200, 2000)) if line.startswith("(a)")]
    assert ["AIM MISSED" in line for line in lines] == [False, True, False, True]
