"""Taking a step of a machine: the same page and the same messages for accounts and visits."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from assessments.errors import NotReady, WrongState
from assessments.workflow import Machine, Step
from providers.http import Request


def take_step(request: Request, machine: Machine, obj: Any, action: str, *, done: str = "") -> HttpResponse:
    """GET asks for confirmation (and a reason where one is due); POST takes the step."""
    step = machine.steps.get(action)
    if step is None or not step.allowed(request.actor, obj) and request.method == "GET":
        raise Http404
    note = request.POST.get("note", "")
    if request.method == "POST" and not (step.needs_note and not note.strip()):
        return _perform(request, machine, obj, action, step, note, done)
    if obj.status not in step.sources:
        messages.warning(request, _changed(obj.get_status_display()))
        return redirect(obj)
    error = "Schrijf een reden." if request.method == "POST" else ""
    context = {"object": obj, "step": step, "action": action, "error": error}
    return render(request, "assessments/step.html", context)


def _perform(
    request: Request, machine: Machine, obj: Any, action: str, step: Step, note: str, done: str
) -> HttpResponse:
    try:
        obj = machine.perform(obj.pk, action, by=request.actor, note=note)
    except WrongState as state:
        messages.warning(request, _changed(str(state)))
    except NotReady as reason:
        messages.warning(request, f"Dit kan nog niet. {reason}")
    else:
        messages.success(request, done or f"Gelukt. De status is nu: {obj.get_status_display()}.")
    return redirect(obj)


def _changed(status: str) -> str:
    return f"Er is niets gewijzigd. Intussen is de status veranderd in: {status}."
