"""The talks with clients and staff about an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments import consultation, services
from assessments.errors import WrongState
from assessments.forms.consultation import ConsultationForm
from assessments.models import Consultation, Revision
from assessments.permissions import can_fill_in
from providers.http import Request


def visible(request: Request, pk: int) -> Revision:
    """A revision that the actor may read."""
    revisions = Revision.objects.visible_to(request.actor)
    return get_object_or_404(
        revisions.select_related("self_assessment", "organisation", "offered_by", "adopted_by"), pk=pk
    )


@login_required
def consultations(request: Request, pk: int) -> HttpResponse:
    """Both subjects with their talks, and who was not heard."""
    revision = visible(request, pk)
    services.record_opening(revision, by=request.actor)
    context = {
        "revision": revision,
        "topics": consultation.topics(revision, reader=request.actor),
        "may_write": revision.is_open and can_fill_in(request.actor, revision),
    }
    return render(request, "assessments/signing/consultations.html", context)


def _writable(request: Request, pk: int) -> Revision:
    revision = visible(request, pk)
    if not can_fill_in(request.actor, revision):
        raise Http404
    return revision


@login_required
def consultation_new(request: Request, pk: int, subject: str) -> HttpResponse:
    """Write down a talk about one of the subjects."""
    if subject not in Consultation.Subject.values:
        raise Http404
    return _edit(request, _writable(request, pk), Consultation(subject=subject))


@login_required
def consultation_edit(request: Request, pk: int, talk: int) -> HttpResponse:
    """Change a talk."""
    revision = _writable(request, pk)
    rows = Consultation.objects.select_for_update(of=("self",))
    return _edit(
        request, revision, get_object_or_404(rows, self_assessment=revision.self_assessment_id, pk=talk)
    )


def _edit(request: Request, revision: Revision, row: Consultation) -> HttpResponse:
    form = ConsultationForm(request.POST or None, instance=row, by=request.actor)
    if not revision.is_open:
        messages.warning(request, LATE)
        return redirect("assessments:consultations", revision.pk)
    if request.method == "POST" and form.is_valid():
        try:
            consultation.keep(revision.pk, form.save(commit=False), by=request.actor)
        except WrongState:
            messages.warning(request, LATE)
        else:
            messages.success(request, "Het gesprek is vastgelegd.")
        return redirect("assessments:consultations", revision.pk)
    context = {"revision": revision, "form": form, "row": row}
    return render(request, "assessments/signing/consultation.html", context)


LATE = "De zelfevaluatie is al ingediend. Kies ‘Intrekken en aanvullen’ om een gesprek toe te voegen."


@login_required
@require_POST
def consultation_remove(request: Request, pk: int, talk: int) -> HttpResponse:
    revision = _writable(request, pk)
    try:
        consultation.remove(revision.pk, talk, by=request.actor)
    except WrongState:
        messages.warning(request, LATE)
    else:
        messages.success(request, "Het gesprek is verwijderd.")
    return redirect("assessments:consultations", pk)
