"""The least that each measured request could cost: a bare view, the fewest statements, a flat template.

A floor selects or writes the same rows. It checks no permission and no input. Pages have their SQL by hand,
because Django needs more statements for those rows; for the writes it needs no more, so they are Django's.
"""

import json
import uuid
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.forms.worklist import ORDERS
from assessments.models import Answer, AnswerVersion, Revision, RiskSignal, SelfAssessment
from assessments.worklist_rules import rules
from bench import sql
from norms.models import Item
from providers.models import DeliveryForm
from wlzthuis.context import NAV
from wlzthuis.isolation import SYSTEM, acting

Row = dict[str, Any]


@transaction.non_atomic_requests
def fill_in(request: HttpRequest, revision: int) -> HttpResponse:
    """All items of a draft with their answers, files, levels and signals."""
    chosen = rows(sql.DRAFT, revision, user_of(request))
    editions = [row["edition"] for row in chosen]
    questions = rows(sql.QUESTIONS, revision, editions, editions)
    levels = rows(sql.LEVELS, [row["scale_id"] for row in chosen])
    by_item = {question["id"]: question for question in questions}
    for name, found in (
        ("signals", rows(sql.SIGNALS, editions)),
        ("files", rows(sql.FILES, revision)),
    ):
        for row in found:
            by_item[row["item"]].setdefault(name, []).append(row)
    for question in questions:
        _decode(question)
    return framed(
        request,
        "bench/fill_in.html",
        here="/zelfevaluaties/",
        me=chosen[0],
        draft=chosen[0],
        chapters=_chapters(chosen, questions),
        questions=questions,
        levels={level["code"]: level["label"] for level in levels},
    )


@transaction.non_atomic_requests
def handed_in(request: HttpRequest) -> HttpResponse:
    """The fifty newest accounts with their progress."""
    me = rows(sql.ME, user_of(request))[0]
    here = "/zelfevaluaties/"
    return framed(request, "bench/handed_in.html", here=here, me=me, revisions=rows(sql.HANDED_IN)[:50])


@transaction.non_atomic_requests
def worklist(request: HttpRequest) -> HttpResponse:
    """The first fifty providers with their signals, and what one can filter on."""
    user, codes = user_of(request), list(rules().signals)
    me = rows(sql.ME, user)[0]
    labels = {code: str(RiskSignal.Code(code).label) for code in codes}
    listed = rows(sql.WORKLIST)[:50]
    by_provider = {row["id"]: row | {"signals": [], "gaps": []} for row in listed}
    for reason in rows(sql.REASONS, list(by_provider), codes, codes):
        grounds = json.loads(reason["grounds"])
        row = by_provider[reason["provider"]]
        shown = row["gaps"] if reason["code"] in RiskSignal.GAPS else row["signals"]
        shown.append({"label": labels[reason["code"]], "grounds": grounds[:3], "more": len(grounds[3:])})
    return framed(
        request,
        "bench/worklist.html",
        here="/werklijst/",
        me=me,
        views=rows(sql.VIEWS, user),
        regions=rows(sql.REGIONS),
        forms=DeliveryForm.choices,
        orders=ORDERS,
        labels=labels,
        rows=list(by_provider.values()),
        as_of=listed[0]["as_of"],
    )


@transaction.non_atomic_requests
def answer(request: HttpRequest, organisation: int, answer: int, item: int) -> HttpResponse:
    """Write one answer and its history."""
    posted, user, now = request.POST, user_of(request), timezone.now()
    seen = int(posted[f"v-{item}"])
    said: dict[str, Any] = {"value": posted[f"a-{item}"], "text": posted[f"t-{item}"], "author_id": user}
    version, save_id = seen + 1, posted[f"s-{item}"]
    with acting(SYSTEM), transaction.atomic():
        Answer.objects.filter(pk=answer).update(version=version, is_answered=True, updated_at=now, **said)
        AnswerVersion.objects.create(
            organisation_id=organisation,
            answer_id=answer,
            save_id=save_id,
            version=version,
            parent_version=seen,
            at=now,
            **said,
        )
    return _page(request, "bench/saved.html", item=item, version=version, save_id=uuid.uuid4(), now=now)


