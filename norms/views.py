"""Public pages: which editions there are, and each edition in full."""

from itertools import groupby

from django.db.models import F, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from norms import tree, validity
from norms.models import FrameworkVersion, Scale, tree_lookups


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
    """One edition with all its items, in three queries."""
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
        "chapters": list(tree.chapters(tree.grow(version))),
    }
    return render(request, "norms/edition.html", context)
