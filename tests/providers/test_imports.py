"""Importing providers and contracts: what is shown is what is done, all or nothing, whatever the file."""

import io
import itertools
import time
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from providers import imports, tables
from providers.actor import Actor
from providers.errors import Refused
from providers.models import AuditEvent, Contract, Import, Location, Organisation, ProviderRegion, Role
from tests import factories as f
from wlzthuis.isolation import acting

pytestmark = pytest.mark.django_db
HEAD = "KvK-nummer;AGB-code;Naam;Plaats;Vestigingsnummer;Regio's"
ROW = "01234567;07123456;Zorg Één;Delft;000000000001;5518"
CONTRACT_HEAD = "KvK-nummer;AGB-code;Leveringsvorm;Ingangsdatum;Einddatum;Contactpersoon"


def admin() -> Actor:
    return f.acting(Role.PORTAL_ADMIN, f.portal())


def office() -> Actor:
    found = Organisation.objects.filter(kind=Organisation.Kind.CARE_OFFICE).first()
    return f.acting(Role.CARE_OFFICE_OFFICER, found or f.care_office())


def csv_of(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def xlsx_of(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def keep(data: bytes, by: Actor | None = None) -> Import:
    by = by or admin()
    kind = "contracts" if by.has(Role.CARE_OFFICE_OFFICER) else "providers"
    return imports.keep(kind, "bestand.csv", data, by=by)


def take_over(kept: Import, by: Actor | None = None) -> imports.Preview:
    by = by or admin()
    with acting(by.scope):  # the database lets this role do all of it
        return imports.take_over(kept.pk, seen=imports.preview(kept).mark, by=by)


def problems(data: bytes, by: Actor | None = None) -> list[tuple[int, str]]:
    return [(row.row, row.column) for row in imports.preview(keep(data, by)).problems]


def test_providers_come_in_with_location_and_region(client: Client):
    f.region()
    client.force_login(admin().person)
    file = SimpleUploadedFile("zorg.csv", csv_of(HEAD, ROW))
    answer = client.post(reverse("providers_import"), {"file": file}, follow=True)
    page = answer.content.decode()
    assert "Klopt dit?" in page and "Zorg Één" in page
    assert not Organisation.objects.filter(kvk="01234567").exists(), "a preview changes nothing"
    seen = answer.context["preview"].mark
    done = client.post(answer.redirect_chain[-1][0], {"seen": seen}, follow=True)
    assert "Overgenomen: 1 nieuw, 0 bijgewerkt." in done.content.decode()
    made = Organisation.objects.get(kvk="01234567")
    assert (made.name, made.agb, made.kind) == ("Zorg Één", "07123456", "provider")
    assert made.locations.get().establishment == "000000000001"
    assert ProviderRegion.objects.on().get(provider=made).region.code == "5518"
    assert AuditEvent.objects.get(action="imported").object_kind == "import"
    kept = Import.objects.get()
    assert kept.applied_at and kept.rows == []
    assert "Al overgenomen" in client.get(answer.redirect_chain[-1][0]).content.decode()


def test_what_stands_already_is_compared(client: Client):
    region, other = f.region(), f.region("5519", "Delft Westland")
    same = f.provider("Gelijk", kvk="00000001", agb="00000001", regions=[region], locations=0)
    changed = f.provider("Oude naam", kvk="00000002", agb="00000002", regions=[region], locations=0)
    kept = keep(
        csv_of(
            HEAD,
            "00000001;00000001;Gelijk;;;5518",
            "00000002;00000002;Nieuwe naam;Gouda;;5518 5519",
        )
    )
    now = imports.preview(kept)
    assert (len(now.new), len(now.changed), now.unchanged) == (0, 1, 1)
    (plan,) = now.changed
    assert "naam van de organisatie: ‘Oude naam’ wordt ‘Nieuwe naam’" in plan.changes
    take_over(kept)
    changed.refresh_from_db()
    assert (changed.name, changed.place) == ("Nieuwe naam", "Gouda")
    held = ProviderRegion.objects.on().filter(provider=changed)
    assert set(held.values_list("region", flat=True)) == {region.pk, other.pk}
    same.refresh_from_db()
    assert same.place == "Delft"
    again = keep(csv_of(HEAD, "00000002;00000002;Nieuwe naam;Gouda;;5518 5519"))
    assert imports.preview(again).unchanged == 1


def test_a_location_is_added_once_and_never_under_a_name_that_is_taken():
    provider = f.provider(kvk="00000001", agb="00000001", locations=0)
    f.location(provider, "Vestiging Delft")
    line = f"00000001;00000001;{provider.name};Delft;000000000077;"
    for _ in range(2):
        take_over(keep(csv_of(HEAD, line)))
    assert set(provider.locations.values_list("name", flat=True)) == {
        "Vestiging Delft",
        "Vestiging 000000000077",
    }


def test_contracts_are_the_own_office_s(client: Client):
    provider = f.provider(kvk="00000001", agb="00000001")
    by = office()
    line = "00000001;00000001;VPT;1-1-2026;31-12-2026;Jan"
    take_over(keep(csv_of(CONTRACT_HEAD, line), by), by)
    contract = Contract.objects.get()
    assert (contract.care_office, contract.provider, contract.delivery_form) == (by.own, provider, "5")
    assert (contract.valid_from, contract.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    other = f.actor(f.person(Role.CARE_OFFICE_OFFICER, f.care_office(name="Zorgkantoor Verweg")))
    assert imports.preview(keep(csv_of(CONTRACT_HEAD, line), other)).new, "another office has its own"
    take_over(keep(csv_of(CONTRACT_HEAD, "00000001;00000001;5;2026-01-01;;"), by), by)
    contract.refresh_from_db()
    assert (contract.valid_until, contract.contact) == (None, "")
    client.force_login(other.person)
    assert provider.name not in client.get(reverse("contracts")).content.decode()
    client.force_login(by.person)
    assert provider.name in client.get(reverse("contracts")).content.decode()


def test_an_error_stops_everything_and_says_where():
    f.region()
    data = csv_of(
        HEAD,
        ROW,
        "1234567;07123457;Zeven cijfers;;;",
        "00000003;00000003;;;;",
        "00000004;00000004;Regio;;;9999",
        ROW,
    )
    kept = keep(data)
    found = imports.preview(kept).problems
    assert [(row.row, row.column) for row in found] == [
        (3, "KvK-nummer"),
        (4, "Naam"),
        (5, "Regio's"),
        (6, ""),
    ]
    assert "rij 2" in found[3].sentence
    with pytest.raises(Refused):
        take_over(kept)
    assert not Organisation.objects.filter(kind="provider").exists()


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("99999999;00000001;vpt;1-1-2026;;", "KvK-nummer"),
        ("00000001;00000001;zzp;1-1-2026;;", "Leveringsvorm"),
        ("00000001;00000001;vpt;31-2-2026;;", "Ingangsdatum"),
        ("00000001;00000001;vpt;1-1-0026;;", "Ingangsdatum"),
        ("00000001;00000001;vpt;1-1-2026;31-12-2025;", "Einddatum"),
        ("00000001;00000001;vpt;1-1-2026;;" + "x" * 161, "Contactpersoon"),
    ],
)
def test_a_contract_that_cannot_be_names_its_column(line: str, column: str):
    f.provider(kvk="00000001", agb="00000001")
    assert problems(csv_of(CONTRACT_HEAD, line), office()) == [(2, column)]


def test_what_changed_after_the_preview_is_shown_again(client: Client):
    provider = f.provider("Oude naam", kvk="00000001", agb="00000001")
    kept = keep(csv_of(HEAD, "00000001;00000001;Nieuwe naam;;;"))
    seen = imports.preview(kept).mark
    Organisation.objects.filter(pk=provider.pk).update(name="Andere naam")
    with pytest.raises(Refused, match="Intussen is er iets gewijzigd"):
        imports.take_over(kept.pk, seen=seen, by=admin())
    take_over(kept)
    with pytest.raises(Refused, match="al overgenomen"):
        imports.take_over(kept.pk, seen=seen, by=admin())


def test_only_its_own_role_and_organisation_takes_over():
    kept = keep(csv_of(HEAD, ROW))
    for by in (office(), f.director(f.provider())):
        with pytest.raises(PermissionDenied):
            imports.take_over(kept.pk, seen="", by=by)


@pytest.mark.parametrize(
    "data",
    [
        csv_of(HEAD, ROW, encoding="utf-8-sig"),
        csv_of(HEAD, ROW, encoding="cp1252"),
        csv_of(HEAD, ROW, encoding="utf-16"),
        csv_of(HEAD.replace(";", ","), ROW.replace(";", ",")),
        csv_of(HEAD.replace(";", "\t"), ROW.replace(";", "\t")),
        csv_of("", HEAD.upper().replace("KVK-NUMMER", "  kvk-NUMMER "), "", ROW, ";;;;;"),
        csv_of(HEAD + ";Eigen kolom", ROW + ";x"),
        xlsx_of(HEAD.split(";"), ROW.split(";")),
        xlsx_of([*HEAD.split(";")], [*ROW.split(";")[:5], 5518]),
    ],
    ids=["bom", "cp1252", "utf-16", "commas", "tabs", "case and blanks", "more columns", "xlsx", "number"],
)
def test_files_as_programs_write_them(data: bytes):
    f.region()
    (plan,) = imports.preview(keep(data)).plans
    assert plan.title == "Zorg Één" and len(plan.create) == 3


def test_excel_dates_and_numbers():
    f.provider(kvk="10000001", agb="10000001")
    head = CONTRACT_HEAD.split(";")
    whole = [10000001, 10000001, "vpt", datetime(2026, 1, 1), date(2026, 12, 31), None]
    assert len(imports.preview(keep(xlsx_of(head, whole), office())).new) == 1
    # Excel took the zero: we say so and do not put one back.
    assert problems(xlsx_of(head, [1234567, *whole[1:]]), office()) == [(2, "KvK-nummer")]
    assert problems(xlsx_of(head, [True, *whole[1:]]), office()) == [(2, "KvK-nummer")]


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (tables.MAX_UNPACKED + 1))
    return target.getvalue()


