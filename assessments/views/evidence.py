"""The library of evidence, choosing from it, releasing it, and opening a file."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments import bsn_guard, files, library, permissions, questions
from assessments.errors import WrongState
from assessments.forms.evidence import NewFileForm, NewPieceForm, PieceForm, ReasonForm, SearchForm
from assessments.models import Evidence, EvidenceRevision, Revision
from assessments.models.evidence import EvidenceQuerySet
from assessments.question import Question
from norms.models import Item
from providers import audit
from providers.http import Request
from providers.paging import page_after
from providers.permissions import roles_required
from wlzthuis import downloads

ORDER = ("title", "id")


@login_required
def evidence(request: Request, pk: int) -> HttpResponse:
    """On to the file, always as a download: what others uploaded is never shown inside the portal."""
    file = get_object_or_404(EvidenceRevision.objects.visible_to(request.actor), pk=pk)
    if not file.is_served:
        return render(request, "assessments/evidence/withheld.html", {"file": file}, status=409)
    audit.record(
        "evidence_opened", by=request.actor, about=file.organisation_id, obj=file, outcome=audit.SEEN
    )
    return downloads.hand_over(file)


@roles_required(*permissions.PROVIDER_EDITORS)
def evidence_library(request: Request) -> HttpResponse:
    """All pieces of the own organisation, by title."""
    form = SearchForm(request.GET or None)
    found = form.found(_own(request)) if form.is_bound else _own(request).kept()
    context = {
        "form": form,
        "page": page_after(found.for_list(), request, order=ORDER),
        "is_searched": any(request.GET.get(name) for name in ("zoek", "toon")),
    }
    return render(request, "assessments/evidence/library.html", context)


def _own(request: Request) -> EvidenceQuerySet:
    return Evidence.objects.visible_to(request.actor)


@roles_required(*permissions.PROVIDER_EDITORS)
def evidence_new(request: Request) -> HttpResponse:
    form = NewPieceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            piece = library.add_piece(
                chosen["file"], chosen["title"], chosen["valid_until"], by=request.actor
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, "Toegevoegd. U kunt het nu bij uw antwoorden kiezen.")
            return redirect(piece)
    return render(request, "assessments/evidence/new.html", {"form": form})


@login_required
def evidence_detail(request: Request, pk: int) -> HttpResponse:
    """One piece: its files, where it is used, who may read it and who did; its title and last day."""
    piece = _piece(request, pk)
    if request.method != "POST":
        return _detail(request, piece)
    form = PieceForm(request.POST, instance=Evidence.objects.select_for_update(no_key=True).get(pk=piece.pk))
    if form.is_valid():
        library.change(
            piece.pk, form.cleaned_data["title"], form.cleaned_data["valid_until"], by=request.actor
        )
        messages.success(request, "Opgeslagen.")
        return redirect(piece)
    return _detail(request, piece, form=form)


def _piece(request: Request, pk: int) -> Evidence:
    return get_object_or_404(_own(request).for_list(), pk=pk)


def _detail(request: Request, piece: Evidence, **forms: Any) -> HttpResponse:
    context = {
        "piece": piece,
        "form": PieceForm(instance=piece),
        "file_form": NewFileForm(),
        "uses": library.uses(piece),
        "readers": library.readers(piece),
        "openings": library.openings(piece),
        **forms,
    }
    return render(request, "assessments/evidence/detail.html", context)


@login_required
@require_POST
def evidence_new_file(request: Request, pk: int) -> HttpResponse:
    """A newer file of a piece."""
    piece = _piece(request, pk)
    form = NewFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            library.add_file(piece.pk, form.cleaned_data["file"], by=request.actor)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(
                request, "De nieuwe versie is toegevoegd. Wat u al heeft ingediend, houdt de oude versie."
            )
            return redirect(piece)
    return _detail(request, piece, file_form=form)


@login_required
@require_POST
def evidence_archive(request: Request, pk: int) -> HttpResponse:
    """Out of the library, or (`undo`) back in."""
    piece = _piece(request, pk)
    undo = "undo" in request.POST
    library.archive(piece.pk, not undo, by=request.actor)
    done = "Het bewijsstuk staat weer in uw lijst." if undo else "Gearchiveerd. U kunt dit ongedaan maken."
    messages.success(request, done)
    return redirect(piece)


@login_required
def evidence_release(request: Request, pk: int) -> HttpResponse:
    """Which care offices may open a piece; a button each."""
    piece = _piece(request, pk)
    if request.method == "POST":
        _change_release(request, piece)
        return redirect("assessments:evidence_release", piece.pk)
    context = {"piece": piece, "readers": library.readers(piece)}
    return render(request, "assessments/evidence/release.html", context)


def _change_release(request: Request, piece: Evidence) -> None:
    """Release to, or withdraw from, the care office whose button was pressed."""
    readers = {str(reader.organisation.pk): reader.organisation for reader in library.readers(piece)}
    if office := readers.get(request.POST.get("release", "")):
        library.release(piece.pk, office.pk, by=request.actor)
        messages.success(request, f"{office.name} kan dit bewijsstuk nu openen bij wat u indient.")
    elif office := readers.get(request.POST.get("withdraw", "")):
        library.withdraw(piece.pk, office.pk, by=request.actor)
        messages.success(request, f"{office.name} kan dit bewijsstuk niet meer openen.")


# --- at an account


@login_required
def choose_evidence(request: Request, pk: int, item: int) -> HttpResponse:
    """Pieces of the library to use under one question of a draft."""
    revision = _draft(request, pk)
    question = _question(revision, item)
    back = reverse("assessments:fill_in_section", args=[pk, question.item.section_id]) + f"#{question.id}"
    if request.method == "POST":
        chosen = library.chosen_files(request.POST.getlist("piece"), by=request.actor)
        try:
            files.use_evidence(revision.pk, question.item, chosen, by=request.actor)
        except WrongState as state:
            messages.warning(request, f"Niet gewijzigd: de zelfevaluatie is intussen {str(state).lower()}.")
        else:
            if chosen:
                messages.success(request, f"Gekozen bij {question.code}.")
        return redirect(back)
    form = SearchForm(request.GET or None)
    found = form.found(_own(request)) if form.is_bound else _own(request).kept()
    used = revision.evidence_links.filter(item=question.item)
    context = {
        "revision": revision,
        "question": question,
        "form": form,
        "page": page_after(found.for_list(), request, order=ORDER),
        "used": set(used.values_list("evidence_revision__evidence", flat=True)),
        "back": back,
    }
    return render(request, "assessments/evidence/choose.html", context)


def _draft(request: Request, pk: int) -> Revision:
    revision = get_object_or_404(
        Revision.objects.visible_to(request.actor).select_related("self_assessment"), pk=pk
    )
    if not permissions.can_fill_in(request.actor, revision):
        raise Http404
    return revision


def _question(revision: Revision, item: int) -> Question:
    try:
        return questions.load_one(revision, item)
    except Item.DoesNotExist:
        raise Http404 from None


@login_required
def bsn_check(request: Request, pk: int) -> HttpResponse:
    """What looks like a BSN in an open account; who knows better says why, and may go on."""
    revision = _draft(request, pk)
    found = bsn_guard.findings(revision) if revision.is_open else []
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keys = request.POST.getlist("key")
        try:
            bsn_guard.overrule(pk, keys, form.cleaned_data["reason"], by=request.actor)
        except WrongState as state:
            messages.warning(request, f"Niet gewijzigd: de zelfevaluatie is intussen {str(state).lower()}.")
        else:
            messages.success(request, "Uw reden is bewaard. U kunt verder.")
        return redirect(revision)
    context = {"revision": revision, "found": found, "form": form}
    return render(request, "assessments/evidence/bsn.html", context)
