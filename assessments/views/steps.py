"""Taking a step of a machine: the same page and the same messages for accounts and visits."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from assessments.errors import NotReady, WrongState
from assessments.values import clean_text
from assessments.workflow import Machine, Step
from providers.http import Request


def take_step(request: Request, machine: Machine, obj: Any, action: str, *, done: str = "") -> HttpResponse:
    """GET asks for confirmation (and a reason where one is due); POST takes the step."""
    step = machine.steps.get(action)
    if step is None:
        raise Http404
    if not step.allowed(request.actor, obj):
        raise PermissionDenied if request.method == "POST" else Http404
    if request.method == "POST":
        return _perform(request, machine, obj, action, step, done)
    if obj.status not in step.sources:
        messages.warning(request, _changed(obj.get_status_display()))
        return redirect(obj)
    return _ask(request, obj, action, step)


def _ask(
    request: Request, obj: Any, action: str, step: Step, *, note: str = "", error: str = ""
) -> HttpResponse:
    context = {
        "object": obj,
        "step": step,
        "explain": step.explain_of(obj),
        "action": action,
        "note": note,
        "error": error,
    }
    return render(request, "assessments/step.html", context)


def _perform(
    request: Request, machine: Machine, obj: Any, action: str, step: Step, done: str
) -> HttpResponse:
    note = request.POST.get("note", "")
    try:
        note = clean_text(note)
    except ValidationError as error:
        return _ask(request, obj, action, step, note=note, error=error.messages[0])
    if step.needs_note and not note and obj.status in step.sources:
        return _ask(request, obj, action, step, error=step.note_missing)
    try:
        obj = machine.perform(obj.pk, action, by=request.actor, note=note)
    except (WrongState, NotReady) as reason:
        problem = _changed(str(reason)) if isinstance(reason, WrongState) else f"Dit kan nog niet. {reason}"
        if step.needs_note and note and not _is_kept(request, obj, action, note):
            return _ask(request, obj, action, step, note=note, error=problem)
        messages.warning(request, problem)
    else:
        messages.success(request, done or f"Gelukt. De status is nu: {obj.get_status_display()}.")
    return redirect(obj)


def _is_kept(request: Request, obj: Any, action: str, note: str) -> bool:
    """Whether this very step was taken already, as after a double click: then nothing typed is lost."""
    return obj.events.filter(action=action, note=note, by=request.actor.user).exists()


def _changed(status: str) -> str:
    return f"Er is niets gewijzigd. Intussen is de status veranderd in: {status}."
