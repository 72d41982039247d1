"""What a form sent about a question, read back onto that question."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from assessments.question import Question
from assessments.services import NewAnswer
from assessments.values import clean, clean_text
from norms.models import Item

NOT_READABLE = "Dit antwoord kwam niet goed aan. Sla de pagina opnieuw op."


def read_posted(question: Question, posted: Mapping[str, Any]) -> NewAnswer | None:
    """What was typed for a question; it is put on the question, so that a failed save shows it again.

    Returns None when the form did not hold the question. Raises ValidationError.
    """
    version = posted.get(f"v-{question.item.pk}")
    if version is None:
        return None
    try:
        question.base_version = int(version)
        save_id = uuid.UUID(posted.get(f"s-{question.item.pk}", ""))
    except ValueError:
        raise ValidationError(NOT_READABLE) from None
    raw = _raw_value(question, posted)
    question.value, question.note = raw or None, posted.get(question.text_name, question.note)
    value = clean(question.item, frozenset(question.radios), raw)
    text = clean_text(question.note) if question.is_judgement else ""
    question.value = value
    return NewAnswer(question.item.pk, value, text, question.base_version, save_id)


def _raw_value(question: Question, posted: Mapping[str, Any]) -> Any:
    if question.item.kind != Item.Kind.TABLE:
        return posted.get(question.name, "")
    return [
        {
            "row": row["code"],
            **{cell["code"]: posted.get(cell["name"], "") for cell in row["cells"]},
        }
        for row in question.rows
    ]
