"""Sending the concept, recording that it was delivered, and the term of the reaction."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from assessments import permissions, reaction, second_reading
from assessments.errors import NotReady, WrongState
from assessments.forms.reaction import DeliveryForm, RefusalForm, SendForm, TermForm
from assessments.models import TermExtension, Visit
from assessments.views.visit_conflicts import changed, unsaved_page
from assessments.views.visits import READERS, recordable_visit, visible_visit
from assessments.workflow import VISIT
from providers.http import Request
from providers.models import Role
from providers.permissions import roles_required

S = Visit.Status


@roles_required(*READERS)
def send_concept(request: Request, pk: int) -> HttpResponse:
    """What goes out and with which term; open remarks of second readers are told, and hold nothing up."""
    visit = visible_visit(request, pk)
    if not permissions.can_record(request.actor, visit):
        raise PermissionDenied if request.method == "POST" else Http404
    if visit.status != S.DRAFTING:
        messages.warning(request, changed(WrongState(visit.get_status_display())))
        return redirect(visit)
    form = SendForm(request.POST or None, initial={"weeks": visit.reaction_weeks})
    # Without the field, as from a page of before: the term that was planned.
    weeks = visit.reaction_weeks if request.method == "POST" and "weeks" not in request.POST else None
    if request.method == "POST" and (weeks or form.is_valid()):
        try:
            reaction.send_concept(visit.pk, weeks or form.cleaned_data["weeks"], by=request.actor)
        except ValidationError as error:
            form.add_error("weeks", error)
        except WrongState as state:
            messages.warning(request, changed(state))
            return redirect(visit)
        except NotReady as reason:
            messages.warning(request, f"Dit kan nog niet. {reason}")
            return redirect(visit)
        else:
            messages.success(request, "Het conceptrapport is verstuurd. De aanbieder kan het nu lezen.")
            return redirect(visit)
    step = VISIT.steps["send_concept"]
    context = {
        "visit": visit,
        "form": form,
        "blocked": step.blocked(visit, request.actor),
        "open_remarks": list(second_reading.open_remarks(visit)),
        "letter_after": reaction.LETTER_AFTER,
    }
    return render(request, "assessments/visits/send_concept.html", context)


@roles_required(*permissions.INSPECTION)
def delivery(request: Request, pk: int) -> HttpResponse:
    """A coordinating inspector records that the concept was delivered outside the portal."""
    visit = visible_visit(request, pk)
    if not permissions.can_record_delivery(request.actor, visit):
        raise PermissionDenied
    form = DeliveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            reaction.record_delivery(
                visit.pk, cleaned["on"], cleaned["how"], cleaned["note"], by=request.actor
            )
        except ValidationError as error:
            form.add_error(None, error)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Waaruit dat blijkt", cleaned["note"])])
        except NotReady as reason:
            messages.warning(request, f"Niet bewaard. {reason}")
            return redirect(visit)
        else:
            messages.success(request, "De bezorging is vastgelegd. De reactietermijn loopt.")
            return redirect(visit)
    if visit.status != S.AT_PROVIDER or visit.reaction_due:
        messages.info(request, "De bezorging van dit concept hoeft u niet vast te leggen.")
        return redirect(visit)
    context = {"visit": visit, "form": form, "version": reaction.newest_concept(visit)}
    return render(request, "assessments/visits/delivery.html", context)


@roles_required(*READERS)
def term(request: Request, pk: int) -> HttpResponse:
    """More time: the provider asks for it, the team gives it."""
    visit = visible_visit(request, pk)
    is_own = permissions.can_react(request.actor, visit)
    if not is_own and not permissions.can_record(request.actor, visit):
        raise PermissionDenied
    asked = TermExtension.objects.awaits_answer(visit)
    start = {"until": asked.until} if asked and not is_own else {}
    form = TermForm(request.POST or None, is_own=is_own, initial=start)
    if request.method == "POST" and form.is_valid() and (response := _change(request, visit, form, is_own)):
        return response
    if visit.status != S.AT_PROVIDER or visit.reaction_due is None:
        messages.info(request, "Er loopt nu geen reactietermijn.")
        return redirect(visit)
    return _page(request, visit, form=form, is_own=is_own)


def _change(request: Request, visit: Visit, form: TermForm, is_own: bool) -> HttpResponse | None:
    """None when the form has to be shown again."""
    until, reason = form.cleaned_data["until"], form.cleaned_data["reason"]
    write = reaction.ask_extension if is_own else reaction.extend
    try:
        write(visit.pk, until, reason, by=request.actor)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except NotReady as problem:
        form.add_error(None, str(problem))
        return None
    except WrongState as state:
        return unsaved_page(request, visit, state, [("Reden", reason)])
    done = "Uw verzoek is verstuurd. De inspectie antwoordt." if is_own else "De termijn is verlengd."
    messages.success(request, done)
    return redirect(visit)


@roles_required(Role.INSPECTOR, Role.COORDINATING_INSPECTOR)
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    """The team says no to what the provider asked."""
    visit = recordable_visit(request, pk)
    form = RefusalForm(request.POST, prefix="no")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            reaction.refuse_extension(visit.pk, reason, by=request.actor)
        except ValidationError as error:
            form.add_error("reason", error)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Reden", reason)])
        except NotReady as problem:
            messages.warning(request, f"Niet bewaard. {problem}")
            return redirect(visit)
        else:
            messages.success(request, "Het verzoek is afgewezen. De aanbieder leest uw reden.")
            return redirect(visit)
    if visit.status != S.AT_PROVIDER or visit.reaction_due is None:
        return redirect(visit)
    return _page(request, visit, form=TermForm(is_own=False), refusal=form, is_own=False)


def _page(
    request: Request, visit: Visit, *, form: TermForm, is_own: bool, refusal: RefusalForm | None = None
) -> HttpResponse:
    term = reaction.term_for(visit, request.actor)
    asked = term.asked if term else None
    context = {
        "visit": visit,
        "form": form,
        "is_own": is_own,
        "refusal": refusal or (RefusalForm(prefix="no") if asked and not is_own else None),
        "term": term,
        "may_ask": is_own and asked is None,
    }
    return render(request, "assessments/visits/term.html", context)
