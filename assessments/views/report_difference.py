"""What changed between two versions of a report, to read."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from assessments import report_difference as differences
from assessments import visit_overview
from assessments.forms.report_text import VersionsForm
from assessments.views.visits import READERS, visible_visit
from providers.http import Request
from providers.permissions import roles_required


@roles_required(*READERS)
def report_difference(request: Request, pk: int) -> HttpResponse:
    """Two versions that the reader may open, by default the last two."""
    visit = visible_visit(request, pk)
    editions = differences.comparable(visit, request.actor)
    if len(editions) < 2 and visit_overview.awaits_opening(visit):
        messages.info(request, "Lees eerst het conceptrapport. Daarna ziet u wat er is veranderd.")
        return redirect(visit)
    if len(editions) < 2:
        raise Http404
    chosen = {"van": editions[-2].name, "naar": editions[-1].name}
    named = [(row.name, row.label) for row in editions]
    form = VersionsForm({**chosen, **request.GET.dict()}, editions=named)
    if form.is_valid():
        chosen = form.cleaned_data
    by_name = {edition.name: edition for edition in editions}
    old, new = by_name[chosen["van"]], by_name[chosen["naar"]]
    context = {
        "visit": visit,
        "form": form if len(editions) > 2 else None,
        "old": old,
        "new": new,
        "parts": differences.compare(old.content, new.content),
    }
    return render(request, "assessments/visits/report_difference.html", context)
