"""Importing providers (by the portal) and contracts (by a care office), and the list of contracts."""

import csv
import io
from collections.abc import Callable

import openpyxl
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from providers import imports
from providers.errors import Refused
from providers.forms.imports import ImportForm
from providers.http import Request
from providers.models import Contract, Import, Role
from providers.paging import page_after
from providers.permissions import roles_required
from providers.tables import MAX_BYTES

SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS: dict[str, dict[str, str]] = {
    Import.Kind.PROVIDERS: {
        "title": "Zorgaanbieders importeren",
        "lead": "Zet veel zorgaanbieders in één keer in Thuispeil. Eén rij is één zorgaanbieder.",
        "existing": "Een zorgaanbieder met hetzelfde KvK-nummer en dezelfde AGB-code wordt bijgewerkt. "
        "Een lege cel laat staan wat er staat. Een regio komt erbij en gaat er nooit af.",
        "back": "organisations",
        "back_label": "Organisaties",
        "one": "zorgaanbieder",
        "many": "zorgaanbieders",
    },
    Import.Kind.CONTRACTS: {
        "title": "Contracten importeren",
        "lead": "Zet uw contracten met zorgaanbieders in één keer in Thuispeil. Eén rij is één contract.",
        "existing": "De zorgaanbieder moet al in Thuispeil staan, maar hoeft niet in uw regio te werken. "
        "Een contract met dezelfde aanbieder, leveringsvorm en ingangsdatum wordt bijgewerkt, "
        "ook als de einddatum of de contactpersoon nu leeg is.",
        "back": "contracts",
        "back_label": "Contracten",
        "one": "contract",
        "many": "contracten",
    },
}
View = Callable[..., HttpResponse]


def _page(kind: str) -> View:
    """Choosing a file, with what its columns mean."""

    @roles_required(imports.KINDS[kind].role)
    def view(request: Request) -> HttpResponse:
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                # One byte more than fits, so that what is too large is never read whole.
                kept = imports.keep(kind, file.name, file.read(MAX_BYTES + 1), by=request.actor)
                return redirect(f"{kind}_preview", kept.pk)
            except Refused as refusal:
                form.add_error("file", str(refusal))
        context = {"form": form, "kind": kind, "columns": imports.KINDS[kind].columns, "words": WORDS[kind]}
        return render(request, "providers/imports/choose.html", context)

    return view


def _preview(kind: str) -> View:
    """What a file would do; a POST does it."""

    @roles_required(imports.KINDS[kind].role)
    def view(request: Request, pk: int) -> HttpResponse:
        kept = get_object_or_404(imports.open_imports(kind, request.actor), pk=pk)
        if request.method == "POST":
            try:
                done = imports.take_over(pk, seen=request.POST.get("seen", ""), by=request.actor)
            except Refused as refusal:
                messages.error(request, str(refusal))
                return redirect(f"{kind}_preview", pk)
            messages.success(request, f"Overgenomen: {len(done.new)} nieuw, {len(done.changed)} bijgewerkt.")
            return redirect(WORDS[kind]["back"])
        preview = None if kept.applied_at else imports.preview(kept)
        context = {
            "kept": kept,
            "kind": kind,
            "preview": preview,
            "words": WORDS[kind],
            "shown": SHOWN,
            "shown_slice": f":{SHOWN}",
        }
        return render(request, "providers/imports/preview.html", context)

    return view


def _example(kind: str) -> View:
    """An example to fill in. All cells are text, so that zeros before a number stay."""

    @roles_required(imports.KINDS[kind].role)
    @require_safe
    def view(request: Request, form: str) -> HttpResponse:
        columns = imports.KINDS[kind].columns
        rows = [[column.title for column in columns], [column.example for column in columns]]
        if form == "csv":
            text = io.StringIO()
            csv.writer(text, delimiter=";").writerows(rows)
            response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
        elif form == "xlsx":
            response = HttpResponse(_workbook(rows), content_type=XLSX)
        else:
            raise Http404
        name = "zorgaanbieders" if kind == Import.Kind.PROVIDERS else "contracten"
        response["Content-Disposition"] = f'attachment; filename="voorbeeld-{name}.{form}"'
        return response

    return view


def _workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, cells in enumerate(rows, 1):
        for place, text in enumerate(cells, 1):
            sheet.cell(number, place, text).number_format = "@"
    for column in sheet.columns:
        letter = column[0].column_letter
        sheet.column_dimensions[letter].width = 24
        # Empty rows too: what is typed there stays text.
        sheet.column_dimensions[letter].number_format = "@"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


providers_import = _page(Import.Kind.PROVIDERS)
providers_preview = _preview(Import.Kind.PROVIDERS)
providers_example = _example(Import.Kind.PROVIDERS)
contracts_import = _page(Import.Kind.CONTRACTS)
contracts_preview = _preview(Import.Kind.CONTRACTS)
contracts_example = _example(Import.Kind.CONTRACTS)


@roles_required(Role.CARE_OFFICE_OFFICER)
@require_safe
def contracts(request: Request) -> HttpResponse:
    """The care office's own contracts."""
    rows = Contract.objects.filter(care_office=request.actor.own).select_related("provider")
    page = page_after(rows, request, order=["provider__name", "pk"])
    return render(request, "providers/contracts.html", {"page": page})
