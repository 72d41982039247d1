"""The quickscan: what it says, that nothing is kept of it, and that its code brings the answers along."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import linking, quickscan
from assessments.models import Answer, AnswerVersion, Revision
from norms.models import FrameworkVersion
from tests import factories as f

pytestmark = pytest.mark.django_db
URL = "/quickscan/"


@pytest.fixture
def edition(editions: Any) -> FrameworkVersion:
    return next(one for one in editions if one.framework.code == f.IGJ)


@pytest.fixture
def officer(client: Client, edition: FrameworkVersion) -> Client:
    client.force_login(f.quality_officer(f.provider("De Linde")).person)
    return client


def send(client: Client, to: str, **answers: str) -> str:
    answer = client.post(
        URL, {"to": to, **{name.replace("_", ".", 1): value for name, value in answers.items()}}
    )
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(W[^"]+)" value="([^"]+)">', page))


def test_it_asks_the_checks_of_the_three_criteria_and_who_comes_in_each_part_of_the_day(
    edition: FrameworkVersion,
):
    asked = {page.item.code: [ask.name for ask in page.asks] for page in quickscan.criteria(edition.pk)}
    assert list(asked) == ["W1", "W2", "W3"]
    checks = [ask for ask in quickscan.asks(edition.pk) if not ask.row]
    assert [ask.name for ask in checks] == [item.code for item in f.asked_items(_draft(), "check")]
    assert asked["W2"][-4:] == [f"W2.T-{part}-follow_up" for part in ("day", "evening", "night", "weekend")]


def _draft() -> Revision:
    return f.draft_revision(frameworks=[f.IGJ])


def test_the_answers_travel_in_the_form_and_nowhere_else(edition: FrameworkVersion, client: Client):
    client = Client(enforce_csrf_checks=True)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        first = send(client, "1")
        second = send(client, "2", W1_1="no")
        third = send(client, "3", W1_1="no", W2_3="no")
        result = client.post(URL, {"to": "uitslag", "W1.1": "no", "W2.3": "no", "W3.1": "yes"})
    assert (hidden(first), hidden(second)) == ({}, {"W1.1": "no"})
    assert hidden(third) == {"W1.1": "no", "W2.3": "no"}
    back = send(client, "2", W1_1="no", W2_3="no", W3_1="yes")
    assert hidden(back) == {"W1.1": "no", "W3.1": "yes"}
    assert re.search(r'name="W2.3" value="no" checked', back)
    assert not client.cookies and "Set-Cookie" not in result.headers
    assert "no-store" in result.headers["Cache-Control"]
    assert not Session.objects.exists()
    assert not [row for row in queries if re.match(r"(INSERT|UPDATE|DELETE)", row["sql"])]


def test_the_result_says_what_stands_what_lacks_and_what_to_do_first(
    edition: FrameworkVersion, client: Client
):
    page = send(client, "uitslag", W1_1="yes", W1_4="partly", W2_3="no", W3_1="no")
    assert "Alleen dit is niet voldoende" in page
    steps = quickscan.first_steps(
        quickscan.outcomes(edition.pk, {"W1.1": "yes", "W1.4": "partly", "W2.3": "no", "W3.1": "no"})
    )
    assert len(steps) == 3 and len({step.text for step in steps}) == 3
    assert {step.about for step in steps[:2]} == {
        "Aandachtspunt van de inspectie: deskundigheid",
        "Alleen dit is niet voldoende",
    }
    for step in steps:
        assert step.about in page
    alone = {"W2.T-night-follow_up": "informal_only"}
    assert [
        signal.code for outcome in quickscan.outcomes(edition.pk, alone) for signal in outcome.signals
    ] == ["informal-only"]


def test_nonsense_is_left_out(edition: FrameworkVersion, client: Client):
    page = send(client, "2", W1_1="<script>", W9_9="yes", W1_2="partly")
    assert hidden(page) == {"W1.2": "partly"}
    for to in ("99", "-1", "0", "x", ""):
        assert client.post(URL, {"to": to}).status_code == 200
    assert "nog niets beantwoord" in send(client, "uitslag")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_a_code_brings_back_exactly_the_answers_however_it_is_copied(
    edition: FrameworkVersion, data: st.DataObject
):
    asks = quickscan.asks(edition.pk)
    answers = data.draw(
        st.fixed_dictionaries(
            {}, optional={ask.name: st.sampled_from([code for code, _ in ask.options]) for ask in asks}
        )
    )
    code = quickscan.encode(edition, answers)
    sloppy = data.draw(
        st.sampled_from([code.lower(), code.replace("-", " "), code.replace("0", "o"), f" {code} "])
    )
    assert quickscan.decode(sloppy) == (edition, answers)
    place = data.draw(st.integers(0, len(code) - 1))
    sign = data.draw(st.sampled_from(quickscan.ALPHABET))
    if code[place] not in ("-", sign):
        with pytest.raises(quickscan.WrongCode):
            quickscan.decode(code[:place] + sign + code[place + 1 :])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(text=st.text(max_size=120))
def test_any_other_text_is_no_code(edition: FrameworkVersion, text: str):
    with pytest.raises(quickscan.WrongCode):
        quickscan.decode(text)


def test_a_stranger_takes_the_answers_along_after_signing_in(edition: FrameworkVersion):
    client = Client()
    page = send(client, "uitslag", W1_1="yes", W2_3="no", **{"W2_T-night-follow_up": "nobody"})
    code = re.search(r'class="quickscan-code">([^<]+)<', page)
    assert code and reverse("assessments:quickscan_take") in page
    own = f.provider("De Linde")
    client.force_login(f.director(own).person)
    take = reverse("assessments:quickscan_take")
    shown = client.post(take, {"code": code[1].lower()}).content.decode()
    assert "3 antwoorden komen in een nieuwe zelfevaluatie" in shown
    assert not Revision.objects.exists()
    assert client.post(take, {"code": code[1], "confirm": "1"}).status_code == 302
    filled = {answer.item.code: answer.value for answer in Answer.objects.select_related("item")}
    assert filled == {
        "W1.1": "yes",
        "W2.3": "no",
        "W2.T": [{"row": "night", "follow_up": "nobody"}],
    }


def test_what_somebody_wrote_in_the_draft_stays(officer: Client, edition: FrameworkVersion):
    own = f.Organisation.objects.get(name="De Linde")
    draft = f.draft_revision(own, frameworks=[f.IGJ])
    f.answer(draft, f.item("W1.1"), "no", "Wij beginnen in maart.")
    code = quickscan.encode(edition, {"W1.1": "yes", "W1.2": "yes"})
    take = reverse("assessments:quickscan_take")
    page = officer.post(take, {"code": code}).content.decode()
    assert "Hier heeft u al iets ingevuld" in page
    officer.post(take, {"code": code, "confirm": "1"})
    officer.post(take, {"code": code, "confirm": "1"})
    stored = {
        answer.item.code: (answer.value, answer.text) for answer in draft.answers.select_related("item")
    }
    assert stored == {"W1.1": ("no", "Wij beginnen in maart."), "W1.2": ("yes", "")}
    assert AnswerVersion.objects.count() == 2


def test_what_is_linked_is_told_as_filled_in(officer: Client, edition: FrameworkVersion):
    own = f.Organisation.objects.get(name="De Linde")
    draft = f.draft_revision(own, frameworks=[f.IGJ])
    source = f.answer(draft, f.item("W1.2"), "no")
    linking.say(Answer(organisation=own, revision=draft, item=f.item("W1.1")), source).save()
    taking = quickscan.compare(draft, edition.pk, {"W1.1": "yes", "W2.3": "no"})
    assert [[item.code for item in items] for items in (taking.new, taking.kept)] == [["W2.3"], ["W1.1"]]


def test_without_a_draft_that_asks_it_the_page_says_what_to_do(officer: Client, edition: FrameworkVersion):
    own = f.Organisation.objects.get(name="De Linde")
    f.offered_revision(own, frameworks=[f.IGJ])
    code = quickscan.encode(edition, {"W1.2": "yes"})
    page = officer.post(
        reverse("assessments:quickscan_take"), {"code": code, "confirm": "1"}
    ).content.decode()
    assert "geen concept met deze vragen" in page and code in page


def test_a_wrong_code_is_refused_in_words(officer: Client, edition: FrameworkVersion):
    page = officer.post(reverse("assessments:quickscan_take"), {"code": "ABCD-1234"}).content.decode()
    assert "Deze code klopt niet" in page and 'value="ABCD-1234"' in page
