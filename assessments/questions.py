"""The questions of a revision with their answers, ready for a page; a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any

from assessments import carrying, editions
from assessments.editions import Contents
from assessments.models import Answer, EvidenceLink, EvidenceRevision, Revision
from assessments.question import CELL_CHECKS, Question, RelatedQuestion
from assessments.scope import reaches_of
from assessments.values import UNKNOWN
from norms import mappings, signals
from norms.models import FrameworkVersion, Item
from providers.actor import Actor

DONT_KNOW = (UNKNOWN, "Weet ik nog niet")
CHECK_OPTIONS = [*CELL_CHECKS, DONT_KNOW]


@dataclass
class Block:
    """A judgement with the smaller questions that give its grounds."""

    judgement: Question | None
    details: list[Question]
    is_whole: bool = False  # the judgement is on the section itself
    beside: Any = None  # what colleagues say and do about it, see beside.attach

    @property
    def questions(self) -> list[Question]:
        return [*self.details, *([self.judgement] if self.judgement else [])]

    @property
    def checks(self) -> list[Question]:
        return [question for question in self.details if question.item.kind == Item.Kind.CHECK]

    @property
    def others(self) -> list[Question]:
        return [question for question in self.details if question.item.kind != Item.Kind.CHECK]


@dataclass
class Section:
    """A page of questions: an IGJ criterion or a theme of the addendum."""

    item: Item
    blocks: list[Block]

    @cached_property
    def questions(self) -> list[Question]:
        return [question for block in self.blocks for question in block.questions]

    @cached_property
    def asked(self) -> list[Question]:
        """What applies to the provider; the rest can be answered and does not count."""
        return [question for question in self.questions if question.applies]

    @cached_property
    def answered(self) -> int:
        return sum(question.is_answered for question in self.asked)

    @property
    def total(self) -> int:
        return len(self.asked)

    @property
    def judgements(self) -> list[Question]:
        return [question for question in self.asked if question.is_judgement]

    @property
    def open_judgements(self) -> list[Question]:
        return [question for question in self.judgements if not question.is_answered]


@dataclass
class Chapter:
    """An edition in the set, with its sections."""

    edition: FrameworkVersion
    sections: list[Section]

    @property
    def minutes(self) -> int:
        """How long what applies takes, in fives."""
        return _minutes(self.edition, self.total)

    @property
    def minutes_left(self) -> int:
        return _minutes(self.edition, self.total - self.answered)

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)


def _minutes(edition: FrameworkVersion, count: int) -> int:
    """An edition's minutes for so many of its questions, rounded up to fives."""
    of_all = sum(item.asks_provider for item in editions.contents(edition.pk).items) or 1
    return 5 * ceil(edition.minutes * count / of_all / 5)


@dataclass
class QuestionSet:
    """All chapters of a revision."""

    revision: Revision
    chapters: list[Chapter]

    def __post_init__(self) -> None:
        if reaches := reaches_of(self.revision):
            for question in self.questions:
                question.reach = reaches.get(question.item.pk)

    @property
    def left_out(self) -> int:
        """How many questions do not apply to the provider."""
        return sum(not question.applies for question in self.questions)

    @property
    def minutes_left(self) -> int:
        return sum(chapter.minutes_left for chapter in self.chapters)

    @property
    def sections(self) -> list[Section]:
        return [section for chapter in self.chapters for section in chapter.sections]

    @property
    def questions(self) -> list[Question]:
        return [question for section in self.sections for question in section.questions]

    @property
    def judgements(self) -> list[Question]:
        return [question for section in self.sections for question in section.judgements]

    @property
    def answered(self) -> int:
        return sum(chapter.answered for chapter in self.chapters)

    @property
    def total(self) -> int:
        return sum(chapter.total for chapter in self.chapters)

    @cached_property
    def spared(self) -> int:
        """How many questions have their answer from another one."""
        return sum(question.source is not None and question.is_answered for question in self.questions)

    @cached_property
    def to_confirm(self) -> list[Question]:
        """What was taken over from an earlier account, applies here or where it is linked, and waits."""
        sources = {row.source.item.pk for row in self.questions if row.source and row.applies}
        return [
            question
            for question in self.questions
            if question.needs_confirming and (question.applies or question.item.pk in sources)
        ]

    def keep_evidence(self, actor: Actor) -> None:
        """Only what a reader may open: the name of a file tells something too."""
        used = [link.evidence_revision_id for question in self.questions for link in question.evidence]
        seen = EvidenceRevision.objects.visible_to(actor).filter(pk__in=used)
        allowed = set(seen.values_list("pk", flat=True)) if used else set()
        for question in self.questions:
            question.evidence = [link for link in question.evidence if link.evidence_revision_id in allowed]

    @property
    def next_section(self) -> Section:
        """Where to go on: the first section with an open question, else the first."""
        return next((part for part in self.sections if part.answered < part.total), self.sections[0])

    def section(self, pk: int) -> Section | None:
        return next((section for section in self.sections if section.item.pk == pk), None)


def load(revision: Revision) -> QuestionSet:
    """Everything a page about a revision shows, in a fixed number of queries once its editions were read."""
    answers = {answer.item_id: answer for answer in Answer.objects.filter(revision=revision)}
    links: dict[int, list[EvidenceLink]] = {}
    for link in EvidenceLink.objects.filter(revision=revision).with_files():
        links.setdefault(link.item_id, []).append(link)
    chosen = revision.editions.select_related("framework").order_by("step", "edition")
    question_set = QuestionSet(revision, [_chapter(edition, answers, links) for edition in chosen])
    by_item = {question.item.pk: question for question in question_set.questions}
    _connect(by_item)
    if revision.based_on_id:
        _compare_with_then(revision, [chapter.edition for chapter in question_set.chapters], by_item)
    return question_set


