"""What gives the inspectorate a reason to look at a provider, each with its ground.

Worked out when something happens and once a night, so that a list of thousands reads it for nothing. Only
what the inspectorate may know counts: no draft, no improvement action that is the provider's own, no campaign
of somebody else. Nothing is added up: a signal is there, with its words, or it is not.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Min, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import editions
from assessments.models import (
    Answer,
    CampaignTarget,
    Concern,
    ImprovementAction,
    Judgement,
    Revision,
    RiskSignal,
    Standing,
    Visit,
)
from assessments.models.worklist import NEVER, UNKNOWN
from assessments.periods import months_before
from assessments.values import is_answered
from assessments.worklist_rules import Rules, rules
from norms import signals
from norms.models import FrameworkVersion, Item
from providers.models import Organisation, Tally
from wlzthuis.isolation import SYSTEM, acting, as_system

Code = RiskSignal.Code
CHUNK = 100
# From here on the common judgement of a visit stands.
JUDGED = (
    Visit.Status.SETTLED,
    Visit.Status.DECIDED,
    Visit.Status.SUSPENDED,
    Visit.Status.PUBLISHED,
    Visit.Status.OFFLINE,
)


@dataclass(frozen=True)
class Ground:
    """Of one provider: what it is, and the page that shows it."""

    organisation: int
    text: str
    url: str = ""


# --- when


def mark(*organisations: int) -> None:
    """Something happened to these providers: a worker works out their signals within a minute."""
    with acting(SYSTEM):
        Standing.objects.filter(organisation__in=organisations, outdated=False).update(outdated=True)


def on_event(event: Any) -> None:
    """For the machines of accounts, visits and improvement actions."""
    mark(event.organisation_id)


def on_profile_changed(sender: Any, organisation_id: int, **kwargs: Any) -> None:
    mark(organisation_id)


def refresh_all() -> int:
    """What follows from today's date, for everybody. Returns for how many providers."""
    with as_system():
        Standing.objects.update(outdated=True)
    return refresh_marked()


def refresh_marked() -> int:
    """Work out what was marked, and who is new. Returns for how many providers."""
    with as_system():
        new = Organisation.objects.providers().filter(standing=None).values_list("pk", flat=True)
        Standing.objects.bulk_create([Standing(organisation_id=pk) for pk in new], ignore_conflicts=True)
    done = 0
    while count := _refresh_some():
        done += count
    return done


@as_system()
def _refresh_some() -> int:
    """A chunk of them. Who changes something meanwhile waits, and marks after us."""
    rows = Standing.objects.select_for_update(skip_locked=True).filter(outdated=True).order_by("pk")[:CHUNK]
    if standings := list(rows):
        _refresh(standings)
    return len(standings)


def _refresh(standings: list[Standing]) -> None:
    facts = Facts({row.pk for row in standings}, timezone.localdate(), rules())
    found: dict[tuple[int, str], RiskSignal] = {}
    for code in facts.rules.signals:
        for ground in SOURCES[code](facts):
            new = RiskSignal(organisation_id=ground.organisation, code=code)
            signal = found.setdefault((ground.organisation, code), new)
            signal.grounds.append({"text": ground.text, "url": ground.url})
    RiskSignal.objects.filter(organisation__in=facts.providers).delete()
    RiskSignal.objects.bulk_create(found.values())
    now = timezone.now()
    for row in standings:
        account = facts.accounts.get(row.pk)
        row.last_visit_on = facts.visited.get(row.pk, NEVER)
        row.handed_in_on = timezone.localdate(account.submitted_at) if account else NEVER
        row.clients = facts.tallies[row.pk][-1][1] if row.pk in facts.tallies else UNKNOWN
        row.refreshed_at, row.outdated = now, False
    Standing.objects.bulk_update(
        standings, ["last_visit_on", "handed_in_on", "clients", "refreshed_at", "outdated"]
    )


# --- from what


@dataclass(frozen=True)
class Judged:
    """The common judgement of one item that was given last."""

    level: str
    visit: int
    ended_on: date


