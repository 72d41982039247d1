"""When somebody else was first: the pages on which nothing that was typed gets lost."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from assessments.errors import WrongState
from assessments.forms.visit_clash import Clash
from assessments.models import Visit
from providers.http import Request

CONFLICT = 409


def clash_page(
    request: Request, visit: Visit, clashes: Sequence[Clash], inputs: Sequence[tuple[str, str]], back: str
) -> HttpResponse:
    """Both texts of everything that two people changed, with the choices; `inputs` travel along."""
    context = {"visit": visit, "clashes": clashes, "inputs": inputs, "back": back}
    return render(request, "assessments/visits/clash.html", context, status=CONFLICT)


def unsaved_page(
    request: Request, visit: Visit, state: WrongState | str, texts: Sequence[tuple[str, str]]
) -> HttpResponse:
    """The visit moved on: why nothing was saved (a state, or a sentence), and the texts to keep."""
    reason = state if isinstance(state, str) else changed(state)
    context = {"visit": visit, "reason": reason, "texts": [pair for pair in texts if pair[1]]}
    return render(request, "assessments/visits/unsaved.html", context, status=CONFLICT)


def changed(state: WrongState) -> str:
    return f"Dit bezoek is intussen gewijzigd: het staat nu op ‘{state}’."
