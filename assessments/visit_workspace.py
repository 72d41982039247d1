"""What stands on the page of one criterion at a visit; a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef

from assessments import editions, judging, questions, report_text
from assessments.forms.visit_edits import SOURCE_LABELS, CheckForm, FindingForm, JudgementForm
from assessments.models import EvidenceLink, Finding, Judgement, JudgementOpening, Visit
from assessments.values import CHECKS
from assessments.visit_overview import in_reading_order
from norms.models import Item
from providers.actor import Actor

QUOTE = 70


@dataclass(frozen=True)
class Numbered:
    """A finding with the number that it has in the report."""

    number: str
    finding: Finding

    @property
    def source(self) -> str:
        # Empty as long as only part of it came in from a device.
        source = self.finding.source
        return str(SOURCE_LABELS[Finding.Source(source)]) if source else "Zonder bron"

    @property
    def choice(self) -> tuple[str, str]:
        """For a list of findings to cite."""
        text = " ".join(self.finding.text.split())
        short = text if len(text) <= QUOTE else f"{text[:QUOTE].rsplit(' ', 1)[0]} …"
        return str(self.finding.pk), f"{self.number} {self.source}: {short}"


@dataclass(frozen=True)
class Tab:
    item: Item
    level: str | None
    is_current: bool


@dataclass
class Desk:
    """All that the page of one criterion needs. `own` holds the provider's questions, if it answered.

    `rows` are the judgements that the actor may see, of the item and of its deelvragen. `waiting` names who
    still has to judge apart; the others' judgements are not among the rows then.
    """

    visit: Visit
    item: Item
    items: Sequence[Item]
    own: questions.Block | None
    own_hidden: bool
    evidence: Sequence[EvidenceLink]
    findings: Sequence[Numbered]
    removed: Sequence[Finding]
    checks: Sequence[Item]
    rows: Sequence[Judgement]
    opening: JudgementOpening | None
    waiting: Sequence[str]
    levels: Sequence[tuple[str, str]]
    choices: Sequence[Item]
    marks: dict[int, str]

    @property
    def tabs(self) -> list[Tab]:
        return [Tab(item, self.marks.get(item.pk), item.pk == self.item.pk) for item in self.items]

    @property
    def previous(self) -> Item | None:
        place = self.items.index(self.item)
        return self.items[place - 1] if place else None

    @property
    def next(self) -> Item | None:
        place = self.items.index(self.item) + 1
        return self.items[place] if place < len(self.items) else None

    @property
    def is_closed(self) -> bool:
        """Each of the team judges by himself first."""
        return self.visit.judged_apart and self.opening is None

    @property
    def judgements(self) -> list[Judgement]:
        return [row for row in self.rows if row.item_id == self.item.pk and (row.level or row.reason)]

    @property
    def common(self) -> Judgement | None:
        return next((row for row in self.judgements if row.author_id is None), None)

    @property
    def members(self) -> list[Judgement]:
        return [row for row in self.judgements if row.author_id is not None]

    def of(self, actor: Actor) -> Judgement | None:
        user = actor.user
        return next((row for row in self.members if user and row.author_id == user.pk), None)

    @property
    def sides(self) -> list[tuple[Judgement, list[tuple[Item, str]]]]:
        """What each member judged, with the answers on the deelvragen."""
        return [(row, self._answers(row.author_id)) for row in self.members]

    @property
    def common_answers(self) -> list[tuple[Item, str]]:
        return self._answers(None)

    def _answers(self, author: int | None) -> list[tuple[Item, str]]:
        given = {row.item_id: row.level for row in self.rows if row.author_id == author}
        return [(item, CHECKS[given[item.pk]]) for item in self.checks if given.get(item.pk)]

    def finding_form(self, data: Any = None, **kwargs: Any) -> FindingForm:
        initial = {"items": [self.item.pk]}
        return FindingForm(data, items=self.choices, prefix="finding", initial=initial, **kwargs)

    def own_form(self, actor: Actor, data: Any = None) -> JudgementForm:
        row = self.of(actor)
        author = actor.person.pk
        return self._judgement_form(row, row, "own", data, author, author)

    def common_form(self, actor: Actor, data: Any = None) -> JudgementForm:
        """Filled in already with the actor's own judgement, or with the only one there is."""
        only = self.members[0] if len(self.members) == 1 else None
        shown = self.common or self.of(actor) or only
        return self._judgement_form(
            self.common, shown, "common", data, None, shown.author_id if shown else None
        )

    def _judgement_form(
        self,
        stored: Judgement | None,
        shown: Judgement | None,
        prefix: str,
        data: Any,
        author: int | None,
        proposer: int | None,
    ) -> JudgementForm:
        """A form for the judgement of `author`, filled in as `proposer` judged."""
        initial = {}
        if shown:
            cited = [str(pk) for pk in shown.cited]
            initial = {"level": shown.level, "reason": shown.reason, "findings": cited}
        return JudgementForm(
            data,
            levels=self.levels,
            findings=[row.choice for row in self.findings],
            judgement=stored,
            checks=[self._check_form(check, prefix, data, author, proposer) for check in self.checks],
            prefix=prefix,
            initial=initial,
        )

    def _check_form(
        self, check: Item, prefix: str, data: Any, author: int | None, proposer: int | None
    ) -> CheckForm:
        by = {row.author_id: row for row in self.rows if row.item_id == check.pk}
        shown = by.get(author) or by.get(proposer)
        return CheckForm(
            data,
            item=check,
            judgement=by.get(author),
            prefix=f"{prefix}-{check.pk}",
            initial={"level": shown.level if shown else ""},
        )


