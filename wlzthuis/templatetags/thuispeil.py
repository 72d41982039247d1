"""Marks, icons and small components. Built once from constants: a long page draws hundreds of them."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

LABELS = {
    "meets": "Voldoet",
    "largely_meets": "Voldoet grotendeels",
    "largely_fails": "Voldoet grotendeels niet",
    "fails": "Voldoet niet",
    "not_applicable": "Niet van toepassing",
    "not_tested": "Niet getoetst",
    "unknown": "Weet ik nog niet",
    None: "Nog niet beantwoord",
}
_SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
RANKED = ("meets", "largely_meets", "largely_fails", "fails")

# Round = (largely) meets, angular = (largely) does not; full = entirely, half = largely.
_OPEN = 'fill="none" stroke="currentColor" stroke-width="2"'
_LINE = 'class="mark__line" fill="none" stroke="#fff" stroke-width="2.2"'
_DASH = f'<path d="M6 12h12" stroke-linecap="round" {_OPEN}/>'
_RING = f'<circle cx="12" cy="12" r="9" stroke-dasharray="3.2 2.45" {_OPEN}/>'
_SHAPES = {
    "meets": (
        f'<circle cx="12" cy="12" r="10" fill="currentColor"/><path d="m7.4 12.4 3.1 3.1 6.1-6.6" {_LINE}/>'
    ),
    "largely_meets": (
        '<circle cx="12" cy="12" r="9" fill="#fff" stroke="currentColor" stroke-width="2"/>'
        '<path d="M3 12h18a9 9 0 0 1-18 0z" fill="currentColor"/>'
    ),
    "largely_fails": (
        '<path d="m12 2.4 9.6 9.6-9.6 9.6L2.4 12z" fill="#fff" stroke="currentColor" stroke-width="2"/>'
        '<path d="M2.4 12h19.2L12 21.6z" fill="currentColor"/>'
    ),
    "fails": (
        '<path d="M12 1 23 12 12 23 1 12z" fill="currentColor"/>'
        f'<path d="m8.8 8.8 6.4 6.4m0-6.4-6.4 6.4" {_LINE}/>'
    ),
    "not_applicable": _DASH,
    "not_tested": _DASH,
    "unknown": _RING,
    None: _RING,
}


def _css_name(level: str | None) -> str:
    return (level or "none").replace("_", "-")


MARKS = {
    level: mark_safe(  # noqa: S308 (constants of this module)
        f'<svg class="mark mark--{_css_name(level)}" viewBox="0 0 24 24" width="24" height="24" '
        f'aria-hidden="true" focusable="false">{shape}</svg>'
    )
    for level, shape in _SHAPES.items()
}


def _score(level: str | None, label: str, size: str, shown_as: str | None) -> SafeString:
    words = "visually-hidden" if size == "cell" else "score__words"
    return format_html(
        '<span class="score score--{} score--{}">{}<span class="{}">{}</span></span>',
        size,
        _css_name(shown_as),
        MARKS[shown_as],
        words,
        label,
    )


_SCORES = {
    (level, size): _score(level, label, size, level)
    for level, label in LABELS.items()
    for size in ("badge", "cell")
}


@register.simple_tag
def score_mark(level: str | None = None) -> SafeString:
    """The bare shape of a level, hidden from assistive technology."""
    return MARKS.get(level or None, MARKS[None])


@register.simple_tag
def score(level: str | None = None, size: str = "badge", of: str = "") -> SafeString:
    """A level as badge (shape and words) or as cell (words hidden); `of` names what was judged."""
    level = level or None
    if not of and (level, size) in _SCORES:
        return _SCORES[level, size]
    label = LABELS.get(level, level or "")
    return _score(level, f"{of}: {label}" if of else label, size, level if level in LABELS else None)


@register.filter
def level_label(level: str | None) -> str:
    """The words for a level code."""
    return LABELS.get(level or None, level or "")


@register.filter
def is_ranked(level: str) -> bool:
    """True for the four levels of the scale, so not for 'niet van toepassing' and the like."""
    return level in RANKED


_COMPOUND = re.compile(r"Wlz-\w+")


@register.filter
def whole(text: Any) -> SafeString:
    """Text in which a word such as 'Wlz-zorg' stays on one line.

    A span and not a special hyphen: our fonts have none, and copying and searching must keep working.
    """
    shown = conditional_escape(text)
    if "Wlz-" not in shown:
        return shown
    return mark_safe(_COMPOUND.sub(r'<span class="nowrap">\g<0></span>', shown))  # noqa: S308 (escaped above)


@register.filter
def day(stored: str) -> str:
    """A stored date (ISO) as people write it: '13 februari 2026'. Anything else comes back as it is."""
    try:
        return format_date(date.fromisoformat(stored), "j F Y")
    except ValueError:
        return stored


@lru_cache(maxsize=256)
def _icon(name: str, size: int) -> SafeString:
    path = Path(settings.BASE_DIR) / "static" / "vendor" / "lucide" / f"{name}.svg"
    if not name.replace("-", "").isalnum() or not path.is_file():
        raise template.TemplateSyntaxError(
            f"No icon {name!r}: add it to ICONS in wlzthuis/dev/assets.py, run make assets"
        )
    shapes = _SVG_BODY.findall(path.read_text())[0]
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="{0}" height="{0}" fill="none" stroke="currentColor" '
        'stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
        'focusable="false">{1}</svg>',
        size,
        mark_safe(" ".join(shapes.split())),  # noqa: S308 (a file of ours, not input)
    )


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A lucide icon, inline and hidden from assistive technology: always put words beside it."""
    return _icon(name, size)


