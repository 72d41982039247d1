"""Filters that turn the plain text of a report into HTML."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# A hyphen may end a line in Dutch, but not in the name of the law.
# Kept whole by a sign: a span that may not break leaves the line before it half empty.
WLZ, JOINED = re.compile(r"\bWlz-(?=[a-z])"), "Wlz-\N{WORD JOINER}"
# Signs: a third of a page in the narrowest column for text, that of a reaction.
LONG = 700


@register.filter
def inline(text: str) -> SafeString:
    """The text on one line, escaped, with Wlz words kept whole; never a place that is left empty unsaid."""
    text = text if text.strip() else "[geen leesbare tekst]"
    return mark_safe(WLZ.sub(JOINED, escape(text)))  # noqa: S308 (escaped)


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs split by newlines; says so when there is no text."""
    paragraphs = [part.strip() for part in text.split("\n") if part.strip()] or ["Niet ingevuld."]
    return mark_safe("".join(f"<p>{inline(part)}</p>" for part in paragraphs))  # noqa: S308 (escaped)


@register.filter
def is_long(text: str) -> bool:
    """Whether a text may be divided over pages; kept whole, it would leave its heading behind."""
    return len(text) > LONG


@register.filter
def breakable(code: str) -> SafeString:
    """A long code that may be broken after every eight signs; copied, it is whole."""
    parts = (code[start : start + 8] for start in range(0, len(code), 8))
    return mark_safe("<wbr>".join(escape(part) for part in parts))  # noqa: S308 (escaped)
