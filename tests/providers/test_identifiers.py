"""Register numbers: text with leading zeros, checked in the form and in the database."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from providers.identifiers import validate_agb, validate_establishment, validate_kvk
from providers.models import Location, Organisation
from tests import factories as make


@pytest.mark.parametrize(
    ("check", "good"),
    [(validate_kvk, "01234567"), (validate_agb, "06010210"), (validate_establishment, "000005203686")],
)
def test_a_number_keeps_its_leading_zeros(check, good):
    check(good)
    for bad in (
        good[1:],
        good + "1",
        f" {good[1:]}",
        f"{good}\n",
        good.replace("0", "O"),
        f"{good[:-1]}x",
        "",
        "١" * len(good),
    ):
        with pytest.raises(ValidationError, match="Nullen vooraan horen erbij"):
            check(bad)


@given(st.text(max_size=13) | st.from_regex(r"[0-9٠-٩ ]{7,13}\n?", fullmatch=True))
def test_only_so_many_plain_digits_are_a_number(text):
    for check, count in ((validate_kvk, 8), (validate_agb, 8), (validate_establishment, 12)):
        try:
            check(text)
        except ValidationError:
            accepted = False
        else:
            accepted = True
        assert accepted == (len(text) == count and not re.sub("[0-9]", "", text))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "bad"), [("kvk", "1234567"), ("kvk", "1234567a"), ("agb", "123"), ("agb", "        ")]
)
def test_the_database_refuses_a_wrong_number_of_an_organisation(field, bad):
    organisation = make.provider()
    with pytest.raises(IntegrityError, match=f"organisation_{field}"), transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(**{field: bad})


@pytest.mark.django_db
def test_the_database_refuses_a_wrong_number_of_a_location():
    place = make.location(make.provider(locations=0))
    with pytest.raises(IntegrityError, match="location_establishment"), transaction.atomic():
        Location.objects.filter(pk=place.pk).update(establishment="12345")


@pytest.mark.django_db
def test_one_kvk_may_have_several_agb_codes_but_not_one_pair_twice():
    make.provider(kvk="00000001", agb="00000011")
    make.provider(kvk="00000001", agb="00000012")
    with pytest.raises(IntegrityError, match="organisation_provider_once"), transaction.atomic():
        make.provider(kvk="00000001", agb="00000011")
    # Other organisations have none, and that is no pair.
    make.care_office()
    make.care_office(name="Zorgkantoor Utrecht")


@pytest.mark.django_db
def test_a_provider_has_a_location_name_once():
    provider = make.provider(locations=1)
    with pytest.raises(IntegrityError, match="location_name_once"), transaction.atomic():
        make.location(provider, "Team 1")
    make.location(make.provider(locations=0), "Team 1")
