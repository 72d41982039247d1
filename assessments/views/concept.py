"""The frozen concept report: the provider reacts to its passages, the team answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments import library, permissions, reaction, report_text, visit_overview
from assessments.errors import WrongState
from assessments.forms.evidence import SearchForm
from assessments.forms.reaction import AnswerForm, RemarkForm, RemarkTextForm
from assessments.forms.visit_clash import Clash, other_inputs, settle
from assessments.models import ConceptVersion, Evidence, FactualRemark, Visit
from assessments.views.visit_conflicts import clash_page, unsaved_page
from assessments.views.visits import READERS, recordable_visit, visible_visit
from assessments.workflow.visit import known_to
from providers import audit
from providers.http import Request
from providers.paging import page_after
from providers.permissions import roles_required

S = Visit.Status
# The provider reads the answers in the report that was settled, not while they are being written.
ANSWERS_SHOWN = (S.SETTLED, S.DECIDED, S.SUSPENDED, S.PUBLISHED, S.WITHDRAWN, S.OFFLINE)


@dataclass
class Remark:
    """A remark as one reader sees it: with the team's answer, or the form to give it."""

    row: FactualRemark
    number: int
    show_answer: bool
    form: AnswerForm | None = None


@dataclass
class Place:
    """A passage of the report, with the remarks about it and, when it was chosen, the form for one."""

    anchor: str
    key: str
    text: str
    source: str = ""
    remarks: list[Remark] = field(default_factory=list)
    form: RemarkForm | None = None


@dataclass
class Part:
    """A heading of the report with its passages; `block` is the frozen item, None for general text."""

    title: str
    places: list[Place]
    block: dict[str, Any] | None = None


@roles_required(*READERS)
def concept(request: Request, pk: int) -> HttpResponse:
    visit = visible_visit(request, pk)
    version = _newest_concept(request, visit)
    if version is None:
        messages.info(request, "Er is nog geen conceptrapport.")
        return redirect(visit)
    if request.method == "POST":
        return _add_remark(request, visit, version)
    reaction.record_opening(version, by=request.actor)
    # Opening it may have begun the term.
    visit.refresh_from_db(fields=["reaction_due"])
    audit.record("concept_opened", by=request.actor, about=known_to(visit), obj=version, outcome=audit.SEEN)
    return _page(request, visit, version, chosen=_chosen(request, visit))


def _newest_concept(request: Request, visit: Visit) -> ConceptVersion | None:
    if not visit_overview.is_inside(request.actor) and visit.status not in Visit.SHARED:
        return None
    return reaction.newest_concept(visit)


def _may_react(request: Request, visit: Visit) -> bool:
    return visit.status == S.AT_PROVIDER and permissions.can_react(request.actor, visit)


def _may_answer(request: Request, visit: Visit) -> bool:
    return visit.status == S.REACTED and permissions.can_record(request.actor, visit)


def _chosen(request: Request, visit: Visit) -> RemarkForm | None:
    """The form for the passage in the address."""
    key = request.GET.get("passage", "")
    return RemarkForm(initial={"passage": key}) if key and _may_react(request, visit) else None


