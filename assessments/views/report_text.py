"""Writing the report: its passages, beside what was found and judged, and the texts they had before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import permissions, report_text, second_reading, visit_overview
from assessments.errors import WrongState
from assessments.forms.report_text import PassageForm
from assessments.forms.visit_clash import Clash, other_inputs, settle
from assessments.models import Judgement, Passage, PassageRemark, Visit
from assessments.views.visit_conflicts import changed, clash_page, unsaved_page
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


def _labels(visit: Visit) -> dict[str, dict[str, str]]:
    """What the template says of each kind of passage, by key and in its order."""
    template = report_text.template_of(visit)
    return {part["key"]: part for part in [*template.passages, *template.item_passages]}


def _forms(visit: Visit, data: Any) -> list[PassageForm]:
    """A form per passage, in the order of the visit's template."""
    words = _labels(visit)
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
        try:
            _write(request, form)
        except report_text.StalePassage as stale:
            clashes.append(form.clash(stale))
        except WrongState as state:
            return unsaved_page(request, visit, state, [form.typed for form in changes])
    if clashes:
        return clash_page(request, visit, clashes, _inputs_of(forms, clashes), request.path)
    messages.success(request, "De tekst is opgeslagen.")
    return redirect(request.path)


def _write(request: Request, form: PassageForm) -> Passage:
    cleaned = form.cleaned_data
    return report_text.save_passage(
        form.passage.pk,
        cleaned["text"],
        cleaned.get("due_on"),
        cleaned["base"],
        save_id=cleaned["save_id"],
        by=request.actor,
    )


def _inputs_of(forms: Sequence[PassageForm], clashes: Sequence[Clash]) -> list[tuple[str, str]]:
    """Only the passages in question travel along; the others are saved."""
    names = {form.prefix for form in forms if form.add_prefix("text") in {clash.field for clash in clashes}}
    return [pair for pair in other_inputs(forms[0].data) if pair[0].split("-")[0] in names]


@roles_required(*permissions.INSPECTION)
@require_POST
def passage(request: Request, pk: int, passage: int) -> HttpResponse:
    """Save one passage while typing (htmx); gives back its new version and when it was saved."""
    visit = recordable_visit(request, pk)
    row = get_object_or_404(Passage.objects.select_related("item"), pk=passage, visit=visit)
    form = _form_of(visit, row, request.POST)
    problem = ""
    if form.is_valid():
        try:
            form = _form_of(visit, _write(request, form))
        except report_text.StalePassage as stale:
            form.conflict = form.clash(stale)
        except WrongState as state:
            problem = changed(state)
    context = {"form": form, "problem": problem, "now": timezone.localtime()}
    return render(request, "assessments/visits/_passage_saved.html", context)


def _form_of(visit: Visit, row: Passage, data: Any = None) -> PassageForm:
    return PassageForm(data, row, _labels(visit).get(row.key, {"label": row.key}), visited_on=visit.ends_on)


@roles_required(*permissions.INSPECTION)
def passage_history(request: Request, pk: int, passage: int) -> HttpResponse:
    """What stood at a passage before, to read and to copy from."""
    visit = visible_visit(request, pk)
    row = get_object_or_404(Passage.objects.select_related("item"), pk=passage, visit=visit)
    context = {
        "visit": visit,
        "passage": row,
        "title": _form_of(visit, row).title,
        # What stands there now is no earlier text.
        "earlier": row.versions.exclude(version=row.version).select_related("author"),
    }
    return render(request, "assessments/visits/passage_history.html", context)


def _context(request: Request, visit: Visit, forms: Sequence[PassageForm]) -> dict[str, Any]:
    member = permissions.can_record(request.actor, visit)
    said = list(second_reading.open_remarks(visit))
    for form in forms:
        form.open_remarks = [remark for remark in said if remark.passage_id == form.passage.pk]
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
        "reading": _reading(said),
        "versions": visit_overview.readable_versions(visit, request.actor),
    }


def _reading(said: Sequence[PassageRemark]) -> str:
    """What of the second readers still waits for the team, in words."""
    if not said:
        return ""
    count = len(said)
    return f"{count} {'opmerking' if count == 1 else 'opmerkingen'} van meelezers nog te beantwoorden"


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
