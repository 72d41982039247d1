"""One question on a page: what it asks, what is stored, and what was typed when that could not be saved."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments import bsn, bsn_guard
from assessments.models import Answer, EvidenceLink
from assessments.scope import Reach
from assessments.values import CHECKS, Value, is_answered
from norms import comparing
from norms.models import Item, Signal

CELL_CHECKS = list(CHECKS.items())


@dataclass
class Question:
    """One item with what is stored and, after a failed save, what was typed."""

    item: Item
    answer: Answer | None
    options: list[tuple[str, str]]
    ranked: int = 0  # so many of the options are levels of the scale; they come first
    framework: str = ""  # the title of its edition
    has_signals: bool = False  # whether some answers give rise to a signal here
    source: "Question | None" = None  # whose answer stands here too
    twin: "Question | None" = None  # asks the same and has an answer of its own
    related: "list[RelatedQuestion]" = field(default_factory=list)
    is_new: bool = False  # not asked in the edition before
    was: Item | None = None  # the question of then, when an answer came along from it
    evidence: list[EvidenceLink] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    reach: Reach | None = None  # only when it does not simply apply to the provider
    errors: list[str] = field(default_factory=list)
    file_errors: list[str] = field(default_factory=list)
    conflict: Answer | None = None
    value: Value = None
    note: str = ""
    base_version: int | None = None

    def __post_init__(self) -> None:
        if self.answer:
            self.value, self.note = self.answer.value, self.answer.text

    # What the answer components in templates/components/ read.
    @cached_property
    def key(self) -> SafeString:
        """The item's key as text: made once, because a page needs it some ten times for each question."""
        return mark_safe(str(self.item.pk))  # noqa: S308

    @cached_property
    def id(self) -> SafeString:
        return mark_safe(f"vraag-{self.key}")  # noqa: S308

    @property
    def code(self) -> str:
        return self.item.code

    @property
    def title(self) -> str:
        return self.item.title

    @property
    def guidance(self) -> str:
        """A judgement's guidance stands in its own fold."""
        return "" if self.is_judgement else self.item.guidance

    @property
    def unit(self) -> str:
        return self.item.counted_in

    @property
    def text(self) -> str:
        return self.item.text or self.item.title

    @property
    def component(self) -> str:
        return f"components/answer_{'linked' if self.source else self.item.kind}.html"

    @cached_property
    def name(self) -> SafeString:
        return mark_safe(f"a-{self.key}")  # noqa: S308

    @property
    def text_name(self) -> str:
        return f"t-{self.key}" if self.is_judgement else ""

    @property
    def file_name(self) -> str:
        return f"f-{self.key}"

    @cached_property
    def radios(self) -> dict[str, SafeString]:
        """The attributes of the radio button of each option: a long page draws hundreds of those."""
        return {code: self._radio(code) for code, _ in self.options}

    @property
    def choices(self) -> list[tuple[str, str, SafeString]]:
        """The options with the attributes of their radio buttons."""
        return [(code, label, self.radios[code]) for code, label in self.options]

    @property
    def scores(self) -> list[tuple[str, str, SafeString]]:
        """The levels of the scale among the choices."""
        return self.choices[: self.ranked]

    @property
    def other_choices(self) -> list[tuple[str, str, SafeString]]:
        return self.choices[self.ranked :]

    @property
    def chosen(self) -> str:
        """Which of the options, '' when none: so never what somebody made up."""
        return next((code for code, _ in self.options if code == self.value), "")

    def _radio(self, code: str) -> SafeString:
        checked = " checked" if code == self.value else ""
        code = escape(code)
        return mark_safe(  # noqa: S308 (a key, and a code that was escaped)
            f'name="{self.name}" value="{code}" id="{self.id}-{code}"{checked}'
        )

    @property
    def version(self) -> int:
        """The version that the person has seen: not a newer one until she chose between two texts."""
        if self.base_version is not None and (self.errors or self.conflict):
            return self.base_version
        return self.answer.version if self.answer else 0

    @property
    def stamp(self) -> SafeString:
        """Hidden fields: the version seen, and a new save id, so that sending one page twice saves once."""
        return mark_safe(  # noqa: S308 (numbers, and names of inputs)
            f'<input type="hidden" name="v-{self.key}" value="{self.version}" data-seen-for="{self._names}">'
            f'<input type="hidden" name="s-{self.key}" value="{uuid.uuid4()}">'
        )

    @property
    def _names(self) -> SafeString:
        """The names of the inputs that one types in, after each other."""
        cells = [cell["name"] for row in self.rows for cell in row["cells"]] if self.table else []
        return escape(" ".join(filter(None, [self.name, self.text_name, *cells])))

    @property
    def choice_names(self) -> dict[str, str]:
        """Names of the buttons that settle a conflict; two texts can stand together, two numbers cannot."""
        can_join = self.item.kind in (Item.Kind.JUDGEMENT, Item.Kind.TEXT)
        choices = ("mine", "theirs", "both") if can_join else ("mine", "theirs")
        return {choice: f"{choice}-{self.item.pk}" for choice in choices}

    @property
    def in_words(self) -> str:
        return self.words_of(self.value, self.note)

    @property
    def conflict_in_words(self) -> str:
        return self.words_of(self.conflict.value, self.conflict.text) if self.conflict else ""

    def words_of(self, value: Value, note: str) -> str:
        """A whole answer as text, to lay beside another."""
        if isinstance(value, list):
            shown = "\n".join(filter(None, map(self._row_in_words, self.rows_of(value))))
        else:
            shown = dict(self.options).get(value or "", value or "Nog niet beantwoord")
        return "\n".join(filter(None, [shown, note]))

    def _row_in_words(self, row: Mapping[str, Any]) -> str:
        cells = [f"{cell['label']}: {cell['words']}" for cell in row["cells"] if cell["value"]]
        return f"{row['label']}. {', '.join(cells)}" if cells else ""

    @property
    def is_refused(self) -> bool:
        return bool(self.errors)

    @property
    def differs_from_then(self) -> bool:
        return self.is_new or self.needs_confirming

    @property
    def has_more(self) -> bool:
        return self.twin is not None or self.has_history

    @property
    def has_history(self) -> bool:
        """Something else stood here before: an earlier version, or one's own text from before a link."""
        return self.answer is not None and self.answer.version > (0 if self.answer.linked_to_id else 1)

    @property
    def applies(self) -> bool:
        return self.reach is None or self.reach.applies

    @property
    def is_answered(self) -> bool:
        return is_answered(self.value)

    @property
    def needs_confirming(self) -> bool:
        return self.answer is not None and self.answer.needs_confirming

    @property
    def changed_words(self) -> list[comparing.Piece]:
        """The question of then and of now in one, when it was another."""
        if self.was is None or (self.was.title, self.was.text) == (self.item.title, self.item.text):
            return []
        return comparing.word_diff(self.was.text or self.was.title, self.text)

    @property
    def bsn_warning(self) -> str:
        return bsn.warning(bsn_guard.text_of(self.value, self.note))

    @property
    def is_judgement(self) -> bool:
        return self.item.kind == Item.Kind.JUDGEMENT

    @property
    def shown_value(self) -> str:
        """The value in words, for reading."""
        if self.value is None or isinstance(self.value, list):
            return ""
        return dict(self.options).get(self.value, self.value)

    @property
    def table(self) -> dict[str, Any]:
        return self.item.table or {}

    @property
    def columns(self) -> list[tuple[str, str]]:
        return [(column["code"], column["label"]) for column in self.table["columns"]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Table rows with their cells, for a form or for reading."""
        return self.rows_of(self.value)

    def rows_of(self, value: Value) -> list[dict[str, Any]]:
        """The rows as another value would fill them."""
        filled = {row["row"]: row for row in value} if isinstance(value, list) else {}
        codes = self.table.get("rows") or [
            {"code": str(n), "label": f"Regel {n}"} for n in range(1, max(len(filled) + 2, 4))
        ]
        return [{**row, "cells": self._cells(row["code"], filled.get(row["code"], {}))} for row in codes]

    def _cells(self, row: str, filled: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "code": column["code"],
                "label": column["label"],
                "kind": column["kind"],
                "name": f"{self.name}-{row}-{column['code']}",
                "value": filled.get(column["code"], ""),
                "words": dict(_cell_options(column)).get(
                    filled.get(column["code"], ""), filled.get(column["code"], "")
                ),
                "options": _cell_options(column),
            }
            for column in self.table["columns"]
        ]


def _cell_options(column: Mapping[str, Any]) -> list[tuple[str, str]]:
    if column["kind"] == "check":
        return CELL_CHECKS
    return [(option["code"], option["label"]) for option in column.get("options", [])]


@dataclass(frozen=True)
class RelatedQuestion:
    """Another question that covers this one, falls under it or has to do with it, and why."""

    question: Question
    words: str
    reason: str