# Which tone a status has. A status that is not here is quiet; green and brown of the scores are never used.
TONES = {
    "signal": {
        "to_board",
        "offered",
        "at_provider",
        "reacted",
        "suspended",
        "requested",
        "running",
        "extended",
        "delivered",
    },
    "done": {
        "done",
        "checked",
        "met",
        "submitted",
        "settled",
        "decided",
        "published",
        "ready",
        "corrected",
        "handed_in",
    },
    "error": {"failed", "withdrawn", "late", "not_met"},
}


@register.simple_tag
def status_pill(status: Any, label: str = "") -> SafeString:
    """A round pill; `label` are the words, by default those of a TextChoices member."""
    tone = next((tone for tone, codes in TONES.items() if str(status) in codes), "quiet")
    return format_html(
        '<span class="pill pill--{}">{}</span>', tone, label or getattr(status, "label", status)
    )


@register.simple_tag
def progress(done: int, total: int, label: str, unit: str = "") -> SafeString:
    """A bar with 'x van y'; `unit` follows the numbers, such as 'vragen'."""
    return format_html(
        '<div class="progress"><span class="progress__label">{}</span>'
        '<span class="progress__count"><b>{}</b> van {}{}</span>'
        '<progress value="{}" max="{}" aria-label="{}"></progress></div>',
        whole(label),
        done,
        total,
        f" {unit}" if unit else "",
        done,
        total or 1,
        label,
    )


@register.simple_tag
def legend(counts: Mapping[str | None, int] | None = None, inspector: bool = False) -> SafeString:
    """What every mark means; with `counts` (level -> number) only those that occur, with their number."""
    levels = [*RANKED, "not_tested" if inspector else "not_applicable", None]
    if counts is not None:
        levels = [level for level in LABELS if counts.get(level)]
    rows = (
        (
            _css_name(level),
            MARKS[level],
            LABELS[level] if counts is None else f"{LABELS[level]}: {counts[level]}",
        )
        for level in levels
    )
    items = format_html_join(
        "", '<li><span class="score score--cell score--{}">{}</span><span>{}</span></li>', rows
    )
    return format_html('<ul class="legend">{}</ul>', items)


@register.simple_tag
def breadcrumbs(*parts: str) -> SafeString:
    """{% breadcrumbs label url label url … label %}: the last one is the page itself."""
    links = format_html_join("", '<li><a href="{}">{}</a></li>', zip(parts[1::2], parts[0:-1:2], strict=True))
    return format_html(
        '<nav class="breadcrumbs" aria-label="Kruimelpad"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        links,
        parts[-1],
    )