def sheet_with(old: bytes, new: bytes) -> bytes:
    """A workbook with one filled row, in whose sheet a text is another."""
    source, target = io.BytesIO(xlsx_of(HEAD.split(";"), ROW.split(";"))), io.BytesIO()
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for part in parts.namelist():
            text = parts.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert old in text
                text = text.replace(b'<dimension ref="A1:F2"', b"<dimension").replace(old, new)
            made.writestr(part, text)
    return target.getvalue()


def entities() -> bytes:
    """A workbook whose sheet doubles a word thirty times over."""
    doubled = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 31))
    evil = f'<!DOCTYPE x [<!ENTITY e0 "hahaha">{doubled}]>'
    source, target = io.BytesIO(xlsx_of(HEAD.split(";"), ["x"])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            if part == "xl/worksheets/sheet1.xml":
                text = evil + text.replace(">x<", ">&e30;<")
                assert "&e30;" in text
            new.writestr(part, text)
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        csv_of(HEAD),
        b"\xd0\xcf\x11\xe0 an old workbook",
        b"PK\x03\x04 no zip at all",
        csv_of(HEAD, ROW.replace("Delft", "De\x00lft")),
        csv_of(HEAD, '"' + ROW),
        csv_of(HEAD, ";" * 1_000_000 + "x"),
        csv_of(HEAD, "x" * 200_000),
        csv_of(HEAD, *[ROW] * (tables.MAX_ROWS + 1)),
        xlsx_of(HEAD.split(";"), *[ROW.split(";")] * (tables.MAX_ROWS + 1)),
        csv_of(HEAD.replace("AGB-code", "AGB"), ROW),
        csv_of(HEAD + ";Naam", ROW),
        b"x" * (tables.MAX_BYTES + 1),
        xlsx_of(["x"] * 60, ["x"] * 60),
        bomb(),
        entities(),
        csv_of(HEAD, *[""] * tables.MAX_LINES, ROW),
    ],
    ids=itertools.count(),
)
def test_a_file_that_is_none_is_refused_with_a_sentence(client: Client, data: bytes):
    client.force_login(admin().person)
    file = SimpleUploadedFile("zorg.csv", data)
    answer = client.post(reverse("providers_import"), {"file": file})
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="2"', b'<row r="2000000000"'),
        (b"</row>", b"<c/>" * tables.MAX_TAGS + b"</row>"),
    ],
    ids=["rows that are not there", "cells without anything"],
)
def test_a_small_workbook_that_takes_very_long_is_refused_at_once(old: bytes, new: bytes):
    began = time.monotonic()
    with pytest.raises(Refused):
        tables.read(sheet_with(old, new))
    assert time.monotonic() - began < 3


