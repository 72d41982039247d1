"""Reading along: who was asked, what a second reader says of the text, and what the team does with it."""

import uuid
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments import permissions, report_text, second_reading
from assessments.errors import WrongState
from assessments.forms.report_text import AskReaderForm, ReaderAnswerForm, ReaderRemarkForm
from assessments.models import Passage, PassageRemark, Visit
from assessments.views.visit_conflicts import changed, unsaved_page
from assessments.views.visits import recordable_visit, visible_visit
from providers.http import Request
from providers.permissions import roles_required


@dataclass
class Remark:
    """A remark of a reader, with the form to answer it where the team may."""

    row: PassageRemark
    form: ReaderAnswerForm | None = None


@dataclass
class Place:
    """A passage (None: the whole report) with what was said of it, and the form when it was chosen."""

    passage: Passage | None
    title: str
    remarks: list[Remark] = field(default_factory=list)
    form: ReaderRemarkForm | None = None

    @property
    def anchor(self) -> str:
        return f"passage-{self.passage.pk}" if self.passage else "geheel"

    @property
    def key(self) -> str:
        """What stands for it in the address."""
        return str(self.passage.pk) if self.passage else "0"


@roles_required(*permissions.INSPECTION)
def second_reading_page(request: Request, pk: int) -> HttpResponse:
    """The text with the remarks of second readers; the team asks them here, they write here."""
    visit = visible_visit(request, pk)
    if request.method != "POST":
        return _page(request, visit)
    if "reader" in request.POST:
        return _ask(request, visit)
    return _remark(request, visit)


def _ask(request: Request, visit: Visit) -> HttpResponse:
    if not permissions.can_record(request.actor, visit):
        raise PermissionDenied
    form = AskReaderForm(request.POST, readers=second_reading.askable(visit, by=request.actor))
    if form.is_valid():
        question = form.cleaned_data["question"]
        try:
            asked = second_reading.ask(visit.pk, form.cleaned_data["reader"], question, by=request.actor)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Uw vraag aan de meelezer", question)])
        messages.success(request, f"{asked.user} leest mee en ziet dat bij ‘Mijn taken’.")
        return redirect(request.path)
    return _page(request, visit, ask=form)


def _remark(request: Request, visit: Visit) -> HttpResponse:
    if not permissions.can_read_along(request.actor, visit):
        raise PermissionDenied
    form = ReaderRemarkForm(request.POST)
    if form.is_valid():
        cleaned = form.cleaned_data
        passage = cleaned["passage"] or None
        try:
            said = second_reading.remark(visit.pk, passage, cleaned["text"], cleaned["key"], by=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Uw opmerking", cleaned["text"])])
        else:
            messages.success(request, "Uw opmerking is bewaard. Het team leest haar.")
            return redirect(f"{request.path}#opmerking-{said.pk}")
    return _page(request, visit, said=form)


@roles_required(*permissions.INSPECTION)
@require_POST
def reader_done(request: Request, pk: int) -> HttpResponse:
    """The reader says that she read it all."""
    visit = visible_visit(request, pk)
    try:
        second_reading.finish(visit.pk, by=request.actor)
    except WrongState as state:
        messages.warning(request, changed(state))
    else:
        messages.success(request, "Het team ziet dat u klaar bent met meelezen.")
    return redirect("assessments:second_reading", pk)


@roles_required(*permissions.INSPECTION)
@require_POST
def reader_answer(request: Request, pk: int, remark: int) -> HttpResponse:
    """What the team did with one remark."""
    visit = recordable_visit(request, pk)
    row = get_object_or_404(PassageRemark, pk=remark, visit=visit)
    form = _answer_form(row, request.POST)
    if form.is_valid():
        text = form.cleaned_data["answer"]
        try:
            second_reading.answer(row.pk, text, by=request.actor)
        except ValidationError as error:
            form.add_error("answer", error)
        except WrongState as state:
            return unsaved_page(request, visit, state, [("Uw antwoord", text)])
        except second_reading.AlreadyAnswered as stale:
            messages.warning(
                request, f"{stale.current.answered_by} was u voor. Uw antwoord is niet bewaard: ‘{text}’"
            )
            return redirect(f"{_address(visit)}#opmerking-{row.pk}")
        else:
            messages.success(request, "Uw antwoord is bewaard.")
            return redirect(f"{_address(visit)}#opmerking-{row.pk}")
    return _page(request, visit, answer=form)


def _address(visit: Visit) -> str:
    return redirect("assessments:second_reading", visit.pk)["Location"]


def _answer_form(row: PassageRemark, data: object = None) -> ReaderAnswerForm:
    return ReaderAnswerForm(data, prefix=f"r{row.pk}")  # type: ignore[arg-type]


def _page(
    request: Request,
    visit: Visit,
    *,
    ask: AskReaderForm | None = None,
    said: ReaderRemarkForm | None = None,
    answer: ReaderAnswerForm | None = None,
) -> HttpResponse:
    is_written = visit.status in Visit.WRITING
    may_record = is_written and permissions.can_record(request.actor, visit)
    may_remark = is_written and permissions.can_read_along(request.actor, visit)
    places = _places(request, visit, may_record, may_remark, said, answer)
    readers = list(visit.second_readers.select_related("user", "asked_by"))
    if may_record and ask is None:
        ask = AskReaderForm(readers=second_reading.askable(visit, by=request.actor))
    context = {
        "visit": visit,
        "places": places,
        "readers": readers,
        "own": next((reader for reader in readers if reader.user_id == request.actor.person.pk), None),
        "ask": ask if may_record else None,
        "may_remark": may_remark,
        "refused": next((form for form in (ask, said, answer) if form and form.is_bound), None),
        "open_count": sum(not remark.row.answered_at for place in places for remark in place.remarks),
    }
    return render(request, "assessments/visits/second_reading.html", context)


def _places(
    request: Request,
    visit: Visit,
    may_record: bool,
    may_remark: bool,
    said: ReaderRemarkForm | None,
    answer: ReaderAnswerForm | None,
) -> list[Place]:
    """The whole report first, then its passages in the order of the text; empty ones nobody spoke of not."""
    rows = visit.passage_remarks.select_related("by", "answered_by")
    remarks: dict[int | None, list[Remark]] = {}
    for row in rows:
        form = None
        if may_record and not row.answered_at:
            form = answer if answer and answer.prefix == f"r{row.pk}" else _answer_form(row)
        remarks.setdefault(row.passage_id, []).append(Remark(row, form))
    chosen = str(said["passage"].value() or 0) if said else request.GET.get("passage", "")
    places = [Place(None, "Over het hele rapport", remarks.get(None, []))]
    for passage, title in report_text.passages_in_order(visit):
        if passage.text or passage.pk in remarks:
            places.append(Place(passage, title, remarks.get(passage.pk, [])))
    for place in places:
        if may_remark and place.key == chosen:
            start = {"passage": place.key, "key": uuid.uuid4()}
            place.form = said or ReaderRemarkForm(initial=start)
    return places
