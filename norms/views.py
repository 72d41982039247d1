"""Public pages: which editions there are, and each edition in full."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import F, Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from norms import mappings, tree, validity
from norms.comparing import LABELS, Change, ChangeKind, Piece, compare, word_diff
from norms.models import FrameworkVersion, Item, Scale, tree_lookups


@require_safe
@conditional_page
def frameworks(request: HttpRequest) -> HttpResponse:
    """All frameworks with their editions, and the scales in use."""
    today = timezone.localdate()
    versions = FrameworkVersion.objects.select_related("framework").order_by(
        "step", "framework__name", F("valid_from").desc(nulls_last=True)
    )
    groups = [
        (framework, [(version, version.validity_on(today), validity.period(version)) for version in editions])
        for framework, editions in groupby(versions, key=lambda version: version.framework)
    ]
    scales = Scale.objects.prefetch_related("levels").order_by("code")
    return render(request, "norms/list.html", {"groups": groups, "scales": scales})


@require_safe
def framework(request: HttpRequest, code: str) -> HttpResponse:
    """The edition that is used today, or else the first that is still to come."""
    versions = FrameworkVersion.objects.filter(framework__code=code).select_related("framework")
    version = versions.default_for(timezone.localdate()).first() or versions.order_by("valid_from").first()
    if version is None:
        raise Http404("Onbekend normenkader")
    return redirect(version)


@require_safe
@conditional_page
def edition(request: HttpRequest, code: str, edition: str) -> HttpResponse:
    """One edition with all its items and what they have to do with others, in a few queries."""
    family = list(FrameworkVersion.objects.family(code).select_related("framework", "scale"))
    editions = [version for version in family if version.framework.code == code]
    version = next((version for version in editions if version.edition == edition), None)
    if version is None:
        raise Http404("Onbekende versie")
    prefetch_related_objects([version], *tree_lookups())
    context = {
        "version": version,
        "editions": editions,
        "status": validity.status(version, timezone.localdate(), family),
        "period": validity.period(version),
        "composition": tree.composition(version.items.all()),
        "has_scale": any(item.kind == Item.Kind.JUDGEMENT for item in version.items.all()),
        "chapters": list(tree.chapters(tree.grow(version, mappings.relations(version)))),
    }
    return render(request, "norms/edition.html", context)


@transaction.non_atomic_requests
@require_safe
def beginners(request: HttpRequest) -> HttpResponse:
    """What changes for who comes from the Zvw, in plain words."""
    return render(request, "norms/beginners.html")


@require_safe
@conditional_page
def difference(request: HttpRequest, code: str) -> HttpResponse:
    """What became of each item between two editions of a framework; by default the newest two."""
    editions = list(FrameworkVersion.objects.filter(framework__code=code).select_related("framework"))
    editions.sort(key=lambda version: (version.valid_from or datetime.date.min, version.edition))
    if not editions:
        raise Http404("Onbekend normenkader")
    by_name = {version.edition: version for version in editions}
    new = by_name.get(request.GET.get("naar", editions[-1].edition))
    old = by_name.get(request.GET.get("van", editions[-2 if len(editions) > 1 else -1].edition))
    if old is None or new is None:
        raise Http404("Onbekende versie")
    fields = [("van", "Van versie", old), ("naar", "Naar versie", new)]
    context = {"framework": new.framework, "editions": editions, "new": new, "fields": fields, "groups": None}
    if old != new:
        prefetch_related_objects([old, new], Prefetch("items", Item.objects.order_by("position")))
        changes = compare(old.items.all(), new.items.all())
        context["groups"] = _grouped(changes)
    return render(request, "norms/difference.html", context)


@dataclass(frozen=True)
class _Shown:
    """A change with, when one item followed one other, the two texts as one."""

    change: Change
    title: list[Piece]
    text: list[Piece]


def _grouped(changes: list[Change]) -> list[tuple[ChangeKind, str, list[_Shown]]]:
    """Per kind what changed, what is most work first; what stayed the same comes last."""
    order = (
        ChangeKind.NEW,
        ChangeKind.REWORDED,
        ChangeKind.SPLIT,
        ChangeKind.MERGED,
        ChangeKind.GONE,
        ChangeKind.UNCHANGED,
    )
    found = [(kind, [_shown(change) for change in changes if change.kind == kind]) for kind in order]
    return [(kind, LABELS[kind], shown) for kind, shown in found if shown]


def _shown(change: Change) -> _Shown:
    if change.kind != ChangeKind.REWORDED:
        return _Shown(change, [], [])
    old, new = change.old_items[0], change.new_items[0]
    return _Shown(change, word_diff(old.title, new.title), word_diff(old.text, new.text))
