"""Preparing a visit: notes beside the provider's account, documents asked for, consent for home visits."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import (
    document_requests,
    home_visits,
    judging,
    permissions,
    questions,
    report_text,
    visit_notes,
)
from assessments.errors import NotReady, WrongState
from assessments.forms.visit_prepare import DocumentRequestForm, GiveForm, HomeVisitForm, Note, NoteForm
from assessments.models import DocumentRequest, DocumentRequestFile, HomeVisit, Visit
from assessments.views.visit_conflicts import CONFLICT, changed, unsaved_page
from assessments.views.visits import recordable_visit, visible_visit
from assessments.visit_overview import in_reading_order
from norms.models import Item
from providers.http import Request
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION
READERS = (*INSPECTION, *permissions.PROVIDER_EDITORS)


# --- notes


@dataclass(frozen=True)
class Chapter:
    """A judged item: what the provider says of it (None: nothing), and the note beside it."""

    item: Item
    own: questions.Block | None
    is_hidden: bool
    note: Note

    @property
    def evidence(self) -> list[Any]:
        return [link for question in self.own.questions for link in question.evidence] if self.own else []


def _notes(visit: Visit, items: list[Item], data: Any) -> dict[int | None, Note]:
    stored = visit_notes.newest(visit)
    places: list[Item | None] = [None, *items]
    notes = {}
    for item in places:
        key = item.pk if item else None
        notes[key] = Note(item, NoteForm(data, note=stored.get(key), item=item), stored.get(key))
    return notes


def _chapters(
    request: Request, visit: Visit, items: list[Item], notes: dict[int | None, Note]
) -> list[Chapter]:
    blocks = {}
    if visit.revision:
        loaded = questions.load(visit.revision)
        found = [block for part in loaded.sections for block in part.blocks if block.judgement]
        blocks = {block.judgement.item.pk: block for block in found if block.judgement}
    hidden = judging.hidden_scores(visit, request.actor, items)
    return [Chapter(item, blocks.get(item.pk), item.pk in hidden, notes[item.pk]) for item in items]


@roles_required(*INSPECTION)
def visit_preparation(request: Request, pk: int) -> HttpResponse:
    """The provider's account, item by item, with the team's own notes beside it."""
    visit = (recordable_visit if request.method == "POST" else visible_visit)(request, pk)
    items = in_reading_order(report_text.judged_items(visit))
    notes = _notes(visit, items, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            for note in notes.values():
                note.save(visit, by=request.actor)
        except WrongState as state:
            texts = [(str(note.form.fields["text"].label), note.shown) for note in notes.values()]
            return unsaved_page(request, visit, state, texts)
        if not any(note.clash or note.errors for note in notes.values()):
            messages.success(request, "Uw notities zijn opgeslagen.")
            return redirect(request.path)
        status = CONFLICT
    context = {
        "visit": visit,
        "general": notes[None],
        "chapters": _chapters(request, visit, items, notes),
        "may_note": visit.status in visit_notes.NOTING and permissions.can_record(request.actor, visit),
    }
    return render(request, "assessments/visits/preparation.html", context, status=status)


@roles_required(*INSPECTION)
@require_POST
def visit_note(request: Request, pk: int, item: int) -> HttpResponse:
    """Save one note while typing (htmx); `item` 0 is the visit as a whole. Gives back how that went."""
    visit = recordable_visit(request, pk)
    items = [row for row in report_text.judged_items(visit) if row.pk == item]
    if item and not items:
        raise Http404
    note = _notes(visit, items, request.POST)[item or None]
    try:
        note.save(visit, by=request.actor)
    except WrongState as state:
        note.errors = [changed(state)]
    return HttpResponse(
        render_to_string(
            "assessments/visits/_note_state.html", {"note": note, "now": timezone.localtime()}, request
        )
    )


# --- documents


@roles_required(*INSPECTION)
def document_request_new(request: Request, pk: int) -> HttpResponse:
    """Ask the provider for documents."""
    visit = recordable_visit(request, pk)
    if not visit.is_known_to_provider:
        messages.warning(request, document_requests.NOT_KNOWN)
        return redirect(visit)
    form = DocumentRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = document_requests.ask(visit.pk, **form.cleaned_data, by=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        except NotReady as reason:
            form.add_error(None, str(reason))
        except WrongState as state:
            labels = {name: str(form.fields[name].label) for name in ("what", "why")}
            texts = [(label, form.cleaned_data[name]) for name, label in labels.items()]
            return unsaved_page(request, visit, state, texts)
        else:
            messages.success(request, "Gevraagd. De aanbieder krijgt een mail.")
            return redirect(asked)
    return render(request, "assessments/visits/document_request_new.html", {"visit": visit, "form": form})


def _request(request: Request, pk: int) -> DocumentRequest:
    found = DocumentRequest.objects.visible_to(request.actor).select_related(
        "visit__organisation", "asked_by", "closed_by"
    )
    return get_object_or_404(found, pk=pk)


@roles_required(*READERS)
def document_request(request: Request, pk: int) -> HttpResponse:
    """What is asked and what came; the provider adds a file."""
    asked = _request(request, pk)
    may_give = asked.is_open and permissions.can_react(request.actor, asked.visit)
    form = GiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not permissions.can_react(request.actor, asked.visit):
            raise PermissionDenied
        if form.is_valid():
            try:
                document_requests.give(asked.pk, form.cleaned_data["file"], by=request.actor)
            except ValidationError as error:
                form.add_error("file", error)
            except WrongState as state:
                messages.warning(request, _closed(state))
                return redirect(asked)
            else:
                messages.success(request, "Toegevoegd. De inspectie kan het bestand nu openen.")
                return redirect(asked)
    context = {
        "asked": asked,
        "visit": asked.visit,
        "given": asked.given.select_related("evidence_revision"),
        "form": form,
        "may_give": may_give,
        "may_close": asked.is_open and permissions.can_record(request.actor, asked.visit),
        "inside": request.actor.has(*INSPECTION),
    }
    return render(request, "assessments/visits/document_request.html", context)


def _closed(state: WrongState) -> str:
    return f"Er is niets gewijzigd. Dit verzoek staat intussen op ‘{state}’."


@roles_required(*permissions.PROVIDER_EDITORS)
@require_POST
def document_take_back(request: Request, pk: int, given: int) -> HttpResponse:
    """The provider takes a wrong file from under the request."""
    asked = _request(request, pk)
    row = get_object_or_404(DocumentRequestFile, pk=given, request=asked)
    try:
        document_requests.take_back(row.pk, by=request.actor)
    except WrongState as state:
        messages.warning(request, _closed(state))
    else:
        messages.success(request, "Teruggenomen. Het bestand staat nog in uw bewijsstukken.")
    return redirect(asked)


@roles_required(*INSPECTION)
@require_POST
def document_close(request: Request, pk: int) -> HttpResponse:
    """Everything came, or (`withdrawn`) it is not needed any more."""
    asked = _request(request, pk)
    ends = DocumentRequest.Status
    status = ends.WITHDRAWN if "withdrawn" in request.POST else ends.COMPLETE
    try:
        asked = document_requests.close(asked.pk, status, by=request.actor)
    except WrongState as state:
        messages.warning(request, _closed(state))
    else:
        messages.success(request, f"Het verzoek staat op ‘{asked.get_status_display()}’.")
    return redirect(asked)


# --- home visits


@roles_required(*INSPECTION)
def visit_homes(request: Request, pk: int) -> HttpResponse:
    """The homes of this visit with their consent, and a form for another."""
    visit = (recordable_visit if request.method == "POST" else visible_visit)(request, pk)
    form = HomeVisitForm(request.POST or None, visit=visit)
    if request.method == "POST" and form.is_valid():
        try:
            home_visits.record(visit.pk, **form.cleaned_data, by=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        except WrongState as state:
            messages.warning(request, changed(state))
            return redirect(visit)
        else:
            messages.success(request, "De toestemming is vastgelegd. Het huisbezoek telt mee.")
            return redirect(request.path)
    context = {
        "visit": visit,
        "form": form,
        "homes": visit.homes.select_related("recorded_by"),
        "may_record": visit.status in Visit.CORRECTING and permissions.can_record(request.actor, visit),
    }
    return render(request, "assessments/visits/homes.html", context)


@roles_required(*INSPECTION)
@require_POST
def home_drop(request: Request, pk: int, home: int) -> HttpResponse:
    """A home that was not entered, or for which consent was taken back."""
    visit = recordable_visit(request, pk)
    row = get_object_or_404(HomeVisit, pk=home, visit=visit)
    try:
        home_visits.drop(row.pk, by=request.actor)
    except WrongState as state:
        messages.warning(request, changed(state))
    else:
        messages.success(request, "Dit huisbezoek telt niet meer mee.")
    return redirect("assessments:visit_homes", visit.pk)