@dataclass
class Facts:
    """What is known of some providers, each part read once for all of them."""

    providers: Collection[int]
    today: date
    rules: Rules
    _rank: dict[int, dict[str, int]] = field(default_factory=dict)

    @cached_property
    def accounts(self) -> dict[int, Revision]:
        """Per provider what it handed in over the latest year."""
        newest = (
            Revision.objects.filter(organisation__in=self.providers, status=Revision.Status.SUBMITTED)
            .select_related("self_assessment")
            .defer("content")
            .order_by("organisation_id", "-self_assessment__year")
            .distinct("organisation_id")
        )
        return {revision.organisation_id: revision for revision in newest}

    @cached_property
    def editions(self) -> dict[int, list[FrameworkVersion]]:
        """Per account its editions."""
        accounts = [account.pk for account in self.accounts.values()]
        links = Revision.editions.through.objects.filter(revision__in=accounts)
        found: dict[int, list[FrameworkVersion]] = {}
        for link in links.select_related("frameworkversion__framework").order_by(
            "frameworkversion__step", "frameworkversion__edition"
        ):
            found.setdefault(link.revision_id, []).append(link.frameworkversion)
        return found

    @cached_property
    def answers(self) -> dict[int, dict[int, Any]]:
        """Per account the values that a signal may ask about, of questions that apply."""
        known = {edition.pk for held in self.editions.values() for edition in held}
        wanted = {
            item.pk
            for edition in known
            for item in editions.contents(edition).items
            if item.code in editions.contents(edition).watched or both_judge(item)
        }
        rows = Answer.objects.filter(
            revision__in=[account.pk for account in self.accounts.values()], item__in=wanted
        ).that_apply()
        found: dict[int, dict[int, Any]] = {}
        for revision, item, value in rows.values_list("revision", "item", "value"):
            found.setdefault(revision, {})[item] = value
        return found

    @cached_property
    def left_out(self) -> dict[int, set[int]]:
        """Per account the items that do not apply to its provider."""
        return {
            account.pk: {int(pk) for pk, reach in account.scope.items() if not reach["applies"]}
            for account in self.accounts.values()
        }

    @cached_property
    def judged(self) -> dict[int, dict[int, Judged]]:
        """Per provider and item the judgement that stands: of a later visit in place of an earlier one."""
        rows = (
            Judgement.objects.filter(
                organisation__in=self.providers, author=None, visit__status__in=JUDGED, item__kind="judgement"
            )
            .order_by("visit__ends_on", "visit_id")
            .values_list("organisation", "item", "level", "visit", "visit__ends_on")
        )
        found: dict[int, dict[int, Judged]] = {}
        for organisation, item, level, visit, ended_on in rows:
            if self.rank(item, level) is not None:
                found.setdefault(organisation, {})[item] = Judged(level, visit, ended_on)
        return found

    @cached_property
    def visited(self) -> dict[int, date]:
        """Per provider the day of the last visit that took place."""
        took_place = Visit.objects.filter(organisation__in=self.providers, conducted_at__isnull=False)
        return dict(took_place.values_list("organisation").annotate(Max("starts_on")).order_by())

    @cached_property
    def tallies(self) -> dict[int, list[tuple[date, int]]]:
        """Per provider its clients by day, the oldest first."""
        rows = (
            Tally.objects.filter(organisation__in=self.providers, counted_on__lte=self.today)
            .latest_versions()
            .annotate(clients=Sum("counts__clients", default=0))
            .order_by("counted_on")
        )
        found: dict[int, list[tuple[date, int]]] = {}
        for tally in rows:
            found.setdefault(tally.organisation_id, []).append((tally.counted_on, tally.clients))
        return found

    def rank(self, item: int, level: Any) -> int | None:
        """How many steps below the best level of its scale; None for what is no real score."""
        edition = editions.item(item).version_id
        if edition not in self._rank:
            contents = editions.contents(edition)
            codes = [code for code, _ in contents.levels[: contents.ranked]]
            self._rank[edition] = {code: step for step, code in enumerate(codes)}
        return self._rank[edition].get(level) if isinstance(level, str) else None

    def shared_items(self, account: Revision) -> Iterator[tuple[Item, Any]]:
        """What both the provider and the inspectorate judge, with the provider's own answer."""
        answers, left_out = self.answers.get(account.pk, {}), self.left_out[account.pk]
        for edition in self.editions.get(account.pk, []):
            for item in editions.contents(edition.pk).items:
                if both_judge(item) and item.pk not in left_out:
                    yield item, answers.get(item.pk)


def both_judge(item: Item) -> bool:
    return (
        item.kind == Item.Kind.JUDGEMENT and item.asks_provider and Item.Filler.INSPECTORATE in item.filled_by
    )


def _label(item: Item, level: str) -> str:
    return dict(editions.contents(item.version_id).levels)[level].lower()


def _question(account: Revision, item: Item) -> str:
    page = reverse("assessments:fill_in_section", args=[account.pk, item.section_id])
    return f"{page}#vraag-{item.pk}"


def _criterion(visit: int, item: int) -> str:
    return reverse("assessments:visit_criterion", args=[visit, item])


def _day(day: date) -> str:
    return date_format(day, "j F Y")


# --- which


def _not_enough(facts: Facts) -> Iterator[Ground]:
    return _of_framework(facts, facts.rules.not_enough, Code.NOT_ENOUGH)


def _attention(facts: Facts) -> Iterator[Ground]:
    return _of_framework(facts, facts.rules.attention, Code.ATTENTION)


def _of_framework(facts: Facts, wanted: Collection[str], code: Code) -> Iterator[Ground]:
    """A title that begins as the signal is called is not said twice."""
    for provider, account in facts.accounts.items():
        answers = facts.answers.get(account.pk, {})
        for edition in facts.editions.get(account.pk, []):
            contents = editions.contents(edition.pk)
            values = {item.code: answers[item.pk] for item in contents.items if item.pk in answers}
            for signal in signals.active(contents.signals, values):
                if f"{edition.framework.code}/{signal.code}" in wanted:
                    item = editions.item(signal.item_id)
                    title = signal.title.removeprefix(code.label).removeprefix(": ")
                    yield Ground(provider, f"{item.code}: {title or item.title}", _question(account, item))


