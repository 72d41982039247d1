"""What stands on the page of one criterion at a visit; a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessments import questions, report_text
from assessments.forms.visit_edits import SOURCE_LABELS, FindingForm, JudgementForm
from assessments.models import EvidenceLink, Finding, Judgement, Visit
from assessments.visit_overview import in_reading_order
from norms.models import Item, ScaleLevel
from providers.actor import Actor

QUOTE = 70


@dataclass(frozen=True)
class Numbered:
    """A finding with the number that it has in the report."""

    number: str
    finding: Finding

    @property
    def source(self) -> str:
        return str(SOURCE_LABELS[Finding.Source(self.finding.source)])

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
    """All that the page of one criterion needs. `own` holds the provider's questions, if it answered."""

    visit: Visit
    item: Item
    items: Sequence[Item]
    own: questions.Block | None
    findings: Sequence[Numbered]
    judgements: Sequence[Judgement]
    levels: Sequence[ScaleLevel]
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
    def evidence(self) -> list[EvidenceLink]:
        """Files that the provider put under this criterion or its deelvragen."""
        return [link for question in self.own.questions for link in question.evidence] if self.own else []

    @property
    def common(self) -> Judgement | None:
        return next((row for row in self.judgements if row.author_id is None), None)

    @property
    def members(self) -> list[Judgement]:
        return [row for row in self.judgements if row.author_id is not None]

    def of(self, actor: Actor) -> Judgement | None:
        user = actor.user
        return next((row for row in self.members if user and row.author_id == user.pk), None)

    def finding_form(self, data: Any = None, **kwargs: Any) -> FindingForm:
        initial = {"items": [self.item.pk]}
        return FindingForm(data, items=self.choices, prefix="finding", initial=initial, **kwargs)

    def own_form(self, actor: Actor, data: Any = None) -> JudgementForm:
        row = self.of(actor)
        return self._judgement_form(row, row, "own", data)

    def common_form(self, actor: Actor, data: Any = None) -> JudgementForm:
        """Filled in already with the actor's own judgement, or with the only one there is."""
        only = self.members[0] if len(self.members) == 1 else None
        return self._judgement_form(self.common, self.common or self.of(actor) or only, "common", data)

    def _judgement_form(
        self, stored: Judgement | None, shown: Judgement | None, prefix: str, data: Any
    ) -> JudgementForm:
        initial = {}
        if shown:
            cited = [str(finding.pk) for finding in shown.findings.all()]
            initial = {"level": shown.level, "reason": shown.reason, "findings": cited}
        return JudgementForm(
            data,
            levels=self.levels,
            findings=[row.choice for row in self.findings],
            judgement=stored,
            prefix=prefix,
            initial=initial,
        )


def desk(visit: Visit, item_pk: int, actor: Actor) -> Desk | None:
    """The desk of a criterion, None when this visit does not judge it."""
    items = in_reading_order(report_text.judged_items(visit))
    item = next((found for found in items if found.pk == item_pk), None)
    if item is None:
        return None
    judgements = list(
        Judgement.objects.filter(visit=visit, item=item)
        .exclude(level="", reason="")
        .select_related("author")
        .prefetch_related("findings")
        .order_by("author__name", "pk")
    )
    return Desk(
        visit=visit,
        item=item,
        items=items,
        own=_own_block(visit, item),
        findings=_numbered(visit, items, item),
        judgements=judgements,
        levels=list(item.version.scale.levels.filter(for_inspectorate=True)),
        choices=finding_items(visit, items),
        marks=_marks(visit, actor),
    )


def finding_items(visit: Visit, items: Sequence[Item]) -> list[Item]:
    """What a finding can be about: the judged items and the deelvragen right below them, in order."""
    judged = {item.pk for item in items}
    below = Item.objects.filter(version__in=visit.editions.all()).exclude(kind=Item.Kind.THEME)
    found = below.order_by("version__step", "version__edition", "position")
    return [item for item in found if item.pk in judged or item.parent_id in judged]


def _numbered(visit: Visit, items: Sequence[Item], item: Item) -> list[Numbered]:
    found = report_text.findings_by_item(visit, items)[item.pk]
    return [Numbered(f"{item.code}-{n}", finding) for n, finding in enumerate(found, start=1)]


def _own_block(visit: Visit, item: Item) -> questions.Block | None:
    if visit.revision is None:
        return None
    blocks = (block for part in questions.load(visit.revision).sections for block in part.blocks)
    return next((block for block in blocks if block.judgement and block.judgement.item.pk == item.pk), None)


def _marks(visit: Visit, actor: Actor) -> dict[int, str]:
    """The level that each tab shows: the common one, until then the actor's own."""
    marks: dict[int, str] = {}
    rows = Judgement.objects.filter(visit=visit).exclude(level="").values_list("item", "author", "level")
    for item, author, level in rows:
        if author is None or (actor.user and author == actor.user.pk and item not in marks):
            marks[item] = level
    return marks
