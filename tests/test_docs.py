"""What the documents name is there, and what they count is right."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from providers.models import User

ROOT: Path = settings.BASE_DIR
DOCUMENTS = ["README.md", "SECURITY.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
FOLDERS = "assessments|bench|docker|docs|norms|providers|reports|static|templates|tests|wlzthuis"
IN_A_FOLDER = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)(?:::(\w+))?`")
AT_THE_TOP = re.compile(r"`([\w.-]+\.(?:md|lock|toml|yml))`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")

VERDICTS = ("holds", "not applicable", "open")
ROW = re.compile(r"^\| ([\d., ]+) \| (holds|not applicable|open) \| (.+) \|$", re.MULTILINE)
SUMMARY = re.compile(r"^\| (\d+|all) ?[^|]*\| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has.
REQUIREMENTS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_named_is_there(name: str) -> None:
    text = (ROOT / name).read_text()
    for path, test in IN_A_FOLDER.findall(text):
        assert (ROOT / path).exists(), path
        if test:
            assert re.search(rf"^(?:async )?def {test}\(", (ROOT / path).read_text(), re.MULTILINE), test
    for path in AT_THE_TOP.findall(text):
        assert (ROOT / path).is_file(), path
    for target in LINK.findall(text):
        assert ((ROOT / name).parent / target).exists(), target


def test_every_table_that_names_people_is_in_the_register() -> None:
    text = (ROOT / "docs" / "privacy.md").read_text()
    ours = [model for model in apps.get_models() if (ROOT / model._meta.app_label).is_dir()]
    naming = [
        model._meta.db_table
        for model in ours
        if any(field.concrete and field.related_model is User for field in model._meta.get_fields())
    ]
    assert [table for table in naming if f"`{table}`" not in text] == []


def test_every_requirement_has_one_verdict_and_the_summary_counts_them() -> None:
    text = (ROOT / "docs" / "asvs.md").read_text()
    verdicts = [(number, verdict) for ids, verdict, _ in ROW.findall(text) for number in ids.split(", ")]
    assert len({number for number, _ in verdicts}) == len(verdicts), "each once"
    counted = Counter((int(number.split(".")[0]), verdict) for number, verdict in verdicts)
    chapters = {chapter: [counted[chapter, verdict] for verdict in VERDICTS] for chapter in REQUIREMENTS}
    assert {chapter: sum(numbers) for chapter, numbers in chapters.items()} == REQUIREMENTS
    told = {chapter: [int(number) for number in numbers] for chapter, *numbers in SUMMARY.findall(text)}
    total = [sum(numbers) for numbers in zip(*chapters.values(), strict=True)]
    assert told == {str(chapter): numbers for chapter, numbers in chapters.items()} | {"all": total}


def test_what_holds_names_a_test() -> None:
    rows = ROW.findall((ROOT / "docs" / "asvs.md").read_text())
    assert [ids for ids, verdict, words in rows if verdict == "holds" and "::test_" not in words] == []
