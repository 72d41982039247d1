"""What stands beside the questions of one's own account: comments, actions, and the score of last year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Subquery

from assessments import together
from assessments.models import Answer, Comment, ImprovementAction, Revision
from assessments.question import Question
from assessments.questions import QuestionSet, Section
from norms import mappings
from norms.models import Item


@dataclass
class Beside:
    """All of it at one judgement, or at a theme without a judgement of its own."""

    topic: Item
    comments: list[Comment] = field(default_factory=list)
    actions: list[ImprovementAction] = field(default_factory=list)
    before: "Before | None" = None

    @property
    def is_commented(self) -> bool:
        return bool(self.comments)

    @property
    def open_comments(self) -> int:
        return sum(said.settled_at is None for said in self.comments)


@dataclass(frozen=True)
class Before:
    """What an earlier account said; `code` names the item where it was another one that asks the same."""

    year: int
    score: str
    code: str = ""


def attach(question_set: QuestionSet, sections: Iterable[Section]) -> None:
    """Put it at the blocks of these sections, in a number of queries that does not grow with them."""
    found = [
        Beside(block.judgement.item if block.judgement else section.item)
        for section in sections
        for block in section.blocks
    ]
    blocks = (block for section in sections for block in section.blocks)
    for block, beside in zip(blocks, found, strict=True):
        block.beside = beside
    by_item = {beside.topic.pk: beside for beside in found}
    revision = question_set.revision
    for said in together.comments(revision):
        if said.item_id in by_item:
            by_item[said.item_id].comments.append(said)
    scores = last_year(revision, by_item)
    actions = _actions(revision, by_item)
    for pk, beside in by_item.items():
        beside.before, beside.actions = scores.get(pk), actions[pk]


def last_year(revision: Revision, items: Iterable[int]) -> dict[int, Before]:
    """The score of each item in the account before, found back through items that ask the same too."""
    items = list(items)
    same = mappings.same_items(items)
    earlier = Revision.objects.filter(
        organisation=revision.organisation_id,
        status=Revision.Status.SUBMITTED,
        self_assessment__year__lt=revision.self_assessment.year,
    ).order_by("-self_assessment__year")
    answers = Answer.objects.filter(
        revision=Subquery(earlier.values("pk")[:1]),
        item__in=set(items).union(*same.values()),
        item__kind=Item.Kind.JUDGEMENT,
        is_answered=True,
    )
    scores = {
        pk: Before(year, str(score), code)
        for year, pk, score, code in answers.values_list(
            "revision__self_assessment__year", "item", "value", "item__code"
        )
    }
    found = {}
    for pk in items:
        if pk in scores:
            found[pk] = replace(scores[pk], code="")
        elif other := next((pk for pk in sorted(same.get(pk, ())) if pk in scores), None):
            found[pk] = scores[other]
    return found


@dataclass(frozen=True)
class Compared:
    """A theme with its judgements, each beside what was said the year before."""

    section: Section
    pairs: list[tuple[Question, Before | None]]


def compared(question_set: QuestionSet) -> tuple[int, list[Compared]]:
    """The year before and its scores beside those of now, by theme; nothing when there was no account."""
    scores = last_year(question_set.revision, [question.item.pk for question in question_set.judgements])
    if not scores:
        return 0, []
    found = [
        Compared(section, [(question, scores.get(question.item.pk)) for question in section.judgements])
        for section in question_set.sections
        if any(question.item.pk in scores for question in section.judgements)
    ]
    return next(iter(scores.values())).year, found


def _actions(revision: Revision, items: Iterable[int]) -> dict[int, list[ImprovementAction]]:
    """The provider's actions at each item or at one that asks the same, the newest first."""
    items = list(items)
    same = mappings.same_items(items)
    at = defaultdict(list)
    asked = set(items).union(*same.values())
    rows = ImprovementAction.objects.filter(organisation=revision.organisation_id, item__in=asked)
    for action in rows.order_by("-created_at", "-pk"):
        at[action.item_id].append(action)
    found = defaultdict(list)
    for pk in items:
        found[pk] = [action for one in [pk, *sorted(same.get(pk, ()))] for action in at[one]]
    return found


def score_after(action: ImprovementAction) -> Before | None:
    """The provider's own score of the item in its first account after the action was made."""
    if action.item_id is None or action.revision is None:
        return None
    same = {action.item_id}.union(*mappings.same_items([action.item_id]).values())
    later = (
        Answer.objects.filter(
            organisation=action.organisation_id,
            item__in=same,
            is_answered=True,
            revision__self_assessment__year__gt=action.revision.self_assessment.year,
        )
        .exclude(revision__status=Revision.Status.SUPERSEDED)
        # Of the year before, until somebody says that it still holds.
        .exclude(pk__in=Answer.objects.filter(organisation=action.organisation_id).to_confirm().values("pk"))
        .select_related("item", "revision__self_assessment")
        .order_by("revision__self_assessment__year", "-revision__number")
        .first()
    )
    if later is None:
        return None
    code = later.item.code if later.item_id != action.item_id else ""
    return Before(later.revision.self_assessment.year, str(later.value), code)
