"""What a provider has to do for its own account: filling it in, adopting it, and getting better."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from assessments import campaigns, improvement, questions, together
from assessments.models import ImprovementAction, Revision, SelfAssessment
from assessments.permissions import PROVIDER_EDITORS
from assessments.todo.task import LIMIT, Source, Task
from providers.actor import Actor
from providers.models import Membership, Profile, Role


def account_due(year: int) -> date:
    """An account over a year is due before 1 July of the next one (Addendum, leren en verbeteren)."""
    return date(year + 1, 6, 30)


def _own_revisions(actor: Actor) -> QuerySet[Revision]:
    return Revision.objects.filter(organisation=actor.organisation_id).for_list()


def _start(actor: Actor) -> Iterator[Task]:
    year = timezone.localdate().year
    if not SelfAssessment.objects.filter(organisation=actor.organisation_id, year=year).exists():
        yield Task(
            f"Zelfevaluatie {year} beginnen",
            "Bekijk waar u staat. Stap 1, de norm Wlz-zorg thuis, kunt u los indienen.",
            reverse("assessments:self_assessment_new"),
            "Beginnen",
            account_due(year),
        )


def _describe(actor: Actor) -> Iterator[Task]:
    if not Profile.objects.filter(organisation=actor.organisation_id).exists():
        yield Task(
            "Vertel wat u doet en voor wie",
            "Drie minuten. Daarna vraagt Thuispeil alleen wat voor u geldt.",
            reverse("profile"),
            "Naar uw profiel",
        )


def _asked(actor: Actor) -> Iterator[Task]:
    # Once it lies with the board, adopting it is the task.
    offered = Revision.objects.filter(organisation=actor.organisation_id, status=Revision.Status.TO_ADOPT)
    asked = campaigns.asked_of(actor).exclude(campaign__year__in=offered.values("self_assessment__year"))
    for target in asked[:LIMIT]:
        campaign = target.campaign
        yield Task(
            f"Zelfevaluatie {campaign.year} indienen",
            f"{target.asked_by} vraagt dit: {Truncator(campaign.reason).chars(160)}",
            reverse("assessments:campaign_for_us", args=[target.pk]),
            "Bekijken",
            target.due_on,
        )


def _fill_in(actor: Actor) -> Iterator[Task]:
    for revision in _own_revisions(actor).filter(status=Revision.Status.DRAFT)[:LIMIT]:
        year = revision.self_assessment.year
        returned = revision.offered_at is not None
        yield Task(
            f"Zelfevaluatie {year} {'aanpassen' if returned else 'afmaken'}",
            "De bestuurder stuurde haar terug. Lees waarom, pas haar aan en bied haar opnieuw aan."
            if returned
            else "Beantwoord de vragen die nog open staan. "
            "Bied de zelfevaluatie daarna aan uw bestuurder aan.",
            revision.get_absolute_url(),
            "Lezen en aanpassen" if returned else "Verder invullen",
            account_due(year),
            revision.answered,
            revision.question_count,
        )


def _themes(actor: Actor) -> Iterator[Task]:
    """The themes that a colleague gave to this person, or that she took herself."""
    mine = together.open_themes(actor.person, actor.own).select_related(
        "revision__self_assessment", "section"
    )
    sets: dict[int, questions.QuestionSet] = {}
    for row in mine.order_by("due", "pk")[:LIMIT]:
        if row.revision_id not in sets:
            sets[row.revision_id] = questions.load(row.revision)
        section = sets[row.revision_id].section(row.section_id)
        if section and section.answered < section.total:
            yield Task(
                f"Thema {row.section.code} invullen",
                f"{row.section.title}, {row.revision.self_assessment}.",
                reverse("assessments:fill_in_section", args=[row.revision_id, row.section_id]),
                "Invullen",
                row.due,
                section.answered,
                section.total,
                comes_first=True,
            )


def _adopt(actor: Actor) -> Iterator[Task]:
    for revision in _own_revisions(actor).filter(status=Revision.Status.TO_ADOPT)[:LIMIT]:
        year = revision.self_assessment.year
        yield Task(
            f"Zelfevaluatie {year} vaststellen",
            f"{revision.answered} van {revision.question_count} vragen zijn beantwoord. "
            "Lees wat opvalt en dien in, of stuur terug.",
            reverse("assessments:signing", args=[revision.pk]),
            "Lezen en vaststellen",
            account_due(year),
            is_awaited=True,
        )


def _find_colleagues(actor: Actor) -> Iterator[Task]:
    """A director who just came in is alone: somebody has to fill in."""
    officers = Membership.objects.on().filter(role=Role.QUALITY_OFFICER)
    if not officers.filter(organisation=actor.organisation_id).exists():
        yield Task(
            "Kwaliteitsmedewerker uitnodigen",
            "Nog niemand kan de zelfevaluatie invullen. Nodig een collega uit, of geef uzelf deze rol.",
            reverse("colleagues"),
            "Naar uw collega’s",
        )


def _improve(actor: Actor) -> Iterator[Task]:
    own = improvement.open_actions(actor.person, actor.own).with_lacking()
    for action in own.order_by("due", "pk")[:LIMIT]:
        yield Task(
            action.what,
            improvement.NOT_ENOUGH
            if action.lacking
            else f"Verbeteractie, {action.get_status_display().lower()}.",
            action.get_absolute_url(),
            "Bekijken",
            action.due,
        )


def _overdue(actor: Actor) -> Iterator[Task]:
    """What others, or nobody here, should have finished: somebody has to ask."""
    late = ImprovementAction.objects.visible_to(actor).overdue(timezone.localdate())
    # What the inspectorate asks and nobody took up is told by itself.
    count = late.exclude(assignee=actor.user).exclude(~Q(point=""), assignee=None).count()
    if count:
        yield Task(
            "Verbeteracties nalopen",
            f"{count} {'actie van een ander is' if count == 1 else 'acties van anderen zijn'} te laat.",
            f"{reverse('assessments:improvements')}?wanneer=laat",
            "Bekijken",
        )


def _waiting_for_board(actor: Actor) -> Iterator[Task]:
    if actor.has(Role.DIRECTOR):
        return
    for revision in _own_revisions(actor).filter(status=Revision.Status.TO_ADOPT)[:LIMIT]:
        yield Task(
            "Uw bestuurder",
            f"Stelt de zelfevaluatie {revision.self_assessment.year} vast.",
            revision.get_absolute_url(),
        )


TASKS: tuple[Source, ...] = (
    ((Role.QUALITY_OFFICER,), _start),
    ((Role.QUALITY_OFFICER,), _describe),
    (PROVIDER_EDITORS, _asked),
    ((Role.QUALITY_OFFICER,), _fill_in),
    (PROVIDER_EDITORS, _themes),
    ((Role.DIRECTOR,), _adopt),
    ((Role.DIRECTOR,), _find_colleagues),
    (PROVIDER_EDITORS, _improve),
    (PROVIDER_EDITORS, _overdue),
)
WAITING: tuple[Source, ...] = (((Role.QUALITY_OFFICER,), _waiting_for_board),)
