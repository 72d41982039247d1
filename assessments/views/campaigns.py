"""Campaigns: for who asks (list, new, progress, more time, withdrawal) and for the provider that is asked."""

import csv
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from assessments import campaigns, permissions
from assessments.errors import NotReady, WrongState
from assessments.forms.campaign import CampaignForm, ExtensionForm, ReasonForm, TargetFilterForm
from assessments.models import Campaign, CampaignTarget, Revision
from assessments.models.campaign import CampaignTargetQuerySet
from providers import audit
from providers.http import Request
from providers.models import Organisation
from providers.paging import page_after
from providers.permissions import roles_required

ASKERS = Campaign.ASKERS
State = CampaignTarget.State
SHOWN_FIRST = 12
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@roles_required(*ASKERS)
def campaign_list(request: Request) -> HttpResponse:
    found = Campaign.objects.visible_to(request.actor)
    page = page_after(found, request, order=("-created_at", "-id"), size=10)
    counts = _counts(CampaignTarget.objects.filter(campaign__in=[row.pk for row in page.rows]))
    rows = [(row, counts.get(row.pk, {}), sum(counts.get(row.pk, {}).values())) for row in page.rows]
    return render(request, "assessments/campaigns/list.html", {"page": page, "rows": rows})


def _counts(targets: CampaignTargetQuerySet) -> dict[int, dict[str, int]]:
    """How many targets are in each state, by campaign."""
    counts: dict[int, dict[str, int]] = {}
    # As names in a tuple: the checker does not know what with_state() adds.
    names = ("campaign", "state")
    for campaign, state, number in (
        targets.with_state().values_list(*names).annotate(n=Count("pk")).order_by()
    ):
        counts.setdefault(campaign, {})[state] = number
    return counts


@roles_required(*ASKERS)
def campaign_new(request: Request) -> HttpResponse:
    """Fill in, look whom it reaches, send. Only a group that was looked at is asked."""
    form = CampaignForm(request.POST or None, actor=request.actor)
    step = request.POST.get("stap", "")
    if request.method == "POST" and form.is_valid() and step != "wijzigen":
        seen = request.POST.get("aantal") == str(len(form.providers))
        if step == "versturen" and seen:
            campaign = campaigns.send(form.new, form.providers, by=request.actor)
            messages.success(
                request,
                "De uitvraag is verstuurd. De bestuurders en kwaliteitsmedewerkers krijgen een mail.",
            )
            return redirect(campaign)
        return _preview(request, form, changed=step == "versturen")
    limited = request.actor.kind == Organisation.Kind.CARE_OFFICE
    return render(request, "assessments/campaigns/new.html", {"form": form, "limited": limited})


def _preview(request: Request, form: CampaignForm, *, changed: bool) -> HttpResponse:
    first = Organisation.objects.filter(pk__in=form.providers[:SHOWN_FIRST]).order_by("name", "pk")
    context = {
        "form": form,
        "new": form.new,
        "total": len(form.providers),
        "first": first,
        "others": len(form.providers) - SHOWN_FIRST,
        "changed": changed,
    }
    return render(request, "assessments/campaigns/preview.html", context)


def _own(request: Request, pk: int) -> Campaign:
    visible = Campaign.objects.visible_to(request.actor).select_related("organisation", "created_by")
    return get_object_or_404(visible, pk=pk)


@roles_required(*ASKERS)
def campaign(request: Request, pk: int) -> HttpResponse:
    """How far it is: a picture with its numbers, and each provider."""
    shown = _own(request, pk)
    form = TargetFilterForm(request.GET)
    targets = shown.targets.with_state().select_related("organisation")
    if form.is_valid():
        targets = _filtered(targets, form.cleaned_data)
    page = page_after(targets, request, order=("organisation__name", "id"))
    accounts = _accounts(request, shown, page.rows)
    counts = _counts(shown.targets.all()).get(shown.pk, {})
    context = {
        "campaign": shown,
        "editions": shown.editions.order_by("step", "edition"),
        "form": form,
        "page": page,
        "rows": [(target, accounts.get(target.organisation_id)) for target in page.rows],
        "shares": _shares(counts),
        "total": sum(counts.values()),
        "waiting": shown.targets.wanting_time().waited_for().count(),
        "today": timezone.localdate(),
    }
    return render(request, "assessments/campaigns/campaign.html", context)


def _filtered(targets: CampaignTargetQuerySet, wanted: dict[str, Any]) -> CampaignTargetQuerySet:
    if words := wanted["q"]:
        targets = targets.filter(
            Q(organisation__name__icontains=words) | Q(organisation__kvk__startswith=words)
        )
    if wanted["status"] == "vraag":
        return targets.wanting_time().in_state(*CampaignTarget.WAITED_FOR)
    return targets.in_state(wanted["status"]) if wanted["status"] else targets