def desk(visit: Visit, item_pk: int, actor: Actor) -> Desk | None:
    """The desk of a criterion, None when this visit does not judge it."""
    items = in_reading_order(report_text.judged_items(visit))
    item = next((found for found in items if found.pk == item_pk), None)
    if item is None:
        return None
    checks = judging.checks([item])
    judged = _judgements(visit, actor)
    about = {item.pk, *(check.pk for check in checks)}
    found = report_text.findings_by_item(visit, items, removed=True)[item.pk]
    own = _own_block(visit, item)
    hidden = item.pk in judging.hidden_scores(visit, actor, [item])
    opening = visit.openings.filter(item=item).select_related("by").first() if visit.judged_apart else None
    return Desk(
        visit=visit,
        item=item,
        items=items,
        own=None if hidden else own,
        own_hidden=hidden,
        evidence=_evidence(visit, own),
        findings=_numbered(item, [finding for finding in found if not finding.removed]),
        removed=[finding for finding in found if finding.removed],
        checks=checks,
        rows=[row for row in judged if row.item_id in about],
        opening=opening,
        waiting=judging.waiting_for(visit, item) if visit.judged_apart and not opening else [],
        levels=editions.contents(item.version_id).judged,
        choices=finding_items(items),
        marks=_marks(judged, actor),
    )


def _judgements(visit: Visit, actor: Actor) -> list[Judgement]:
    """The judgements of the visit that the actor may see, `by` whom, with the findings that are `cited`."""
    cited = Judgement.findings.through.objects.filter(judgement=OuterRef("pk")).values("finding")
    seen = Judgement.objects.visible_to(actor).filter(visit=visit)
    named = seen.annotate(by=F("author__name"), cited=ArraySubquery(cited))  # type: ignore[no-redef]
    return list(named.order_by("by", "pk"))


def finding_items(items: Sequence[Item]) -> list[Item]:
    """What a finding can be about: judged items and the deelvragen right below them, in order."""
    judged = {item.pk for item in items}
    return [
        item
        for item in editions.items_beside(items)
        if item.kind != Item.Kind.THEME and (item.pk in judged or item.parent_id in judged)
    ]


def _numbered(item: Item, findings: Iterable[Finding]) -> list[Numbered]:
    return [Numbered(f"{item.code}-{n}", finding) for n, finding in enumerate(findings, start=1)]


def _own_block(visit: Visit, item: Item) -> questions.Block | None:
    if visit.revision is None:
        return None
    return questions.load_block(visit.revision, item)


def _evidence(visit: Visit, own: questions.Block | None) -> list[EvidenceLink]:
    """The files under the provider's answers, in the order of the questions."""
    if own is None:
        return []
    asked = [question.item.pk for question in own.questions]
    found = EvidenceLink.objects.filter(revision=visit.revision_id, item__in=asked)
    return sorted(found.with_files(), key=lambda link: asked.index(link.item_id))


def _marks(judged: Iterable[Judgement], actor: Actor) -> dict[int, str]:
    """The level that each tab shows: the common one, until then the actor's own."""
    given = [row for row in judged if row.level]
    own = {row.item_id: row.level for row in given if actor.user and row.author_id == actor.user.pk}
    return own | {row.item_id: row.level for row in given if row.author_id is None}
