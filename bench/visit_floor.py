"""The floor of the page on which an inspector judges a criterion."""

import json
import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from assessments.forms.visit_edits import SOURCE_LABELS
from assessments.values import CHECKS
from bench import sql
from bench.floors import Row, cells_of, framed, rows, user_of
from wlzthuis.templatetags.thuispeil import MARKS, RANKED, level_label, score

QUOTE = 70


@transaction.non_atomic_requests
def criterion(request: HttpRequest, visit: int, item: int) -> HttpResponse:
    """Own score, findings, what the team judged, and the forms for more."""
    user = user_of(request)
    shown = rows(sql.VISIT, visit, user)[0]
    items = rows(sql.JUDGED, shown["revision_id"], shown["editions"], shown["editions"])
    judgements = rows(sql.JUDGEMENTS, visit)
    for row in judgements:
        row["score"], row["versions"] = score(row["level"]), json.loads(row["versions"])
    here = next(row for row in items if row["id"] == str(item))
    below = [row for row in items if row["parent"] == here["id"]]
    checks = [row | {"words": CHECKS.get(row["value"], "–")} for row in below if row["kind"] == "check"]
    given = [row for row in judgements if row["item"] == here["id"] and row["level"]]
    common = next((row for row in given if row["author"] is None), None)
    mine = next((row for row in given if row["author"] == str(user)), None)
    judged = [row for row in items if row["is_judged"]]
    codes = {row["id"] for row in judged}
    own_items = {here["id"], *(row["id"] for row in below)}
    return framed(
        request,
        "bench/criterion.html",
        here="/bezoeken/",
        me=shown,
        visit=shown,
        item=here,
        own=score(here["value"]),
        tabs=_tabs(judged, judgements, str(user)),
        checks=checks,
        others=[
            _other(row) for row in below if row["is_asked"] and row["kind"] not in ("check", "judgement")
        ],
        files=[row for row in rows(sql.FILES, shown["revision_id"]) if row["item"] in own_items],
        levels=[
            row | {"mark": MARKS[row["code"]], "is_ranked": row["code"] in RANKED}
            for row in rows(sql.INSPECTORS_LEVELS, shown["editions"])
        ],
        answers=CHECKS,
        sources=SOURCE_LABELS,
        new=[{"name": name, "id": uuid.uuid4()} for name in ("object", "source", "text", "items")],
        choices=[row for row in items if row["id"] in codes or row["parent"] in codes],
        findings=_findings(rows(sql.FINDINGS, visit), here, own_items),
        sides=[row for row in given if row["author"]],
        common=common,
        forms=[
            _form("own", mine, mine, checks, judgements, str(user)),
            _form("common", common, common or mine, checks, judgements, None),
        ],
    )


def _tabs(judged: list[Row], judgements: list[Row], user: str) -> list[Row]:
    """Criteria first; each with the common level, until then the person's own."""
    common = {row["item"]: row["level"] for row in judgements if row["author"] is None}
    own = {row["item"]: row["level"] for row in judgements if row["author"] == user}
    tabs = []
    for row in sorted(judged, key=lambda row: not row["is_asked"]):
        level = common.get(row["id"]) or own.get(row["id"])
        words = level_label(level) if level else "nog geen oordeel"
        tabs.append(row | {"mark": MARKS[level or None], "words": words})
    return tabs


def _other(row: Row) -> Row:
    """What a deelvraag that is no check says: a table with its cells in words, or a value."""
    if row["kind"] != "table":
        return row
    _, filled = cells_of(row)
    told = [(line, [(column, _in_words(column, value)) for column, value in cells]) for line, cells in filled]
    return row | {"rows": told}


def _in_words(column: Row, value: str) -> str:
    options = {option["code"]: option["label"] for option in column.get("options", [])}
    return (CHECKS | options).get(value, value)


def _findings(found: list[Row], here: Row, own_items: set[str]) -> list[Row]:
    """Those of the criterion, numbered as in the report."""
    about = [row for row in found if own_items & set(row["items"]) and not row["removed"]]
    for number, row in enumerate(about, start=1):
        row["number"], row["words"] = f"{here['code']}-{number}", SOURCE_LABELS[row["source"]]
        row["quote"] = row["text"][:QUOTE]
    return about


def _form(
    name: str,
    stored: Row | None,
    shown: Row | None,
    checks: list[Row],
    judgements: list[Row],
    author: str | None,
) -> Row:
    """The values of a form for a judgement and its deelvragen, with a new id for each edit."""
    versions: dict[str, Any] = stored["versions"] if stored else {}
    by_item = {row["item"]: row for row in judgements if row["author"] == author}
    fields = [{"name": "object", "id": stored["id"] if stored else uuid.uuid4()}]
    for field in ("level", "reason", "findings"):
        fields.append({"name": field, "id": uuid.uuid4(), "base": versions.get(field, 0)})
    return {
        "name": name,
        "hidden": fields,
        "level": shown["level"] if shown else "",
        "reason": shown["reason"] if shown else "",
        "cited": shown["cited"] if shown else [],
        "checks": [_check(f"{name}-{check['id']}", check, by_item.get(check["id"])) for check in checks],
    }


def _check(name: str, check: Row, stored: Row | None) -> Row:
    return {
        "name": name,
        "code": check["code"],
        "title": check["title"],
        "id": stored["id"] if stored else uuid.uuid4(),
        "edit": uuid.uuid4(),
        "level": stored["level"] if stored else "",
        "base": stored["versions"].get("level", 0) if stored else 0,
    }