def _accounts(request: Request, shown: Campaign, targets: Iterable[CampaignTarget]) -> dict[int, Revision]:
    """What these providers handed in last over the year, as far as the actor may read it."""
    newest = Revision.objects.visible_to(request.actor).filter(
        organisation__in=[target.organisation_id for target in targets],
        self_assessment__year=shown.year,
        status=Revision.Status.SUBMITTED,
    )
    return {revision.organisation_id: revision for revision in newest.defer("content")}


def _shares(counts: dict[str, int]) -> list[tuple[State, int, int]]:
    """State, where its part of the bar begins, and how many; what is done stands first."""
    shares, start = [], 0
    for state in (State.HANDED_IN, State.EXTENDED, State.OPEN, State.LATE, State.WITHDRAWN):
        if number := counts.get(state, 0):
            shares.append((state, start, number))
            start += number
    return shares


@roles_required(*ASKERS)
def campaign_download(request: Request, pk: int) -> HttpResponse:
    """All providers of the campaign with their state, for a spreadsheet."""
    shown = _own(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="uitvraag-{shown.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")  # a spreadsheet knows the letters by it
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        ["Aanbieder", "KvK", "AGB", "Plaats", "Status", "Uiterlijk indienen", "Ingediend op", "Reden uitstel"]
    )
    for target in (
        shown.targets.with_state().select_related("organisation").order_by("organisation__name", "pk")
    ):
        provider = target.organisation
        handed_in = timezone.localdate(target.handed_in_at) if target.handed_in_at else None
        writer.writerow(
            _cell(value)
            for value in (
                provider.name,
                provider.kvk,
                provider.agb,
                provider.place,
                State(target.state).label,
                f"{target.due_on:%d-%m-%Y}",
                f"{handed_in:%d-%m-%Y}" if handed_in else "",
                target.extension_reason,
            )
        )
    audit.record("campaign_exported", by=request.actor, obj=shown)
    return response


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


@roles_required(*ASKERS)
@require_POST
def campaign_selection(request: Request, pk: int) -> HttpResponse:
    """What to do with the providers that were ticked: remind them now, or go on to giving more time."""
    shown = _own(request, pk)
    chosen = _ids(request.POST)
    if not chosen:
        messages.warning(request, "Vink eerst ten minste één aanbieder aan.")
        return redirect(shown)
    if request.POST.get("stap") == "uitstel":
        return HttpResponseRedirect(_extend_url(shown, chosen))
    try:
        reminded = campaigns.remind(shown.pk, chosen, by=request.actor)
    except WrongState as reason:
        messages.warning(request, str(reason))
    else:
        _say_reminded(request, reminded, len(chosen) - reminded)
    return redirect(shown)


def _say_reminded(request: Request, reminded: int, left: int) -> None:
    if reminded:
        messages.success(request, f"Er gaat een herinnering naar {_providers(reminded)}.")
    if left:
        verb = "kreeg" if left == 1 else "kregen"
        messages.warning(
            request, f"{_providers(left)} {verb} geen herinnering: al ingediend, of vandaag al herinnerd."
        )


def _providers(number: int) -> str:
    return f"{number} aanbieder{'s' if number != 1 else ''}"


def _ids(data: QueryDict) -> list[int]:
    """The ids that were ticked; one page holds fifty."""
    return [int(pk) for pk in data.getlist("wie")[:50] if pk.isascii() and pk.isdigit() and len(pk) < 19]