@transaction.non_atomic_requests
def start(request: HttpRequest, organisation: int) -> HttpResponse:
    """Write an account with its first revision, locations and editions."""
    posted, places, sets = request.POST, Revision.locations.through, Revision.editions.through
    editions = [int(pk) for pk in posted.getlist("editions")]
    asked = Item.objects.filter(version__in=editions, filled_by__contains=[Item.Filler.PROVIDER])
    with acting(SYSTEM), transaction.atomic():
        account = SelfAssessment.objects.create(organisation_id=organisation, year=int(posted["year"]))
        revision = Revision.objects.create(
            organisation_id=organisation,
            self_assessment=account,
            question_count=asked.count(),
            created_by_id=user_of(request),
        )
        places.objects.bulk_create(
            places(revision=revision, location_id=int(pk)) for pk in posted.getlist("locations")
        )
        sets.objects.bulk_create(sets(revision=revision, frameworkversion_id=pk) for pk in editions)
    return HttpResponseRedirect(f"/zelfevaluaties/{revision.pk}/invullen/")


def user_of(request: HttpRequest) -> int:
    return int(request.session["_auth_user_id"])


def rows(statement: str, *values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def framed(request: HttpRequest, template: str, *, here: str, me: Row, **context: Any) -> HttpResponse:
    """A whole page; `here` is the entry of the menu that it stands under."""
    return _page(request, template, here=here, me=me, nav=_nav(me["kind"], here), **context)


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Without context processors: what they add is no part of a bare view."""
    return HttpResponse(render_to_string(template, {**context, "csrf_token": get_token(request)}))


@cache
def _nav(kind: str, here: str) -> SafeString:
    """The portal's own menu, so that a floor has the entries of today."""
    entries = [(reverse(name), label) for label, name in NAV[kind]]
    current = {here: mark_safe(' aria-current="true"')}
    items = ((url, current.get(url, ""), label) for url, label in entries)
    return format_html_join("\n", '<li><a href="{}"{}>{}</a></li>', items)


def _decode(question: Row) -> None:
    """What a template cannot make of a row: decoded JSON, a new save id, the cells of a table."""
    question["save_id"] = uuid.uuid4()
    question["evidence"] = json.loads(question["evidence"])
    if question["kind"] == "choice":
        question["options"] = json.loads(question["options"])
    if question["kind"] == "table":
        question["columns"], question["rows"] = cells_of(question)


def cells_of(question: Row) -> tuple[list[Row], list[tuple[Row, list[tuple[Row, str]]]]]:
    """The columns of a table, and each of its rows with its cells: (column, value)."""
    shape = json.loads(question["shape"])
    filled = {row["row"]: row for row in json.loads(question["value"] or "[]")}
    named = shape.get("rows") or [{"code": str(n), "label": f"Regel {n}"} for n in (1, 2, 3)]
    columns = shape["columns"]
    return columns, [
        (row, [(column, filled.get(row["code"], {}).get(column["code"], "")) for column in columns])
        for row in named
    ]


def _chapters(chosen: list[Row], questions: list[Row]) -> list[Row]:
    """The editions with their sections, and how many questions of each are answered."""
    sections = {row["id"]: {**row, "total": 0, "answered": 0} for row in questions if row["is_section"]}
    for question in questions:
        if question["is_asked"]:
            sections[question["section_id"]]["total"] += 1
            sections[question["section_id"]]["answered"] += bool(question["is_answered"])
    return [
        {**edition, "sections": [row for row in sections.values() if row["version_id"] == edition["edition"]]}
        for edition in chosen
    ]
