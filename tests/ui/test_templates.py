"""What holds for every template and stylesheet: a strict CSP, and only icons and files that are there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from wlzthuis.dev.assets import ICONS

# A mail is no page of ours: its program knows no policy, and needs the styles on the elements.
PAGELESS = {"pdf", "mail"}
TEMPLATES = sorted(
    path
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    if PAGELESS.isdisjoint(path.parts)
)
SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "data address": re.compile(r"(src|href)\s*=\s*[\"']data:", re.IGNORECASE),
    "other site's file": re.compile(r"<(script|link|img)[^>]+(src|href)=[\"'](https?:)?//", re.IGNORECASE),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_keeps_to_the_content_security_policy(path):
    text = path.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_every_icon_that_a_template_names_is_copied():
    used = {name for path in TEMPLATES for name in re.findall(r'{%\s*icon "([^"]+)"', path.read_text())}
    assert used - set(ICONS) == set()


def test_stylesheets_name_files_that_exist_and_none_of_elsewhere():
    for sheet in sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css")):
        for address in re.findall(r"url\([\"']?([^\"')]+)", sheet.read_text()):
            assert "//" not in address, f"{sheet.name} loads {address}"
            assert (sheet.parent / address).resolve().is_file(), f"{sheet.name} names {address}"


def test_the_page_of_a_fault_of_ours_needs_nothing_that_may_fail():
    text = (Path(settings.BASE_DIR) / "templates" / "500.html").read_text()
    assert set(re.findall(r"{%\s*(\w+)", text)) == {"comment", "endcomment"}
    assert "{{" not in text
