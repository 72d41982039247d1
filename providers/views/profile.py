"""What a provider does and for whom: to fill in for itself, to read for its inspector and care office."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from providers import profile as profiles
from providers.forms.profile import ProfileForm, TallyForm
from providers.http import Request
from providers.models import CareProfile, DeliveryForm, Organisation, Profile, Role, Tally
from providers.permissions import can_read_profile, roles_required

EDITORS = (Role.QUALITY_OFFICER, Role.DIRECTOR)
TALLIES_SHOWN = 40


@login_required
def profile(request: Request) -> HttpResponse:
    """The own profile; who may not change it reads it."""
    if request.actor.kind != Organisation.Kind.PROVIDER:
        raise Http404
    if not request.actor.has(*EDITORS):
        if request.method == "POST":
            raise PermissionDenied
        return _read(request, request.actor.own)
    own = request.actor.own
    if request.method == "POST":
        profiles.hold(own.pk)
    stored = Profile.objects.filter(pk=own.pk).first()
    form = ProfileForm(request.POST or None, instance=stored or Profile(organisation=own))
    if request.method == "POST" and form.is_valid():
        profiles.save_profile(form.save(commit=False), by=request.actor)
        messages.success(request, _saved(form.instance))
        return redirect("profile")
    context = {"form": form, "stored": stored, "locations": own.locations.all(), **_tallies(own)}
    return render(request, "providers/profile/edit.html", context)


def _saved(stored: Profile) -> str:
    """What follows now."""
    if stored.has_wlz_clients and not Tally.objects.filter(organisation=stored.pk).exists():
        return "Uw profiel is opgeslagen. Tel nu ook uw cliënten."
    return "Uw profiel is opgeslagen. Uw zelfevaluaties in concept volgen het."


@login_required
def profile_of(request: Request, pk: int) -> HttpResponse:
    """A provider's profile for its inspector and its care office."""
    shown = get_object_or_404(Organisation.objects.providers(), pk=pk)
    if not can_read_profile(request.actor, shown):
        raise Http404
    return _read(request, shown)


def _read(request: Request, shown: Organisation) -> HttpResponse:
    context = {
        "organisation": shown,
        "stored": Profile.objects.filter(pk=shown.pk).first(),
        "locations": shown.locations.all(),
        **_tallies(shown),
    }
    return render(request, "providers/profile/read.html", context)


def _tallies(shown: Organisation) -> dict[str, object]:
    """The counts by day, the newest one as a table."""
    tallies = list(shown.tallies.latest_versions().with_total()[:TALLIES_SHOWN])
    return {"tallies": tallies, "newest": _table(tallies[0]) if tallies else None}


def _table(tally: Tally) -> dict[str, object]:
    cells = tally.cells
    columns = [form for form in DeliveryForm if any(form == used for _, used in cells)]
    rows = [
        (care, [(form.label, cells.get((care, form), 0)) for form in columns])
        for care in CareProfile
        if any(care == used for used, _ in cells)
    ]
    return {"tally": tally, "columns": [form.label for form in columns], "rows": rows}


@roles_required(*EDITORS)
def tally_edit(request: Request, day: date | None = None) -> HttpResponse:
    """Count the clients of a day, or correct a count."""
    own = request.actor.own
    if request.method == "POST":
        profiles.hold(own.pk)
    tally = profiles.tally_of(own.pk, day) if day else None
    if day and tally is None:
        raise Http404
    before = None if day else profiles.newest_tally(own.pk, timezone.localdate())
    form = TallyForm(request.POST or None, organisation=own, tally=tally, starts_from=before)
    if request.method == "POST" and form.is_valid():
        saved = profiles.save_tally(
            own.pk,
            form.cleaned_data["counted_on"],
            form.cells,
            form.cleaned_data["bridging_clients"],
            by=request.actor,
        )
        messages.success(request, f"De telling van {saved.counted_on:%d-%m-%Y} is opgeslagen.")
        return redirect("profile")
    return render(request, "providers/profile/tally.html", {"form": form, "tally": tally, "before": before})