def load_block(revision: Revision, item: Item) -> Block | None:
    """A judgement with the questions under it, without files; None when the revision does not ask it."""
    found = Answer.objects.filter(revision=revision, item__version=item.version_id)
    answers = {answer.item_id: answer for answer in found}
    # What was answered is asked, so only an empty account has to be looked at.
    if not answers and not revision.editions.filter(pk=item.version_id).exists():
        return None
    chapter = _chapter(item.version, answers, {})
    blocks = (block for section in chapter.sections for block in section.blocks)
    return next((block for block in blocks if block.judgement and block.judgement.item.pk == item.pk), None)


def load_one(revision: Revision, item_id: int) -> Question:
    """One question with its answer, to save it by itself.

    Raises Item.DoesNotExist when the revision does not ask it.
    """
    item = editions.item(item_id)
    answer = next(iter(Answer.objects.filter(revision=revision, item=item)), None)
    # What was answered before is asked, so only a first answer has to be looked up.
    if answer is None and not (item.asks_provider and revision.editions.filter(pk=item.version_id).exists()):
        raise Item.DoesNotExist
    return _question(item, editions.contents(item.version_id), answer)


def of_answer(answer: Answer) -> Question:
    """An answer by itself, to read."""
    item = editions.item(answer.item_id)
    return _question(item, editions.contents(item.version_id), answer)


def load_signalled(revision: Revision, item: Item) -> list[Question]:
    """The questions that carry a signal depending on this item's answer, with those that hold; one query."""
    contents = editions.contents(item.version_id)
    targets = contents.watched.get(item.code, frozenset())
    if not targets:
        return []
    concerned = [signal for signal in contents.signals if signal.item_id in targets]
    codes = set().union(*map(signals.depends_on, concerned))
    asked = {row.pk: row for row in contents.items if row.code in codes or row.pk in targets}
    answers = Answer.objects.filter(revision=revision, item__in=asked).values_list("item", "value")
    held = signals.active(concerned, {asked[pk].code: value for pk, value in answers})
    shown = [_question(asked[pk], contents, None) for pk in sorted(targets)]
    for question in shown:
        question.signals = [signal for signal in held if signal.item_id == question.item.pk]
    return shown


def _connect(by_item: Mapping[int, Question]) -> None:
    """Tell questions that ask the same, or have to do with each other, of one another."""
    by_answer = {question.answer.pk: question for question in by_item.values() if question.answer}
    same = mappings.same_items(by_item)
    for pk, question in by_item.items():
        if question.answer and question.answer.linked_to_id:
            question.source = by_answer.get(question.answer.linked_to_id)
        elif pk in same:
            twins = (by_item[twin] for twin in sorted(same[pk]) if twin in by_item)
            question.twin = next((twin for twin in twins if _stands_alone(twin)), None)
        question.related = [
            RelatedQuestion(by_item[other.item_id], other.words, other.reason)
            for other in mappings.related_items(pk)
            if other.item_id in by_item
        ]


def _compare_with_then(
    revision: Revision, chosen: list[FrameworkVersion], by_item: Mapping[int, Question]
) -> None:
    for pk in carrying.new_questions(revision, chosen) & by_item.keys():
        by_item[pk].is_new = True
    carried = Answer.objects.filter(revision=revision).exclude(carried_from=None)
    for pk, then in carried.values_list("item", "carried_from__item"):
        if pk in by_item:
            by_item[pk].was = editions.item(then)


def _stands_alone(question: Question) -> bool:
    return question.answer is not None and question.is_answered and question.answer.linked_to_id is None


def _chapter(
    edition: FrameworkVersion, answers: Mapping[int, Answer], links: Mapping[int, list[EvidenceLink]]
) -> Chapter:
    contents = editions.contents(edition.pk)
    asked = {
        item.pk: _question(item, contents, answers.get(item.pk), links.get(item.pk))
        for item in contents.items
        if item.asks_provider
    }
    values = {question.code: question.value for question in asked.values() if question.answer}
    for signal in signals.active(contents.signals, values):
        if signal.item_id in asked:
            asked[signal.item_id].signals.append(signal)
    for question in asked.values():
        question.framework = edition.title
    return Chapter(edition, [Section(part, _blocks(items, asked)) for part, items in contents.sections])


def _question(
    item: Item, contents: Contents, answer: Answer | None, links: list[EvidenceLink] | None = None
) -> Question:
    options, ranked = _options(item, contents)
    return Question(
        item, answer, options, ranked, has_signals=item.pk in contents.signalled, evidence=links or []
    )


def _options(item: Item, contents: Contents) -> tuple[list[tuple[str, str]], int]:
    """What can be chosen, and how many of these are levels of the scale."""
    if item.kind == Item.Kind.JUDGEMENT:
        return [*contents.levels, DONT_KNOW], contents.ranked
    if item.kind == Item.Kind.CHECK:
        return CHECK_OPTIONS, 0
    return [*((option["code"], option["label"]) for option in item.options), DONT_KNOW], 0


def _blocks(items: Iterable[Item], asked: Mapping[int, Question]) -> list[Block]:
    """The questions of a section, each under the nearest judgement above it, in order of the edition."""
    blocks: dict[int | None, Block] = {}
    owner_of: dict[int | None, int | None] = {}
    for item in items:
        question = asked.get(item.pk)
        is_judgement = question is not None and question.is_judgement
        owner = owner_of[item.pk] = item.pk if is_judgement else owner_of.get(item.parent_id)
        if question is None:
            continue
        block = blocks.setdefault(owner, Block(None, []))
        if is_judgement:
            block.judgement, block.is_whole = question, item.is_section
        else:
            block.details.append(question)
    return list(blocks.values())