def _low_own(facts: Facts) -> Iterator[Ground]:
    for provider, account in facts.accounts.items():
        for item, value in facts.shared_items(account):
            rank = facts.rank(item.pk, value)
            if rank is not None and rank >= facts.rules.low_from:
                yield Ground(provider, f"{item.code}: {_label(item, value)}", _question(account, item))


def _far_above(facts: Facts) -> Iterator[Ground]:
    for provider, account in facts.accounts.items():
        for item, value in facts.shared_items(account):
            own, judged = facts.rank(item.pk, value), facts.judged.get(provider, {}).get(item.pk)
            then = facts.rank(item.pk, judged.level) if judged else None
            if own is None or then is None or judged is None:
                continue
            if then - own >= facts.rules.far_above_steps:
                words = (
                    f"{item.code}: zelf {_label(item, value)}, bij het bezoek {_label(item, judged.level)}"
                )
                yield Ground(provider, words, _criterion(judged.visit, item.pk))


def _low_judged(facts: Facts) -> Iterator[Ground]:
    since = months_before(facts.today, facts.rules.judged_months)
    for provider, items in facts.judged.items():
        for pk, judged in items.items():
            rank = facts.rank(pk, judged.level)
            if judged.ended_on >= since and rank is not None and rank >= facts.rules.low_from:
                item = editions.item(pk)
                words = f"{item.code}: {_label(item, judged.level)}"
                yield Ground(provider, words, _criterion(judged.visit, pk))


def _overdue(facts: Facts) -> Iterator[Ground]:
    """What the inspectorate asked in a settled report; other actions are the provider's own."""
    late = ImprovementAction.objects.points().overdue(facts.today).filter(organisation__in=facts.providers)
    visits = late.values_list("organisation", "visit", "visit__number").annotate(Count("pk"), Min("due"))
    for provider, visit, number, count, due in visits.order_by("visit"):
        points = "1 punt" if count == 1 else f"{count} punten"
        words = f"{points} uit rapport {number}, sinds {_day(due)}"
        yield Ground(provider, words, reverse("assessments:visit", args=[visit]))


def _concern(facts: Facts) -> Iterator[Ground]:
    for concern in Concern.objects.open().filter(organisation__in=facts.providers):
        yield Ground(
            concern.organisation_id,
            f"{concern.subject}, {_day(concern.received_on)}",
            concern.get_absolute_url(),
        )


def _growth(facts: Facts) -> Iterator[Ground]:
    """Against the first count within the period, so that counting often hides nothing."""
    for provider, counts in facts.tallies.items():
        day, clients = counts[-1]
        since = months_before(day, facts.rules.growth_months)
        first_day, before = next(count for count in counts if count[0] >= since)
        more = clients - before
        if more >= max(1, facts.rules.growth_clients) and more * 100 >= before * facts.rules.growth_percent:
            words = f"van {before} op {_day(first_day)} naar {clients} op {_day(day)}"
            yield Ground(provider, words, reverse("profile_of", args=[provider]))


def _not_handed_in(facts: Facts) -> Iterator[Ground]:
    """Only what an inspectorate asked: what a care office asks is between these two."""
    late = (
        CampaignTarget.objects.filter(
            organisation__in=facts.providers, asked_by__kind=Organisation.Kind.INSPECTORATE
        )
        .with_state()
        .in_state(CampaignTarget.State.LATE)
        .select_related("campaign")
    )
    for target in late.order_by("due_on", "pk"):
        words = f"{target.campaign}, uiterlijk {_day(target.due_on)}"
        yield Ground(target.organisation_id, words, f"{target.campaign.get_absolute_url()}?status=late")


def _never_visited(facts: Facts) -> Iterator[Ground]:
    for provider in facts.providers:
        if provider not in facts.visited:
            yield Ground(provider, "De inspectie is er in Thuispeil nog niet geweest.")


def _no_data(facts: Facts) -> Iterator[Ground]:
    """Nothing handed in, or no answer where a score could have been low."""
    for provider in facts.providers:
        account = facts.accounts.get(provider)
        if account is None:
            yield Ground(provider, "Nog geen zelfevaluatie ingediend.")
            continue
        shared = list(facts.shared_items(account))
        if not shared:
            words = "De zelfevaluatie gaat niet over een norm die de inspectie toetst."
            yield Ground(provider, words, account.get_absolute_url())
        for item, value in shared:
            if not is_answered(value):
                yield Ground(provider, f"{item.code}: niet beantwoord", _question(account, item))


SOURCES: dict[str, Callable[[Facts], Iterator[Ground]]] = {
    Code.NOT_ENOUGH: _not_enough,
    Code.ATTENTION: _attention,
    Code.LOW_OWN: _low_own,
    Code.FAR_ABOVE: _far_above,
    Code.LOW_JUDGED: _low_judged,
    Code.OVERDUE: _overdue,
    Code.CONCERN: _concern,
    Code.GROWTH: _growth,
    Code.NOT_HANDED_IN: _not_handed_in,
    Code.NEVER_VISITED: _never_visited,
    Code.NO_DATA: _no_data,
}