def _extend_url(shown: Campaign, chosen: Iterable[int]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("wie", [str(pk) for pk in chosen])
    return f"{reverse('assessments:campaign_extend', args=[shown.pk])}?{query.urlencode()}"


@roles_required(*ASKERS)
def campaign_extend(request: Request, pk: int) -> HttpResponse:
    """More time for one or several; for one that asked for it, with its request and the way to say no."""
    shown = _own(request, pk)
    chosen = _ids(request.POST if request.method == "POST" else request.GET)
    targets = list(
        shown.targets.waited_for()
        .filter(pk__in=chosen)
        .select_related("organisation")
        .order_by("organisation__name")
    )
    if not targets:
        messages.warning(
            request, "Hier is geen uitstel meer nodig: er is al ingediend, of de uitvraag is ingetrokken."
        )
        return redirect(shown)
    asked = targets[0] if len(targets) == 1 and targets[0].wants_time else None
    initial = {"until": asked.extension_asked_on} if asked else {}
    form = ExtensionForm(request.POST or None, targets=targets, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            given = campaigns.extend(
                shown.pk,
                [target.pk for target in targets],
                cleaned["until"],
                cleaned["reason"],
                by=request.actor,
            )
        except NotReady as reason:
            form.add_error("until", str(reason))
        except WrongState as reason:
            messages.warning(request, str(reason))
            return redirect(shown)
        else:
            until = date_format(cleaned["until"], "j F Y")
            verb = "heeft" if given == 1 else "hebben"
            messages.success(request, f"{_providers(given)} {verb} uitstel tot en met {until}.")
            return redirect(shown)
    context = {
        "campaign": shown,
        "targets": targets,
        "asked": asked,
        "form": form,
        "refusal": ReasonForm(prefix="nee"),
    }
    return render(request, "assessments/campaigns/extend.html", context)


@roles_required(*ASKERS)
@require_POST
def campaign_refuse(request: Request, pk: int, target: int) -> HttpResponse:
    """Say no to a request for more time."""
    shown = _own(request, pk)
    asked = get_object_or_404(shown.targets.with_state().select_related("organisation"), pk=target)
    refusal = ReasonForm(request.POST, prefix="nee")
    if not refusal.is_valid():
        form = ExtensionForm(targets=[asked], initial={"until": asked.extension_asked_on})
        context = {"campaign": shown, "targets": [asked], "asked": asked, "form": form, "refusal": refusal}
        return render(request, "assessments/campaigns/extend.html", context)
    try:
        campaigns.refuse_extension(asked.pk, refusal.cleaned_data["reason"], by=request.actor)
    except WrongState as reason:
        messages.warning(request, str(reason))
    else:
        messages.success(request, f"{asked.organisation} krijgt uw antwoord per mail.")
    return redirect(shown)


@roles_required(*ASKERS)
def campaign_withdraw(request: Request, pk: int) -> HttpResponse:
    shown = _own(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.withdraw(shown.pk, form.cleaned_data["reason"], by=request.actor)
        except WrongState as reason:
            messages.warning(request, str(reason))
        else:
            messages.success(request, "De uitvraag is ingetrokken. De aanbieders krijgen daarover een mail.")
        return redirect(shown)
    return render(request, "assessments/campaigns/withdraw.html", {"campaign": shown, "form": form})


# --- for the provider that is asked


def _asked_of_us(request: Request, pk: int) -> CampaignTarget:
    asked = CampaignTarget.objects.asked_of(request.actor).with_state()
    return get_object_or_404(asked.select_related("campaign", "asked_by", "organisation"), pk=pk)


@roles_required(*permissions.PROVIDER_EDITORS)
def campaign_for_us(request: Request, pk: int) -> HttpResponse:
    """Who asks what, why and by when; and the next thing to do."""
    target = _asked_of_us(request, pk)
    editions = list(target.campaign.editions.order_by("step", "edition"))
    newest = (
        Revision.objects.visible_to(request.actor)
        .filter(self_assessment__year=target.campaign.year)
        .select_related("self_assessment")
        .defer("content")
        .order_by("-number")
        .first()
    )
    held = set(newest.editions.values_list("pk", flat=True)) if newest else set()
    start = QueryDict(mutable=True)
    start["jaar"] = str(target.campaign.year)
    start.setlist("kader", [str(edition.pk) for edition in editions])
    context = {
        "target": target,
        "campaign": target.campaign,
        "editions": editions,
        "revision": newest,
        "missing": [edition for edition in editions if edition.pk not in held] if newest else [],
        "start_url": f"{reverse('assessments:self_assessment_new')}?{start.urlencode()}",
        "waits": target.state in CampaignTarget.WAITED_FOR,
    }
    return render(request, "assessments/campaigns/for_us.html", context)


@roles_required(*permissions.PROVIDER_EDITORS)
def campaign_ask_extension(request: Request, pk: int) -> HttpResponse:
    target = _asked_of_us(request, pk)
    form = ExtensionForm(request.POST or None, targets=[target])
    form.fields["reason"].label = "Waarom heeft u meer tijd nodig?"
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            campaigns.ask_extension(target.pk, cleaned["until"], cleaned["reason"], by=request.actor)
        except NotReady as reason:
            form.add_error("until", str(reason))
        except WrongState as reason:
            messages.warning(request, str(reason))
            return redirect("assessments:campaign_for_us", target.pk)
        else:
            messages.success(
                request, f"{target.asked_by} heeft uw vraag gekregen. U krijgt het antwoord per mail."
            )
            return redirect("assessments:campaign_for_us", target.pk)
    return render(request, "assessments/campaigns/ask_extension.html", {"target": target, "form": form})


@roles_required(*permissions.PROVIDER_EDITORS)
@require_POST
def campaign_add_editions(request: Request, pk: int) -> HttpResponse:
    """Put in the draft what is asked and was not in it yet."""
    target = _asked_of_us(request, pk)
    try:
        draft = campaigns.add_editions(target.pk, by=request.actor)
    except WrongState as reason:
        messages.warning(request, str(reason))
        return redirect("assessments:campaign_for_us", target.pk)
    messages.success(request, "De gevraagde normenkaders staan in uw zelfevaluatie.")
    return redirect(draft)
