"""Writing the report: its passages, beside what was found and judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from assessments import permissions, report_text, visit_overview
from assessments.errors import WrongState
from assessments.forms.visit_clash import Clash, other_inputs, settle
from assessments.forms.visit_text import PassageForm
from assessments.models import Judgement, Passage, Visit
from assessments.views.visit_conflicts import clash_page, unsaved_page
from assessments.views.visits import recordable_visit, visible_visit
from assessments.visit_workspace import Numbered
from norms.models import Item
from providers.http import Request
from providers.permissions import roles_required


@dataclass
class Chapter:
    """A judged item with its passages and, to write from, its findings and common judgement."""

    item: Item
    forms: list[PassageForm] = field(default_factory=list)
    findings: list[Numbered] = field(default_factory=list)
    judgement: Judgement | None = None


@roles_required(*permissions.INSPECTION)
def report_text_page(request: Request, pk: int) -> HttpResponse:
    visit = (recordable_visit if request.method == "POST" else visible_visit)(request, pk)
    forms = _forms(visit, settle(request.POST) if request.method == "POST" else None)
    if request.method == "POST":
        posted = [form for form in forms if form.was_posted]
        if all([form.is_valid() for form in posted]):
            return _save(request, visit, posted)
    return render(request, "assessments/visits/report_text.html", _context(request, visit, forms))


def _forms(visit: Visit, data: Any) -> list[PassageForm]:
    """A form per passage, in the order of the template that held at the visit."""
    template = report_text.template_for(visit.starts_on)
    words = {part["key"]: part for part in [*template["passages"], *template["item_passages"]]}
    order = list(words)
    passages = Passage.objects.filter(visit=visit, key__in=order).select_related("item")
    ordered = sorted(passages, key=lambda passage: order.index(passage.key))
    posted = [
        (data, passage) if data and f"p{passage.pk}-text" in data else (None, passage) for passage in ordered
    ]
    return [
        PassageForm(given, passage, words[passage.key], visited_on=visit.ends_on) for given, passage in posted
    ]


def _save(request: Request, visit: Visit, forms: Sequence[PassageForm]) -> HttpResponse:
    """Save what was changed; what a colleague changed too comes back as a choice."""
    kept = request.POST.get("keep_theirs", "")
    clashes: list[Clash] = []
    changes = [form for form in forms if form.is_touched and form.add_prefix("text") != kept]
    for form in changes:
        cleaned = form.cleaned_data
        try:
            report_text.save_passage(
                form.passage.pk, cleaned["text"], cleaned.get("due_on"), cleaned["base"], by=request.actor
            )
        except report_text.StalePassage as stale:
            clashes.append(form.clash(stale.current))
        except WrongState as state:
            return unsaved_page(request, visit, state, [form.typed for form in changes])
    if clashes:
        return clash_page(request, visit, clashes, _inputs_of(forms, clashes), request.path)
    messages.success(request, "De tekst is opgeslagen.")
    return redirect(request.path)


def _inputs_of(forms: Sequence[PassageForm], clashes: Sequence[Clash]) -> list[tuple[str, str]]:
    """Only the passages in question travel along; the others are saved."""
    names = {form.prefix for form in forms if form.add_prefix("text") in {clash.field for clash in clashes}}
    return [pair for pair in other_inputs(forms[0].data) if pair[0].split("-")[0] in names]


def _context(request: Request, visit: Visit, forms: Sequence[PassageForm]) -> dict[str, Any]:
    member = permissions.can_record(request.actor, visit)
    items = visit_overview.in_reading_order(report_text.judged_items(visit))
    chapters = _chapters(visit, items, forms)
    missing = next((row.item for row in chapters if not (row.judgement and row.judgement.level)), None)
    return {
        "visit": visit,
        "general": [form for form in forms if form.passage.item_id is None],
        "chapters": chapters,
        "is_composed": bool(forms),
        "may_write": member and visit.status in Visit.WRITING,
        "steps": visit_overview.next_steps(visit, request.actor, missing),
        "problems": _problems(forms),
    }


def _problems(forms: Sequence[PassageForm]) -> list[tuple[str, str]]:
    """Id and sentence of every refused field, for the summary on top."""
    return [
        (form[name].id_for_label, str(sentence))
        for form in forms
        if form.is_bound
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]


def _chapters(visit: Visit, items: Sequence[Item], forms: Sequence[PassageForm]) -> list[Chapter]:
    chapters = {item.pk: Chapter(item) for item in items}
    for form in forms:
        if form.passage.item_id in chapters:
            chapters[form.passage.item_id].forms.append(form)
    for pk, found in report_text.findings_by_item(visit, items).items():
        code = chapters[pk].item.code
        chapters[pk].findings = [Numbered(f"{code}-{n}", row) for n, row in enumerate(found, start=1)]
    for judgement in Judgement.objects.filter(visit=visit, author=None):
        if judgement.item_id in chapters:
            chapters[judgement.item_id].judgement = judgement
    return list(chapters.values())
