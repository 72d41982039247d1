"""What the first two providers of the demo do beside answering: they talk, improve, share out and tell."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from assessments import consultation, improvement, public_account, services, together, widening
from assessments.demo.accounts import Account, Cast
from assessments.demo.clock import clock_at, moment
from assessments.demo.texts import texts
from assessments.improvement import IMPROVEMENT, Source
from assessments.models import Consultation, ImprovementAction, PublicPassage, Revision
from assessments.public_account import PUBLIC_ACCOUNT
from norms.models import FrameworkVersion, Item
from providers import profile
from providers.actor import Actor
from providers.models import Profile, Role

LIVELY = 2  # providers, from the first
S = Revision.Status
# Clients per care profile and form of delivery.
CLIENTS = {("4vv", "mpt"): 6, ("5vv", "mpt"): 9, ("5vv", "vpt"): 4, ("6vv", "vpt"): 3}


def describe(cast: Cast, today: date) -> None:
    """Its profile, and its clients of half a year ago and of last week; once."""
    if Profile.objects.filter(pk=cast.organisation.pk).exists():
        return
    by = _officer(cast)
    said = Profile(
        organisation=cast.organisation,
        has_wlz_clients=True,
        delivery_forms=["mpt", "vpt"],
        housing=["unclustered"],
        sectors=["vv"],
        bridging_care=True,
    )
    for days, more in ((180, 0), (7, 1)):
        day = today - timedelta(days=days)
        with clock_at(moment(day)):
            if not more:
                profile.save_profile(said, by=by)
            cells = {cell: clients + more for cell, clients in CLIENTS.items()}
            profile.save_tally(cast.organisation.pk, day, cells, 1 + more, by=by)


def talk(accounts: Sequence[Account]) -> None:
    """Before the board signs: the talks with clients and staff."""
    for account in accounts:
        if account.cast.index >= LIVELY or account.status == S.DRAFT:
            continue
        for number, words in enumerate(texts("life")["talks"]):
            held_on = account.handed - timedelta(days=30 - 8 * number)
            with clock_at(moment(held_on, 17)):
                row = Consultation(held_on=held_on, **words)
                consultation.keep(account.revision.pk, row, by=_officer(account.cast))


def live(cast: Sequence[Cast], revisions: Sequence[Revision], today: date) -> None:
    """After it: what followed from what they handed in, and how they work on the next one."""
    for member in cast:
        for revision in revisions:
            if member.index >= LIVELY or revision.organisation_id != member.organisation.pk:
                continue
            if revision.status == S.SUBMITTED:
                _improve(member, revision, today)
                _tell(member, revision)
            elif revision.status == S.DRAFT:
                _work_together(member, revision, today)


def _officer(cast: Cast) -> Actor:
    return Actor(cast.officer, cast.organisation, frozenset({Role.QUALITY_OFFICER}))


def _board(cast: Cast) -> Actor:
    return Actor(cast.director, cast.organisation, frozenset({Role.DIRECTOR}))


def _items(revision: Revision) -> dict[str, Item]:
    """The criteria of the norm, by code."""
    return {
        item.code: item
        for item in Item.objects.filter(version__in=revision.editions.all(), code__in=("W1", "W2", "W3"))
    }


def _improve(cast: Cast, revision: Revision, today: date) -> None:
    """An action in every column of the board, and one that is late."""
    by, items = _officer(cast), _items(revision)
    for number, words in enumerate(texts("life")["actions"]):
        action = ImprovementAction(
            due=today + timedelta(days=words["days"]),
            assignee=cast.director if number % 3 == 2 else cast.officer,
            **{name: words[name] for name in ("what", "why", "expected", "measured_by")},
        )
        with clock_at(moment(today - timedelta(days=75 - number), 11)):
            action = improvement.plan(action, Source(revision, items[words["item"]]), uuid.uuid4(), by=by)
        for step, name in enumerate(words["steps"]):
            with clock_at(moment(today - timedelta(days=45 - 5 * step), 14)):
                IMPROVEMENT.perform(action.pk, name, by=by, note=words.get("note", ""))


def _tell(cast: Cast, revision: Revision) -> None:
    """Its public account of that year."""
    words, items = texts("life")["public"], _items(revision)
    assert revision.submitted_at is not None  # noqa: S101 (what was handed in has its moment)
    with clock_at(revision.submitted_at + timedelta(days=10)):
        account = public_account.begin(revision.pk, by=_officer(cast))
        account.intro = words["intro"]
        account.save(update_fields=["intro"])
        for passage in words["passages"]:
            said = {name: passage[name] for name in ("heading", "text", "show_score")}
            row = PublicPassage(account=account, item=items[passage["item"]], **said)
            public_account.keep_passage(row, by=_officer(cast))
        PUBLIC_ACCOUNT.perform(account.pk, "publish", by=_board(cast))


def _work_together(cast: Cast, revision: Revision, today: date) -> None:
    """A third framework, in which what was answered stands already; a theme each, and a question."""
    by, items = _officer(cast), _items(revision)
    kompas = FrameworkVersion.objects.filter(framework__code="generiek-kompas").latest("edition")
    widening.add_editions(revision.pk, [kompas], by=by)
    for framework, said in texts("life")["answers"].items():
        for item in Item.objects.filter(
            version__in=revision.editions.all(), version__framework__code=framework, code__in=said
        ):
            new = services.NewAnswer(item.pk, said[item.code], "", 0, uuid.uuid4())
            services.save_answer(revision.pk, new, by=by)
    people = [cast.officer, cast.director]
    changes = [
        together.Change(
            item.pk, together.Share(), together.Share(people[n % 2].pk, today + timedelta(days=9 + 7 * n))
        )
        for n, item in enumerate(items.values())
    ]
    together.share_out(revision.pk, changes, by=by)
    for words, author in zip(texts("life")["comments"], (by, _board(cast)), strict=True):
        together.say(revision, items[words["item"]], uuid.uuid4(), words["text"], by=author)
