"""Taking over many rows from a file: first shown, then all of them or none.

The rows are kept as they stood in the file. Both the preview and taking over read them anew against what is
in the database at that moment, so nothing is taken over that nobody saw.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from providers import audit, tables
from providers.actor import Actor
from providers.errors import Refused
from providers.identifiers import validate_agb, validate_establishment, validate_kvk
from providers.models import Contract, Import, Location, Organisation, ProviderRegion, Region, Role

Values = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its name above it, what to fill in, and how a cell becomes a value."""

    name: str
    title: str
    help: str
    example: str
    read: Callable[[str], Any]
    required: bool = False


@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    sentence: str


@dataclass
class Plan:
    """What one row would do: make or change rows in the database. Without either it changes nothing."""

    row: int
    title: str
    new: bool = False
    changes: list[str] = field(default_factory=list)
    create: list[models.Model] = field(default_factory=list)
    update: list[tuple[models.Model, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """What taking over would do now, or why it cannot be done."""

    plans: Sequence[Plan]
    problems: Sequence[Problem]

    @cached_property
    def new(self) -> list[Plan]:
        return [plan for plan in self.plans if plan.new]

    @cached_property
    def changed(self) -> list[Plan]:
        return [plan for plan in self.plans if plan.changes and not plan.new]

    @property
    def unchanged(self) -> int:
        return len(self.plans) - len(self.new) - len(self.changed)

    @cached_property
    def mark(self) -> str:
        """Changes with anything that the preview shows."""
        shown = [(plan.row, plan.title, plan.new, plan.changes) for plan in self.plans]
        return hashlib.sha256(repr((shown, self.problems)).encode()).hexdigest()


class Kind(ABC):
    """One kind of import: who may do it, its columns, and what a row means."""

    role: Role
    columns: tuple[Column, ...]
    # In the order in which they are made.
    models: tuple[type[models.Model], ...]

    @abstractmethod
    def key(self, values: Values) -> tuple[Any, ...]:
        """What a file may hold once."""

    @abstractmethod
    def plans(self, rows: Sequence[tuple[int, Values]], by: Organisation) -> Iterator[Plan | Problem]:
        """What each row would do, in a number of queries that does not grow with the rows."""


def keep(kind: str, file_name: str, data: bytes, *, by: Actor) -> Import:
    """Keep the rows of a file for a preview; an older one that waited goes. Raises Refused for the file."""
    wanted = _kind(kind, by)
    table = tables.read(data)
    named = _columns(wanted, table.header)
    rows = [
        {"row": number, "cells": {name: cells[at] if at < len(cells) else "" for name, at in named.items()}}
        for number, cells in table.rows
    ]
    Import.objects.filter(kind=kind, organisation=by.own, applied_at=None).delete()
    return Import.objects.create(
        kind=kind, organisation=by.own, file_name=file_name[:200], rows=rows, created_by=by.person
    )


def preview(kept: Import) -> Preview:
    """What the kept rows would do now."""
    kind = KINDS[kept.kind]
    parsed, problems = [], []
    seen: dict[tuple[Any, ...], int] = {}
    for row in kept.rows:
        values, faults = _values(kind, row["row"], row["cells"])
        if not faults and (key := kind.key(values)) in seen:
            faults = [Problem(row["row"], "", f"Deze rij staat ook al op rij {seen[key]}. Haal er één weg.")]
        elif not faults:
            seen[key] = row["row"]
            parsed.append((row["row"], values))
        problems += faults
    found = list(kind.plans(parsed, kept.organisation))
    problems += [row for row in found if isinstance(row, Problem)]
    plans = [row for row in found if isinstance(row, Plan)]
    return Preview(plans, sorted(problems, key=lambda problem: problem.row))


@transaction.atomic
def take_over(pk: int, *, seen: str, by: Actor) -> Preview:
    """Do what the preview with the mark `seen` showed. Raises Refused when it would do something else now."""
    kept = Import.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    kind = _kind(kept.kind, by)
    if kept.organisation_id != by.organisation_id:
        raise PermissionDenied
    if kept.applied_at:
        raise Refused("Dit bestand is al overgenomen.")
    now = preview(kept)
    if now.mark != seen or now.problems:
        raise Refused("Intussen is er iets gewijzigd. Kijk het overzicht hieronder nog eens na.")
    try:
        with transaction.atomic():
            _write(kind, now)
    except IntegrityError:
        raise Refused("Iemand anders wijzigde tegelijk hetzelfde. Er is niets overgenomen.") from None
    # What was taken over stands in its own place now.
    kept.applied_at, kept.rows = timezone.now(), []
    kept.save(update_fields=["applied_at", "rows"])
    audit.record("imported", by=by, about=kept.organisation_id, obj=kept)
    return now


def _write(kind: Kind, now: Preview) -> None:
    for model in kind.models:
        rows = [row for plan in now.plans for row in plan.create if isinstance(row, model)]
        model._default_manager.bulk_create(rows, batch_size=500)
        by_fields: dict[tuple[str, ...], list[models.Model]] = {}
        for plan in now.plans:
            for row, fields in plan.update:
                if isinstance(row, model):
                    by_fields.setdefault(fields, []).append(row)
        for fields, changed in by_fields.items():
            model._default_manager.bulk_update(changed, fields, batch_size=500)


def _kind(name: str, by: Actor) -> Kind:
    kind = KINDS[name]
    if not by.has(kind.role):
        raise PermissionDenied
    return kind


def _columns(kind: Kind, header: Sequence[str]) -> dict[str, int]:
    """Where each column stands. Other columns are left alone; one that is missing or double is refused."""
    names = [" ".join(title.casefold().split()) for title in header]
    found = {}
    for column in kind.columns:
        places = [at for at, name in enumerate(names) if name == column.title.casefold()]
        if len(places) > 1:
            raise Refused(f"De kolom ‘{column.title}’ staat er twee keer in. Haal er één weg.")
        if places:
            found[column.name] = places[0]
        elif column.required:
            raise Refused(f"De kolom ‘{column.title}’ ontbreekt. Gebruik de kolomnamen van het voorbeeld.")
    return found


def _values(kind: Kind, row: int, cells: Mapping[str, str]) -> tuple[Values, list[Problem]]:
    values, problems = {}, []
    for column in kind.columns:
        cell = cells.get(column.name, "")
        try:
            if column.required and not cell:
                raise ValidationError("Vul deze cel in.")
            if not cell.isprintable():
                raise ValidationError("Hier staat een teken dat niet te lezen is, of een nieuwe regel.")
            values[column.name] = column.read(cell) if cell else None
        except ValidationError as fault:
            problems.append(Problem(row, column.title, " ".join(fault.messages)))
    return values, problems


# --- how cells become values


def _number(validate: Callable[[str], None]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        validate(cell)
        return cell

    return read


def _words(most: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > most:
            raise ValidationError(f"Deze tekst is te lang: ten hoogste {most} tekens.")
        return cell

    return read


def _day(cell: str) -> date:
    for pattern in ("%d-%m-%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(cell, pattern).date()
        except ValueError:
            continue
        if 2000 <= day.year <= 2100:
            return day
    raise ValidationError("Vul een datum in zoals 31-12-2026.")


def _codes(cell: str) -> list[str]:
    return sorted(set(cell.replace(",", " ").replace(";", " ").split()))


def _form(cell: str) -> str:
    """A leveringsvorm by its name or its code."""
    for form in Contract.DeliveryForm:
        if cell.casefold() in (form.value, str(form.label).casefold()):
            return form.value
    raise ValidationError("Vul pgb, vpt of mpt in.")


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return f"‘{value}’" if value else "leeg"


_KVK = Column("kvk", "KvK-nummer", "8 cijfers, als tekst", "00000001", _number(validate_kvk), required=True)
_AGB = Column("agb", "AGB-code", "8 cijfers, als tekst", "00000001", _number(validate_agb), required=True)


def _providers(rows: Iterable[tuple[int, Values]]) -> dict[tuple[str, str], Organisation]:
    """The providers that the rows are about, by their numbers."""
    found = Organisation.objects.providers().filter(kvk__in={values["kvk"] for _, values in rows})
    return {(provider.kvk, provider.agb): provider for provider in found}


class Providers(Kind):
    """Providers with a first location and their regions. A region is added, never taken away."""

    role = Role.PORTAL_ADMIN
    models = (Organisation, Location, ProviderRegion)
    columns = (
        _KVK,
        _AGB,
        Column("name", "Naam", "zoals bij de Kamer van Koophandel", "Zorg Voorbeeld", _words(160), True),
        Column("place", "Plaats", "leeg laten mag", "Delft", _words(80)),
        Column(
            "establishment",
            "Vestigingsnummer",
            "12 cijfers, als tekst; leeg laten mag",
            "000000000001",
            _number(validate_establishment),
        ),
        Column("regions", "Regio's", "codes van zorgkantoorregio's, met een spatie ertussen", "5518", _codes),
    )

    def key(self, values: Values) -> tuple[Any, ...]:
        return values["kvk"], values["agb"]

    def plans(self, rows: Sequence[tuple[int, Values]], by: Organisation) -> Iterator[Plan | Problem]:
        known = _providers(rows)
        regions = {region.code: region for region in Region.objects.filter(ended_on=None)}
        held: dict[int, set[int]] = {}
        links = ProviderRegion.objects.on().filter(provider__in=known.values())
        for provider_id, region_id in links.values_list("provider", "region"):
            held.setdefault(provider_id, set()).add(region_id)
        places: dict[int, list[Location]] = {}
        for place in Location.objects.filter(organisation__in=known.values()):
            places.setdefault(place.organisation_id, []).append(place)
        for row, values in rows:
            codes = values["regions"] or []
            if unknown := [code for code in codes if code not in regions]:
                yield Problem(row, "Regio's", f"Deze regio kennen wij niet: {', '.join(unknown)}.")
                continue
            provider = known.get((values["kvk"], values["agb"]))
            plan = Plan(row, values["name"], new=provider is None)
            if provider is None:
                provider = Organisation(
                    kind=Organisation.Kind.PROVIDER,
                    name=values["name"],
                    kvk=values["kvk"],
                    agb=values["agb"],
                    place=values["place"] or "",
                )
                plan.create.append(provider)
            else:
                _compare(plan, provider, {"name": values["name"], "place": values["place"]})
            self._add_location(plan, provider, values, places.get(provider.pk, []))
            for code in codes:
                if regions[code].pk not in held.get(provider.pk, set()):
                    plan.create.append(ProviderRegion(provider=provider, region=regions[code]))
                    plan.changes.append(f"regio {regions[code]} komt erbij")
            yield plan

    def _add_location(
        self, plan: Plan, provider: Organisation, values: Values, places: Sequence[Location]
    ) -> None:
        number = values["establishment"]
        if not number or any(place.establishment == number for place in places):
            return
        where = values["place"] or provider.place
        name = f"Vestiging {where}".strip()
        if any(place.name == name for place in places):
            name = f"Vestiging {number}"
        plan.create.append(Location(organisation=provider, name=name, place=where, establishment=number))
        plan.changes.append(f"vestiging {number} komt erbij")


class Contracts(Kind):
    """Contracts of the own care office. The provider need not work in a region of the office."""

    role = Role.CARE_OFFICE_OFFICER
    models = (Contract,)
    columns = (
        _KVK,
        _AGB,
        Column("delivery_form", "Leveringsvorm", "pgb, vpt of mpt", "vpt", _form, True),
        Column("valid_from", "Ingangsdatum", "zoals 1-1-2026", "1-1-2026", _day, True),
        Column("valid_until", "Einddatum", "de laatste dag; leeg als er geen einde is", "31-12-2026", _day),
        Column("contact", "Contactpersoon", "leeg laten mag", "Jan de Vries", _words(160)),
    )

    def key(self, values: Values) -> tuple[Any, ...]:
        return values["kvk"], values["agb"], values["delivery_form"], values["valid_from"]

    def plans(self, rows: Sequence[tuple[int, Values]], by: Organisation) -> Iterator[Plan | Problem]:
        known = _providers(rows)
        held = {
            (contract.provider_id, contract.delivery_form, contract.valid_from): contract
            for contract in Contract.objects.filter(care_office=by, provider__in=known.values())
        }
        for row, values in rows:
            provider = known.get((values["kvk"], values["agb"]))
            if provider is None:
                yield Problem(row, "KvK-nummer", "Geen zorgaanbieder met dit KvK-nummer en deze AGB-code.")
                continue
            if values["valid_until"] and values["valid_until"] < values["valid_from"]:
                yield Problem(row, "Einddatum", "De einddatum ligt vóór de ingangsdatum.")
                continue
            form = Contract.DeliveryForm(values["delivery_form"])
            contract = held.get((provider.pk, form.value, values["valid_from"]))
            plan = Plan(row, f"{provider}, {form.label}", new=contract is None)
            until, contact = values["valid_until"], values["contact"] or ""
            if contract is None:
                plan.create.append(
                    Contract(
                        care_office=by,
                        provider=provider,
                        delivery_form=form,
                        valid_from=values["valid_from"],
                        valid_until=until,
                        contact=contact,
                    )
                )
            else:
                _compare(plan, contract, {"valid_until": until, "contact": contact}, empty=True)
            yield plan


def _compare(plan: Plan, row: models.Model, values: Values, *, empty: bool = False) -> None:
    """Put what differs in the plan. An empty cell leaves what is there, unless it may empty it."""
    changed = []
    for name, value in values.items():
        old = getattr(row, name)
        if value == old or (not value and not empty):
            continue
        label = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        plan.changes.append(f"{label}: {_shown(old)} wordt {_shown(value)}")
        setattr(row, name, value)
        changed.append(name)
    if changed:
        plan.update.append((row, tuple(changed)))


KINDS: dict[str, Kind] = {Import.Kind.PROVIDERS: Providers(), Import.Kind.CONTRACTS: Contracts()}


def open_imports(kind: str, by: Actor) -> "models.QuerySet[Import]":
    """The own organisation's imports of a kind, for who may do them."""
    _kind(kind, by)
    return Import.objects.filter(kind=kind, organisation=by.own).select_related("organisation")
