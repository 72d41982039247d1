"""The quickscan: open to all, stored nowhere; and taking its answers along into an account."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments import permissions, quickscan, services
from assessments.errors import WrongState
from assessments.forms.quickscan import CodeForm
from assessments.models import Revision, SelfAssessment
from norms.models import FrameworkVersion
from providers.http import Request
from providers.permissions import roles_required

RESULT = "uitslag"


# Nothing is stored and nobody is known, so there is nothing to forge; and without it no cookie is needed.
@csrf_exempt
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def quickscan_page(request: HttpRequest) -> HttpResponse:
    """A page per criterion. The answers so far travel along in the form, never in the address."""
    edition = quickscan.edition()
    if edition is None:
        raise Http404
    pages = quickscan.criteria(edition.pk)
    wanted = request.POST.get("to", "") if request.method == "POST" else ""
    answers = quickscan.read(edition.pk, request.POST)
    if wanted == RESULT:
        return _result(request, edition, answers)
    numbers = {str(number): number for number in range(1, len(pages) + 1)}
    context = {"edition": edition, "pages": pages, "number": numbers.get(wanted, 0)}
    if context["number"]:
        number = numbers[wanted]
        page = pages[number - 1]
        shown = {ask.name for ask in page.asks}
        context |= {
            "criterion": page,
            "rows": [(ask, answers.get(ask.name, "")) for ask in page.asks],
            "carried": {name: value for name, value in answers.items() if name not in shown},
            "back": number - 1,
            "onward": number + 1 if number < len(pages) else RESULT,
        }
        return render(request, "assessments/quickscan/page.html", context)
    return render(request, "assessments/quickscan/begin.html", context | {"carried": answers})


def _result(request: HttpRequest, edition: FrameworkVersion, answers: dict[str, str]) -> HttpResponse:
    outcomes = quickscan.outcomes(edition.pk, answers)
    context = {
        "edition": edition,
        "outcomes": outcomes,
        "steps": quickscan.first_steps(outcomes),
        "answers": answers,
        "carried": answers,
        "last": len(outcomes),
        "code": quickscan.encode(edition, answers) if answers else "",
        "today": timezone.localdate(),
    }
    return render(request, "assessments/quickscan/result.html", context)


@cache_control(no_store=True)
@roles_required(*permissions.PROVIDER_EDITORS)
def quickscan_take(request: Request) -> HttpResponse:
    """Look at what a code holds, and put it into the draft. What somebody wrote there stays."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "assessments/quickscan/take.html", {"form": form})
    edition, answers = form.cleaned_data["code"]
    draft, may_start = _draft(request, edition)
    if "confirm" in request.POST and (draft or may_start):
        return _take(request, edition, answers, draft)
    context = {
        "form": form,
        "code": quickscan.encode(edition, answers),
        "taking": quickscan.compare(draft, edition.pk, answers),
        "draft": draft,
        "may_start": may_start,
        "has_locations": request.actor.own.locations.exists(),
        "year": timezone.localdate().year,
    }
    return render(request, "assessments/quickscan/confirm.html", context)


def _draft(request: Request, edition: FrameworkVersion) -> tuple[Revision | None, bool]:
    """The newest draft that asks these questions, or else whether one can be started."""
    own = request.actor.own
    drafts = Revision.objects.filter(organisation=own, status=Revision.Status.DRAFT, editions=edition)
    draft = drafts.select_related("self_assessment").order_by("-self_assessment__year").first()
    if draft:
        return draft, False
    begun = SelfAssessment.objects.filter(organisation=own, year=timezone.localdate().year)
    return None, own.locations.exists() and not begun.exists()


def _take(
    request: Request, edition: FrameworkVersion, answers: dict[str, str], draft: Revision | None
) -> HttpResponse:
    try:
        revision = draft or services.start_self_assessment(
            year=timezone.localdate().year,
            locations=request.actor.own.locations.all(),
            editions=[edition],
            by=request.actor,
        )
        filled = quickscan.take_along(revision, edition.pk, answers, by=request.actor)
    except (services.AlreadyStarted, WrongState):
        messages.warning(request, "Een collega was net bezig. Kijk wat er staat, en probeer het opnieuw.")
        return redirect("assessments:self_assessments")
    words = "1 antwoord is" if filled == 1 else f"{filled} antwoorden zijn"
    messages.success(request, f"{words} overgenomen uit de quickscan. Loop ze na en vul aan.")
    return redirect(revision)
