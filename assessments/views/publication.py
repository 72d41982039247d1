"""What follows the decision to publish: suspending, objections, the provider's words, a better version."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from assessments import corrections, permissions, publication
from assessments.errors import WrongState
from assessments.forms.publication import (
    CorrectionForm,
    ObjectionForm,
    OutcomeForm,
    PlaceForm,
    PublicReactionForm,
    StrikeForm,
    SuspensionForm,
)
from assessments.models import Objection, PublicReaction, Visit
from assessments.views.steps import take_step
from assessments.views.visit_conflicts import changed, unsaved_page
from assessments.views.visits import visible_visit
from assessments.workflow import VISIT
from providers.http import Request
from providers.permissions import roles_required

INSPECTION = permissions.INSPECTION
CLOSED = "De verbetering is intussen gestopt of vastgesteld."
STALE = "Een collega schreef hier intussen iets anders. Lees dat, kies wat er moet staan en bewaar opnieuw."


@roles_required(*INSPECTION)
def visit_suspend(request: Request, pk: int) -> HttpResponse:
    """The step with who suspends and until when."""
    visit = visible_visit(request, pk)
    step = VISIT.steps["suspend"]
    if not step.allowed(request.actor, visit):
        raise PermissionDenied if request.method == "POST" else Http404
    form = SuspensionForm(request.POST or None)
    if request.method != "POST" and visit.status not in step.sources:
        messages.warning(request, changed(WrongState(visit.get_status_display())))
        return redirect(visit)
    if request.method == "POST" and form.is_valid():
        try:
            publication.suspend(visit.pk, form.suspension, form.cleaned_data["note"], by=request.actor)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Reden", form.cleaned_data["note"])])
        messages.success(request, "De openbaarmaking is opgeschort.")
        return redirect(visit)
    return _form(request, visit, form, "Openbaarmaking opschorten", step.explain_of(visit))


def _form(
    request: Request, visit: Visit, form: Any, title: str, lead: str = "", about: str = ""
) -> HttpResponse:
    """`about`: what the form answers to."""
    context = {
        "visit": visit,
        "form": form,
        "title": title,
        "lead": lead,
        "about": about,
        "cancel_url": visit.get_absolute_url(),
    }
    return render(request, "assessments/visits/after_form.html", context)


# --- objections


@roles_required(*INSPECTION)
def objection_new(request: Request, pk: int) -> HttpResponse:
    """Keep an objection that came in."""
    visit = visible_visit(request, pk)
    if not publication.can_follow_up(request.actor, visit):
        raise PermissionDenied
    form = ObjectionForm(request.POST or None, instance=Objection(visit=visit))
    if request.method == "POST" and form.is_valid():
        try:
            publication.record_objection(form.save(commit=False), by=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Bezwaar", form.cleaned_data["subject"])])
        else:
            messages.success(request, "Het bezwaar is vastgelegd.")
            return redirect(visit)
    lead = "Een bezwaar houdt de openbaarmaking niet vanzelf tegen."
    return _form(request, visit, form, "Bezwaar vastleggen", lead)


def _objection(request: Request, pk: int, objection: int) -> Objection:
    """With its visit; 403 for who does not settle them."""
    visit = visible_visit(request, pk)
    row = get_object_or_404(Objection.objects.visible_to(request.actor), pk=objection, visit=visit)
    if not publication.settles_objections(request.actor):
        raise PermissionDenied
    row.visit = visit
    return row


def _said_of(row: Objection) -> str:
    received = date_format(row.received_on, "j F Y")
    return f"{row.get_made_by_display()} maakte bezwaar. U ontving dit op {received}."


@roles_required(*INSPECTION)
def objection_settle(request: Request, pk: int, objection: int) -> HttpResponse:
    """What came of an objection."""
    row = _objection(request, pk, objection)
    if request.method != "POST" and not row.is_open:
        messages.warning(request, f"Dit bezwaar is al afgerond: {row.closed_words}.")
        return redirect(row.visit)
    form = OutcomeForm(request.POST or None, read_by_provider=row.made_by == Objection.MadeBy.PROVIDER)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            publication.settle_objection(
                row.pk, given["outcome"], given["outcome_on"], given["reason"], by=request.actor
            )
        except ValidationError as error:
            form.add_error(None, error)
        except WrongState as state:
            return unsaved_page(request, row.visit, _was_closed(state), [("Reden", given["reason"])])
        else:
            messages.success(request, "De uitkomst is vastgelegd.")
            return redirect(row.visit)
    return _form(request, row.visit, form, "Uitkomst van het bezwaar", _said_of(row), about=row.subject)


def _was_closed(state: WrongState) -> str:
    return f"Dit bezwaar is intussen afgerond: {state}."


@roles_required(*INSPECTION)
def objection_strike(request: Request, pk: int, objection: int) -> HttpResponse:
    """Strike what was recorded wrongly."""
    row = _objection(request, pk, objection)
    if request.method != "POST" and row.struck_at:
        messages.warning(request, "Dit bezwaar is al doorgehaald.")
        return redirect(row.visit)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            publication.strike_objection(row.pk, reason, by=request.actor)
        except WrongState as state:
            return unsaved_page(request, row.visit, _was_closed(state), [("Reden", reason)])
        messages.success(request, "Het bezwaar is doorgehaald. Leg het goede bezwaar nu vast.")
        return redirect(row.visit)
    lead = f"{_said_of(row)} Het blijft te lezen, doorgehaald. Leg daarna het goede bezwaar vast."
    return _form(request, row.visit, form, "Bezwaar doorhalen", lead, about=row.subject)


# --- the provider's own words


@roles_required(*permissions.PROVIDER_EDITORS)
def public_reaction(request: Request, pk: int) -> HttpResponse:
    """What the provider says beside the report."""
    visit = visible_visit(request, pk)
    if not publication.may_add_words(visit) and not request.POST.get("text", "").strip():
        messages.warning(request, "U kunt nu geen reactie bij het rapport schrijven.")
        return redirect(visit)
    known = PublicReaction.objects.filter(visit=visit).first()
    form = PublicReactionForm(request.POST or None, text=known.text if known else "")
    if request.method == "POST" and form.is_valid():
        text, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
        try:
            publication.keep_reaction(visit.pk, text, seen=seen, by=request.actor)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Uw reactie bij het rapport", text)])
        except publication.StaleReaction as stale:
            _show_newer(form, stale.current)
        else:
            messages.success(request, "Bewaard." if text else "Er komt geen reactie van u bij het rapport.")
            return redirect(visit)
    lead = "Iedereen leest dit bij het rapport zodra het openbaar is. Daarna kunt u het niet meer wijzigen."
    return _form(request, visit, form, "Uw reactie bij het rapport", lead)


def _show_newer(form: Any, current: str) -> None:
    """Tell what stands there now; saving once more then means one's own."""
    form.data = data = form.data.copy()
    data["seen"] = form.newer = current
    form.add_error("text", STALE)


