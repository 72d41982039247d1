"""The regions as data, and who sees which provider through them."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from providers.models import Organisation, ProviderRegion, Region, RegionHolder
from providers.regions import load_regions, read_regions
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_file_has_31_regions_in_33_codes():
    rows = read_regions()
    assert [row.code for row in rows] == [str(code) for code in range(5501, 5534)]
    present = [row for row in rows if row.ended_on is None]
    # Of the 31 regions Friesland has two codes; nobody has to choose between two equal names.
    assert len({row.name for row in present}) == len(present) == 32
    assert {row.code for row in present if row.name.startswith("Friesland")} == {"5502", "5533"}
    assert [(row.code, row.ended_on, row.holder) for row in rows if row.ended_on] == [
        ("5522", date(2020, 1, 1), None)
    ]
    assert all(row.holder for row in present)


def test_loading_twice_changes_nothing():
    assert load_regions() == (33, 0)
    assert load_regions() == (0, 0)
    assert Region.objects.count() == 33
    assert not Organisation.objects.exists()
    assert not RegionHolder.objects.exists()


def test_loading_repairs_a_name_and_an_end():
    load_regions()
    Region.objects.filter(code="5511").update(name="Gooi", ended_on=date(2025, 1, 1))
    assert load_regions() == (0, 1)
    region = Region.objects.get(code="5511")
    assert (region.name, region.ended_on) == ("'t Gooi", None)


def test_the_command_tells_what_it_did():
    out = StringIO()
    call_command("load_regions", stdout=out)
    assert out.getvalue() == "Regio's: 33 nieuw, 0 gewijzigd.\n"


def test_a_care_office_has_the_providers_of_the_regions_it_holds_today():
    here, there = make.region(), make.region("5509", "Utrecht")
    office = make.care_office([here])
    inside, outside = make.provider(regions=[here]), make.provider(regions=[there])
    both = make.provider(regions=[here, there])

    def seen() -> set[Organisation]:
        return set(Organisation.objects.in_regions_of(office.pk))

    assert seen() == {inside, both}
    ProviderRegion.objects.filter(provider=inside).update(valid_until=date(2025, 12, 31))
    assert seen() == {both}
    RegionHolder.objects.filter(care_office=office).update(valid_until=date(2025, 12, 31))
    assert seen() == set()
    assert outside not in seen()


def test_a_holder_of_tomorrow_sees_nothing_yet():
    here = make.region()
    office = make.care_office()
    RegionHolder.objects.create(region=here, care_office=office, valid_from=date(2999, 1, 1))
    make.provider(regions=[here])
    assert not Organisation.objects.in_regions_of(office.pk).exists()
