"""The profile of a provider: what is kept, what is refused, two people at once, and who reads it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from norms import applicability
from providers import profile as profiles
from providers.forms.profile import CountField, TallyForm
from providers.models import (
    AuditEvent,
    CareProfile,
    ClientCount,
    DeliveryForm,
    Housing,
    Organisation,
    Profile,
    Role,
    Sector,
    Tally,
)
from tests import factories as f

PROFILE = {
    "has_wlz_clients": "True",
    "delivery_forms": ["mpt", "vpt"],
    "housing": ["unclustered"],
    "sectors": ["vv"],
    "bridging_care": "False",
}


@pytest.fixture
def own(db: None) -> Organisation:
    return f.provider("De Linde", regions=[f.region()])


@pytest.fixture
def officer(client: Client, own: Organisation) -> Client:
    client.force_login(f.quality_officer(own).person)
    return client


def as_sent(client: Client, url: str) -> dict[str, Any]:
    """What the form would send when nothing is changed."""
    form = client.get(url).context["form"]
    return {field.name: "" if field.value() is None else field.value() for field in form}


def test_every_code_that_a_framework_may_name_can_be_told():
    told = {
        "delivery_forms": DeliveryForm.values,
        "housing": Housing.values,
        "sectors": Sector.values,
    }
    for fact, codes in told.items():
        assert set(applicability.FACTS[fact]) <= set(codes)
    # The lower profiles are counted together: no framework of care at home is about them.
    assert set(CareProfile.values) - {"other"} == set(applicability.CARE_PROFILES) - {"1vv", "2vv", "3vv"}


def test_a_profile_is_kept_and_gives_the_facts_of_a_day(officer: Client, own: Organisation):
    today = timezone.localdate()
    assert profiles.facts(own.pk, today) is None
    assert officer.post(reverse("profile"), PROFILE).status_code == 302
    f.tally(own, today - timedelta(days=400), care="8vv")
    f.tally(own, today, care="5vv")
    facts = profiles.facts(own.pk, today)
    assert facts == {
        "has_wlz_clients": True,
        "bridging_care": False,
        "delivery_forms": ["mpt", "vpt"],
        "housing": ["unclustered"],
        "sectors": ["vv"],
        "care_profiles": ["5vv"],
    }
    before = profiles.facts(own.pk, today - timedelta(days=1))
    assert before and before["care_profiles"] == ["8vv"]
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"profile_changed", "clients_counted"}


def test_each_missing_answer_has_its_own_sentence(officer: Client):
    page = officer.post(reverse("profile"), {"sent": "1"}).content.decode()
    for sentence in (
        "Kies Ja of Nog niet.",
        "Kies ten minste één leveringsvorm.",
        "Kies hoe uw cliënten wonen.",
    ):
        assert sentence in page


def test_what_a_colleague_changed_meanwhile_is_kept_or_shown(officer: Client, own: Organisation):
    url = reverse("profile")
    officer.post(url, PROFILE)
    sent = as_sent(officer, url)
    Profile.objects.update(sectors=["vv", "ggz"], delivery_forms=["pgb"])
    answer = officer.post(url, sent | {"delivery_forms": ["mpt"], "bridging_care": "True"})
    assert "intussen in ‘Persoonsgebonden budget (pgb)’" in answer.content.decode()
    assert Profile.objects.get().delivery_forms == ["pgb"]
    again = as_sent_again(answer)
    assert officer.post(url, again).status_code == 302
    stored = Profile.objects.get()
    assert (stored.delivery_forms, stored.sectors, stored.bridging_care) == (["mpt"], ["vv", "ggz"], True)


def test_two_people_who_fill_in_the_first_profile_do_not_write_over_each_other(
    officer: Client, own: Organisation
):
    sent = as_sent(officer, reverse("profile")) | PROFILE
    officer.post(reverse("profile"), PROFILE | {"sectors": ["ghz"]})
    answer = officer.post(reverse("profile"), sent)
    assert "Een collega wijzigde dit intussen in ‘Gehandicaptenzorg’" in answer.content.decode()
    assert Profile.objects.get().sectors == ["ghz"]


def as_sent_again(answer: Any) -> dict[str, Any]:
    return {field.name: "" if field.value() is None else field.value() for field in answer.context["form"]}


def test_a_correction_of_a_count_is_a_new_version_and_the_old_one_stays(officer: Client, own: Organisation):
    day = date(2026, 3, 1)
    f.tally(own, day, 3)
    url = reverse("tally_edit", args=[day])
    sent = as_sent(officer, url) | {"5vv-mpt": "1.204"}
    assert officer.post(url, sent).status_code == 302
    assert [tally.cells for tally in Tally.objects.with_total().order_by("version")] == [
        {("5vv", "mpt"): 3},
        {("5vv", "mpt"): 1204},
    ]
    newest = Tally.objects.latest_versions().with_total().get()
    assert (newest.version, newest.total) == (2, 1204)


def test_a_cell_that_two_people_change_is_shown_and_other_cells_are_both_kept(
    officer: Client, own: Organisation
):
    day = date(2026, 3, 1)
    f.tally(own, day, 3)
    url = reverse("tally_edit", args=[day])
    sent = as_sent(officer, url)
    profiles.save_tally(own.pk, day, {("5vv", "mpt"): 7, ("6vv", "vpt"): 2}, None, by=f.director(own))
    answer = officer.post(url, sent | {"5vv-mpt": "5", "8vv-mpt": "1"})
    assert "intussen in ‘7’. U vulde ‘5’ in" in answer.content.decode()
    assert officer.post(url, as_sent_again(answer)).status_code == 302
    kept = profiles.tally_of(own.pk, day)
    assert kept and kept.cells == {
        ("5vv", "mpt"): 5,
        ("6vv", "vpt"): 2,
        ("8vv", "mpt"): 1,
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"counted_on": "2999-01-01"}, "Deze dag is nog niet geweest"),
        ({"counted_on": "2014-12-31"}, "De Wlz begon op 1 januari 2015"),
        ({"counted_on": "31-13-2026"}, "Vul een datum in"),
        ({"counted_on": "2026-03-01"}, "U heeft al een telling van 1 maart 2026"),
        ({"4vv-mpt": "twee"}, "Vul een heel getal in"),
        ({"4vv-mpt": "-1"}, "Vul een heel getal in"),
        ({"4vv-mpt": "1.20"}, "Vul een heel getal in"),
        ({"4vv-mpt": "100000"}, "ten hoogste 99.999"),
        ({"4vv-mpt": "2", "bridging_clients": "3"}, "meer dan alle cliënten"),
    ],
)
def test_a_count_that_cannot_be_is_refused_in_words_and_stays_on_the_page(
    officer: Client, own: Organisation, fields: dict[str, str], sentence: str
):
    f.tally(own, date(2026, 3, 1))
    answer = officer.post(reverse("tally_new"), {"counted_on": "2026-03-02"} | fields)
    assert sentence in answer.content.decode()
    assert Tally.objects.count() == 1
    for value in fields.values():
        assert f'value="{value}"' in answer.content.decode()


def test_counts_are_never_written_over(own: Organisation):
    from django.db import InternalError, ProgrammingError, transaction

    f.tally(own, date(2026, 3, 1))
    for model in (Tally, ClientCount):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            model.objects.update(organisation=own)


@given(st.integers(min_value=0, max_value=99_999))
def test_a_number_is_read_back_however_it_is_written(number: int):
    dotted = f"{number:,}".replace(",", ".")
    for text in (str(number), dotted, f" {number} ", dotted.replace(".", ". ")):
        assert CountField().clean(text) == number


@given(st.text(max_size=9))
def test_any_other_text_is_refused_or_a_number(text: str):
    from django.core.exceptions import ValidationError

    try:
        found = CountField().clean(text)
    except ValidationError as error:
        assert error.messages[0].startswith("Vul een")
    else:
        assert found is None or 0 <= found <= 99_999


@pytest.mark.django_db
def test_who_reads_a_profile(client: Client):
    region = f.region()
    own, other = f.provider("De Linde", regions=[region]), f.provider("Andere Zorg")
    people = f.everybody(own, other, f.care_office([region]))
    client.force_login(people["quality"])
    client.post(reverse("profile"), PROFILE)
    readers = set()
    for name, user in people.items():
        client.force_login(user)
        if client.get(reverse("profile_of", args=[own.pk])).status_code == 200:
            readers.add(name)
    assert readers == {"quality", "director", "council", "inspector", "coordinator", "office"}


def test_the_council_reads_and_does_not_write(client: Client, own: Organisation):
    client.force_login(f.person(Role.COUNCIL_MEMBER, own))
    assert client.get(reverse("profile")).status_code == 200
    assert client.post(reverse("profile"), PROFILE).status_code == 403


def test_a_new_count_begins_with_the_last_one(officer: Client, own: Organisation):
    f.tally(own, date(2026, 3, 1), 12)
    form = officer.get(reverse("tally_new")).context["form"]
    assert isinstance(form, TallyForm) and form["5vv-mpt"].value() == 12