def _add_remark(request: Request, visit: Visit, version: ConceptVersion) -> HttpResponse:
    if not permissions.can_react(request.actor, visit):
        raise PermissionDenied
    form = RemarkForm(request.POST)
    if form.is_valid():
        passage, text = form.cleaned_data["passage"], form.cleaned_data["text"]
        try:
            remark = reaction.save_remark(visit.pk, passage, text, by=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        except WrongState as state:
            return unsaved_page(request, visit, state, [(f"Uw opmerking bij {passage}", text)])
        else:
            messages.success(
                request, f"Uw opmerking bij {passage} is bewaard. Verstuur uw reactie als u klaar bent."
            )
            return redirect(f"{request.path}#opmerking-{remark.pk}")
    return _page(request, visit, version, chosen=form)


def _page(
    request: Request,
    visit: Visit,
    version: ConceptVersion,
    *,
    chosen: RemarkForm | None = None,
    answer: AnswerForm | None = None,
) -> HttpResponse:
    remarks = _remarks(request, visit, answer)
    parts = _parts(version, remarks, chosen)
    inside = visit_overview.is_inside(request.actor)
    context = {
        "visit": visit,
        "version": version,
        "content": version.content,
        "parts": parts,
        "unplaced": chosen if chosen and chosen.is_bound and not _is_placed(parts) else None,
        "actions": [{**row, "day": _day(row["due_on"])} for row in version.content["actions"]],
        "remarks": remarks,
        "open_remarks": [remark for remark in remarks if inside and not remark.row.verdict],
        "refused": next((form for form in (chosen, answer) if form and form.is_bound), None),
        "inside": inside,
        "may_react": _may_react(request, visit),
        "may_answer": _may_answer(request, visit),
        "term": visit_overview.reaction_term(visit),
        "reaction_term": reaction.term_for(visit, request.actor),
        "steps": visit_overview.next_steps(visit, request.actor, None),
        "versions": visit_overview.readable_versions(visit, request.actor),
    }
    return render(request, "assessments/visits/concept.html", context)


def _is_placed(parts: Iterable[Part]) -> bool:
    """Whether the form stands at its passage; a passage that is not there still keeps the text."""
    return any(place.form for part in parts for place in part.places)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _remarks(request: Request, visit: Visit, refused: AnswerForm | None) -> list[Remark]:
    may_answer = _may_answer(request, visit)
    show = visit_overview.is_inside(request.actor) or visit.status in ANSWERS_SHOWN
    visible = FactualRemark.objects.visible_to(request.actor).filter(visit=visit)
    rows = visible.select_related("author", "answered_by").prefetch_related("evidence", "version")
    rows = rows.order_by("created_at", "pk")
    return [
        Remark(row, number, show, _answer_form(row, refused) if may_answer else None)
        for number, row in enumerate(rows, start=1)
    ]


def _answer_form(row: FactualRemark, refused: AnswerForm | None = None, data: Any = None) -> AnswerForm:
    prefix = f"remark{row.pk}"
    if refused and refused.prefix == prefix:
        return refused
    initial = {"verdict": row.verdict, "answer": row.answer, "seen": reaction.answer_mark(row)}
    return AnswerForm(data, prefix=prefix, initial=initial)


def _parts(version: ConceptVersion, remarks: Iterable[Remark], chosen: RemarkForm | None) -> list[Part]:
    """The passages under their headings, in the order of the report."""
    content = version.content
    about: dict[str, list[Remark]] = {}
    for remark in remarks:
        about.setdefault(report_text.remark_place(remark.row, version), []).append(remark)
    wanted = chosen["passage"].value() if chosen else None
    sources = {row["number"]: row["source_label"] for block in content["items"] for row in block["findings"]}
    sources |= {
        row["number"]: "Reden van het oordeel" for block in content["items"] for row in block["grounds"]
    }
    blocks = {f"{block['code']} {block['title']}": block for block in content["items"]}
    parts: dict[str, Part] = {title: Part(title, [], block) for title, block in blocks.items()}
    general = Part("", [])
    for number, passage in enumerate(report_text.passages_of(content), start=1):
        key = passage["key"]
        place = Place(f"passage-{number}", key, passage["text"], sources.get(key, ""), about.get(key, []))
        place.form = chosen if key == wanted else None
        parts.get(passage["part"], general).places.append(place)
    known = {place["key"] for place in report_text.passages_of(content)}
    earlier = Part("Bij een vorige versie", [])
    for key in about:
        if key not in known:
            text = "Deze passage staat niet meer in het concept."
            earlier.places.append(Place(f"vorige-{len(earlier.places)}", key, text, remarks=about[key]))
    return [general, *parts.values(), earlier]


@roles_required(*permissions.PROVIDER_EDITORS)
@require_POST
def remark_delete(request: Request, pk: int, remark: int) -> HttpResponse:
    """The provider takes back a remark that it has not sent yet."""
    row = _own_remark(request, pk, remark)
    seen = request.POST.get("seen", "")
    try:
        reaction.delete_remark(row.pk, int(seen) if seen.isdecimal() else row.text_version, by=request.actor)
    except WrongState as state:
        return unsaved_page(request, row.visit, state, [])
    except reaction.StaleRemark:
        messages.warning(request, "Niet verwijderd: een collega wijzigde deze opmerking. Lees haar eerst.")
        return redirect(_place_of(row))
    messages.success(request, "De opmerking is verwijderd.")
    return redirect("assessments:concept", pk)


def _own_remark(request: Request, pk: int, remark: int) -> FactualRemark:
    visit = visible_visit(request, pk)
    row = get_object_or_404(FactualRemark.objects.visible_to(request.actor), pk=remark, visit=visit)
    row.visit = visit
    return row


def _place_of(row: FactualRemark) -> str:
    return f"{reverse('assessments:concept', args=[row.visit_id])}#opmerking-{row.pk}"


@roles_required(*permissions.PROVIDER_EDITORS)
def remark_edit(request: Request, pk: int, remark: int) -> HttpResponse:
    """Change the text of a remark that was not sent; a colleague's newer text comes back as a choice."""
    row = _own_remark(request, pk, remark)
    if "keep_theirs" in request.POST:
        return redirect(_place_of(row))
    data = settle(request.POST) if request.method == "POST" else None
    form = RemarkTextForm(data, initial={"text": row.text, "seen": row.text_version})
    if form.is_valid() and (response := _save_remark(request, row, form)):
        return response
    if row.visit.status != S.AT_PROVIDER:
        return redirect("assessments:concept", pk)
    context = {"visit": row.visit, "remark": row, "form": form, "back": _place_of(row)}
    return render(request, "assessments/visits/remark.html", context)


def _save_remark(request: Request, row: FactualRemark, form: RemarkTextForm) -> HttpResponse | None:
    text, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
    try:
        reaction.change_remark(row.pk, text, seen, by=request.actor)
    except ValidationError as error:
        form.add_error("text", error)
        return None
    except WrongState as state:
        return unsaved_page(request, row.visit, state, [(f"Uw opmerking bij {row.passage}", text)])
    except reaction.StaleRemark as stale:
        current = stale.current
        clash = Clash(
            field="text",
            label=f"Opmerking bij {current.passage}",
            mine=text.splitlines(),
            theirs=current.text.splitlines(),
            their_values=[current.text],
            author=str(current.author),
            base="seen",
            version=str(current.text_version),
        )
        return clash_page(request, row.visit, [clash], other_inputs(form.data), _place_of(row))
    messages.success(request, f"Uw opmerking bij {row.passage} is bewaard.")
    return redirect(_place_of(row))


@roles_required(*permissions.PROVIDER_EDITORS)
def remark_evidence(request: Request, pk: int, remark: int) -> HttpResponse:
    """Pieces of the own library to show with a remark; a button beside each takes it off again."""
    row = _own_remark(request, pk, remark)
    if request.method == "POST":
        return _change_evidence(request, row)
    if row.visit.status != S.AT_PROVIDER:
        return redirect("assessments:concept", pk)
    form = SearchForm(request.GET or None)
    own = Evidence.objects.visible_to(request.actor)
    found = form.found(own) if form.is_bound else own.kept()
    context = {
        "visit": row.visit,
        "remark": row,
        "form": form,
        "page": page_after(found.for_list(), request, order=("title", "id")),
        "used": set(row.evidence.values_list("evidence", flat=True)),
        "back": _place_of(row),
    }
    return render(request, "assessments/visits/remark_evidence.html", context)


def _change_evidence(request: Request, row: FactualRemark) -> HttpResponse:
    try:
        if (file := request.POST.get("detach", "")).isdecimal() and len(file) < 19:
            reaction.stop_showing(row.pk, int(file), by=request.actor)
        else:
            chosen = library.chosen_files(request.POST.getlist("piece"), by=request.actor)
            reaction.show_with(row.pk, chosen, by=request.actor)
    except WrongState as state:
        return unsaved_page(request, row.visit, state, [])
    return redirect(_place_of(row))


@roles_required(*permissions.INSPECTION)
@require_POST
def remark_answer(request: Request, pk: int, remark: int) -> HttpResponse:
    """The team's answer to one remark."""
    visit = recordable_visit(request, pk)
    row = get_object_or_404(visit.remarks.select_related("answered_by"), pk=remark)
    if "keep_theirs" in request.POST:
        return redirect(f"{reverse('assessments:concept', args=[pk])}#opmerking-{row.pk}")
    form = _answer_form(row, data=settle(request.POST))
    if form.is_valid() and (response := _save_answer(request, visit, row, form)):
        return response
    version = _newest_concept(request, visit)
    if version is None:
        return redirect(visit)
    return _page(request, visit, version, answer=form)


def _save_answer(request: Request, visit: Visit, row: FactualRemark, form: AnswerForm) -> HttpResponse | None:
    cleaned = form.cleaned_data
    back = f"{reverse('assessments:concept', args=[visit.pk])}#opmerking-{row.pk}"
    try:
        reaction.answer_remark(
            row.pk, cleaned["verdict"], cleaned["answer"], seen=cleaned["seen"], by=request.actor
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except WrongState as state:
        return unsaved_page(request, visit, state, [("Uw antwoord", cleaned["answer"])])
    except reaction.StaleAnswer as stale:
        clashes = _answer_clash(form, stale.current)
        return clash_page(request, visit, clashes, other_inputs(form.data), back)
    messages.success(request, "Het antwoord is opgeslagen.")
    return redirect(back)


def _answer_clash(form: AnswerForm, current: FactualRemark) -> Sequence[Clash]:
    verdicts = dict(FactualRemark.Verdict.choices)
    cleaned = form.cleaned_data
    return [
        Clash(
            field=form.add_prefix("answer"),
            label="Antwoord",
            mine=[verdicts[cleaned["verdict"]], *cleaned["answer"].splitlines()],
            theirs=[verdicts[current.verdict], *current.answer.splitlines()],
            their_values=[current.answer],
            author=str(current.answered_by),
            base=form.add_prefix("seen"),
            version=reaction.answer_mark(current),
        )
    ]