# --- a better version


def _correctable(request: Request, pk: int) -> Visit:
    """403 for who is neither of the team nor coordinates: they have nothing to do here."""
    visit = visible_visit(request, pk)
    if not publication.can_follow_up(request.actor, visit):
        raise PermissionDenied
    return visit


@roles_required(*INSPECTION)
def correction(request: Request, pk: int) -> HttpResponse:
    """The open correction with each passage, or beginning one."""
    visit = _correctable(request, pk)
    row = corrections.open_correction(visit)
    may_write = permissions.can_record(request.actor, visit) and visit.status in corrections.CORRECTABLE
    typed = request.POST.get("reason", "").strip()
    if not typed and row:
        return _passages(request, visit, row, may_write)
    if not typed and not may_write:
        messages.warning(request, "Er is geen verbetering open.")
        return redirect(visit)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = [("Waarom er een verbeterde versie komt", form.cleaned_data["reason"])]
        try:
            row = corrections.begin(visit.pk, form.cleaned_data["reason"], by=request.actor)
        except WrongState as state:
            return unsaved_page(request, visit, state, reason)
        if row.reason != form.cleaned_data["reason"]:
            return unsaved_page(request, visit, "Een collega begon al een verbetering.", reason)
        return redirect("assessments:correction", visit.pk)
    lead = (
        "De nieuwe versie komt naast de oude te staan. Beide blijven te lezen als het rapport openbaar was."
    )
    return _form(request, visit, form, "Verbeterde versie maken", lead)


def _passages(request: Request, visit: Visit, row: Any, may_write: bool) -> HttpResponse:
    places = list(enumerate(corrections.places(row), 1))
    context = {
        "visit": visit,
        "correction": row,
        "changed": [(number, place) for number, place in places if place.after],
        "unchanged": [(number, place) for number, place in places if not place.after],
        "may_write": may_write,
        "steps": [choice for choice in VISIT.available(visit, request.actor) if choice.action == "correct"],
    }
    return render(request, "assessments/visits/correction.html", context)


@roles_required(*INSPECTION)
def correction_place(request: Request, pk: int, number: int) -> HttpResponse:
    """The new text of one passage, by its place in the report."""
    visit = _correctable(request, pk)
    row = corrections.open_correction(visit)
    if not permissions.can_record(request.actor, visit):
        raise PermissionDenied
    places = corrections.places(row) if row else []
    if not 1 <= number <= len(places):
        if text := request.POST.get("text", "").strip():
            return unsaved_page(request, visit, CLOSED, [("Wat er moet staan", text)])
        raise Http404
    place = places[number - 1]
    form = PlaceForm(request.POST or None, text=place.after.text if place.after else place.before)
    if request.method == "POST" and form.is_valid():
        text, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
        try:
            corrections.write(visit.pk, place.key, text, seen=seen, by=request.actor)
        except ValidationError as error:
            form.add_error("text", error)
        except corrections.StalePlace as stale:
            _show_newer(form, stale.current)
        except WrongState as state:
            return unsaved_page(request, visit, state, [(place.key, text)])
        else:
            messages.success(request, f"De tekst bij ‘{place.key}’ is bewaard.")
            return redirect("assessments:correction", visit.pk)
    back = reverse("assessments:correction", args=[visit.pk])
    context = {"visit": visit, "form": form, "place": place, "cancel_url": back}
    return render(request, "assessments/visits/correction_place.html", context)


@roles_required(*INSPECTION)
@require_POST
def correction_drop(request: Request, pk: int) -> HttpResponse:
    """Leave the report as it is."""
    visit = _correctable(request, pk)
    try:
        corrections.drop(visit.pk, by=request.actor)
    except WrongState as state:
        messages.warning(request, changed(state))
    else:
        messages.success(request, "De verbetering is gestopt. Het rapport blijft zoals het was.")
    return redirect(visit)


@roles_required(*INSPECTION)
def visit_correct(request: Request, pk: int) -> HttpResponse:
    """Settle the correction: the page shows what changes."""
    visit = visible_visit(request, pk)
    if request.method == "POST":
        return take_step(request, VISIT, visit, "correct", done="De verbeterde versie is vastgesteld.")
    if not VISIT.steps["correct"].allowed(request.actor, visit):
        raise Http404
    return redirect("assessments:correction", visit.pk)