def test_exactly_as_many_rows_as_fit_in_few_queries(django_assert_max_num_queries: Any):
    rows = [f"{n:08};{n:08};Zorg {n};;;" for n in range(1, tables.MAX_ROWS + 1)]
    kept = keep(csv_of(HEAD, *rows))
    with django_assert_max_num_queries(60):
        take_over(kept)
    assert Organisation.objects.providers().count() == tables.MAX_ROWS


def test_a_formula_is_a_name_like_any_other(client: Client):
    """It is kept as it stands; where we write spreadsheets ourselves, the writer makes it harmless."""
    kept = keep(csv_of(HEAD, "00000001;00000001;=HYPERLINK(1);;;"))
    take_over(kept)
    assert Organisation.objects.get(kvk="00000001").name == "=HYPERLINK(1)"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_example_can_be_read_back(client: Client, form: str):
    f.region()
    client.force_login(admin().person)
    data = client.get(reverse("providers_example", args=[form])).content
    assert len(imports.preview(keep(data)).new) == 1
    client.force_login(office().person)
    f.provider(kvk="00000001", agb="00000001")
    data = client.get(reverse("contracts_example", args=[form])).content
    assert len(imports.preview(keep(data, office())).new) == 1


def test_a_new_file_takes_the_place_of_one_that_waited():
    keep(csv_of(HEAD, ROW))
    kept = keep(csv_of(HEAD, ROW))
    assert Import.objects.get() == kept
    assert not Location.objects.exists()
