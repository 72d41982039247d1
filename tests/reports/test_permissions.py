"""Who sees which report, at each moment of its life."""

import pytest

from assessments.models import Visit
from providers.actor import ANONYMOUS, Actor
from providers.models import Role
from reports.models import ReportRequest
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def actors() -> dict[str, Actor]:
    """Everybody; `own` is the provider that is visited, `office` holds its region."""
    region = factories.region()
    own = factories.provider("Zorgthuis De Linde", regions=[region])
    other = factories.provider("Andere Zorg")
    return {
        "anonymous": ANONYMOUS,
        "own quality": factories.quality_officer(own),
        "own director": factories.director(own),
        "own council": factories.acting(Role.COUNCIL_MEMBER, own),
        "other": factories.quality_officer(other),
        "inspector": factories.inspector(),
        "coordinator": factories.coordinator(),
        "office": factories.acting(Role.CARE_OFFICE_OFFICER, factories.care_office([region])),
        "admin": factories.acting(Role.PORTAL_ADMIN, factories.portal()),
    }


INSIDE = {"own quality", "own director", "inspector", "coordinator"}


def seen(actors: dict[str, Actor], visit: Visit) -> dict[str, set[str]]:
    """Kind of version -> who sees it."""
    result: dict[str, set[str]] = {"concept": set(), "final": set()}
    for name, actor in actors.items():
        for report in ReportRequest.objects.visible_to(actor).filter(version__visit=visit):
            result[report.version.kind].add(name)
    return result


def test_a_concept_is_for_the_inspectorate_and_its_provider(actors: dict[str, Actor]):
    visit = factories.concept_visit(actors["own quality"].organisation)
    assert seen(actors, visit) == {"concept": INSIDE, "final": set()}


def test_settled_and_decided_is_not_yet_public(actors: dict[str, Actor]):
    visit = factories.settled_visit(actors["own quality"].organisation)
    assert seen(actors, visit) == {"concept": INSIDE, "final": INSIDE}
    factories.step(visit, "decide", factories.coordinator())
    assert seen(actors, visit)["final"] == INSIDE


def test_public_is_for_everybody_and_the_concept_never_is(actors: dict[str, Actor]):
    visit = factories.published_visit(actors["own quality"].organisation)
    assert seen(actors, visit) == {"concept": INSIDE, "final": set(actors)}


@pytest.mark.parametrize("action", ["suspend", "withdraw"])
def test_no_longer_public_is_for_the_inside_again(actors: dict[str, Actor], action: str):
    visit = factories.published_visit(actors["own quality"].organisation)
    factories.step(visit, action, factories.coordinator(), "Uitspraak van de rechter.")
    assert seen(actors, visit)["final"] == INSIDE


def test_offline_is_not_public(actors: dict[str, Actor]):
    visit = factories.published_visit(actors["own quality"].organisation)
    Visit.objects.filter(pk=visit.pk).update(status=Visit.Status.OFFLINE)
    assert seen(actors, visit)["final"] == INSIDE


def test_public_and_not_public_are_everything(actors: dict[str, Actor]):
    factories.published_visit()
    factories.concept_visit()
    requests = ReportRequest.objects
    assert requests.public().count() + requests.not_public().count() == requests.count() == 3
    assert all(report.is_public for report in requests.public())
    assert not any(report.is_public for report in requests.not_public())
