"""Visits of invented inspectors, lived through in order with the domain's own functions."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from assessments import planning, reaction
from assessments.demo import course, prepared, recorded
from assessments.demo.accounts import Cast
from assessments.demo.clock import clock_at, moment
from assessments.demo.story import Inspectors, Story
from assessments.demo.texts import texts
from assessments.field_edits import apply_edits
from assessments.models import FactualRemark, Publication, Revision, Visit
from norms.models import FrameworkVersion
from providers.actor import SYSTEM
from providers.demo import dice

S = Visit.Status
# Which provider (by place) has a visit: how it stands today, and how many days ago it began.
PLAN: dict[int, tuple[str, int]] = {
    2: (S.PUBLISHED, 120),
    3: (S.PUBLISHED, 155),
    4: (S.PUBLISHED, 190),
    5: (S.PUBLISHED, 240),
    6: (S.PUBLISHED, 300),
    7: (S.PUBLISHED, 380),
    8: (S.PUBLISHED, 430),
    9: (S.PUBLISHED, 105),
    10: (S.PLANNED, -12),
    11: (S.PLANNED, -26),
    12: (S.PLANNED, -6),
    13: (S.PLANNED, -19),
    14: (S.CONDUCTED, 1),
    15: (S.CONDUCTED, 5),
    16: (S.DRAFTING, 13),
    17: (S.DRAFTING, 20),
    18: (S.PUBLISHED, 340),
    19: (S.AT_PROVIDER, 26),
    20: (S.AT_PROVIDER, 40),
    21: (S.REACTED, 50),
    23: (S.PROCESSED, 58),
    24: (S.PROCESSED, 63),
    25: (S.SETTLED, 70),
    26: (S.DECIDED, 74),
    27: (S.AT_PROVIDER, 35),
    28: (S.SUSPENDED, 130),
    29: (S.WITHDRAWN, 260),
    30: (S.CANCELLED, 15),
    31: (S.DECIDED, 72),
    36: (S.REACTED, 53),
}
# These had a visit in the year before too, so that there is something to calibrate with.
EARLIER = range(10, 34)
# Each of the team judges first without the others and without the provider's own score.
APART = {12, 14}
UNANNOUNCED = {3, 8, 12, 13, 15, 20, 25}


def seed_visits(
    cast: Sequence[Cast], inspectors: Inspectors, edition: FrameworkVersion, today: date, seed: int
) -> list[Visit]:
    """The visits of PLAN, oldest first, to providers that have none."""
    visited = set(Visit.objects.values_list("organisation", flat=True))
    stories = [
        _story(member, goal, start, inspectors, today, seed)
        for member in cast
        if member.organisation.pk not in visited
        for goal, start in _plans(member.index, today)
    ]
    for story in sorted(stories, key=lambda story: story.start):
        _live(story, edition, today)
    return [story.visit for story in stories]


def _plans(index: int, today: date) -> list[tuple[str, date]]:
    if index == 0:  # one report of last year; the rest of the road is walked by hand
        return [(S.PUBLISHED, _last_year(9, today))]
    plans = [(str(S.PUBLISHED), _weekday(_last_year(4 * index, today)))] if index in EARLIER else []
    if index in PLAN:
        goal, days = PLAN[index]
        plans.append((goal, _weekday(today - timedelta(days=days))))
    return plans


def _last_year(day: int, today: date) -> date:
    """So many days into the autumn of last year, and long enough ago for a report to be public now."""
    return min(date(today.year - 1, 8, 31) + timedelta(days=day), today - timedelta(days=100))


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _story(member: Cast, goal: str, start: date, inspectors: Inspectors, today: date, seed: int) -> Story:
    is_earlier = member.index in EARLIER and start.year < today.year
    chance = dice("visit", seed, member.organisation.kvk, *([start.year] if is_earlier else []))
    team = inspectors.team
    levels = member.quality.judged(today.year - start.year)
    if member.index == 0:  # people sign in for this provider, so it has something to improve
        levels |= {"W": "largely_fails", "W2": "largely_fails"}
    return Story(
        cast=member,
        goal=goal,
        # The first of the team leads half of the visits: hers is the account to sign in with.
        lead=team[0] if member.index % 2 == 0 else team[1 + member.index % (len(team) - 1)],
        second=team[1 + member.index // 2 % (len(team) - 1)] if member.index % 2 == 0 else team[0],
        coordinator=inspectors.coordinator,
        chance=chance,
        levels=levels,
        start=start,
        today=today,
        apart=is_earlier or member.index in APART,
        earlier=is_earlier,
        facts={"clients": chance.randint(9, 60), "staff": chance.randint(12, 80)},
    )


# --- one visit, from plan to publication

Chapter = Callable[[Story], None]


def _live(story: Story, edition: FrameworkVersion, today: date) -> None:
    """Plan the visit, then live through its chapters up to its goal."""
    planned = min(story.start - timedelta(days=24), today - timedelta(days=3))
    with clock_at(moment(planned, 11)):
        story.visit = _plan(story, edition)
        prepared.prepare(story, edition)
        _pin_account(story)
    if story.goal == S.CANCELLED:
        with clock_at(moment(planned + timedelta(days=4))):
            story.step("cancel", story.lead, texts("visits")["notes"]["cancel"])
    for days, reached, chapter in CHAPTERS:
        if reached in _course_to(story.goal):
            with clock_at(moment(_weekday(story.start + timedelta(days=days)), 14, days % 60)):
                chapter(story)


def _course_to(goal: str) -> list[str]:
    """The statuses on the way to a status."""
    if goal in ASIDE:
        return [*_course_to(ASIDE[goal]), goal]
    return COURSE[: COURSE.index(goal) + 1]


def _plan(story: Story, edition: FrameworkVersion) -> Visit:
    return planning.plan_visit(
        provider=story.cast.organisation,
        locations=story.cast.locations,
        editions=[edition],
        team=[story.second.user] if story.second.user else [],
        announced=story.cast.index not in UNANNOUNCED,
        starts_on=story.start,
        ends_on=story.start,
        focus=story.chance.choice(texts("visits")["focuses"]),
        own_score_hidden=story.apart,
        judged_apart=story.apart,
        by=story.lead,
    )


def _pin_account(story: Story) -> None:
    """The account of that time: plan and conduct take the newest, and the demo has newer ones already."""
    until = moment(story.start, 8)
    revision = (
        Revision.objects.filter(organisation=story.cast.organisation, submitted_at__lt=until)
        .order_by("-submitted_at")
        .first()
    )
    Visit.objects.filter(pk=story.visit.pk).update(revision=revision)


def _conduct(story: Story) -> None:
    story.step("conduct", story.lead)
    _pin_account(story)
    counts = {"interviews": (6, 16), "records": (12, 12), "documents": (8, 24)}
    numbers = {name: story.chance.randint(*limits) for name, limits in counts.items()}
    Visit.objects.filter(pk=story.visit.pk).update(**numbers)
    prepared.afterwards(story)
    apply_edits(story.visit.pk, list(recorded.finding_edits(story)), by=story.lead)
    if story.apart:
        apply_edits(story.visit.pk, list(recorded.own_edits(story)), by=story.second)


def _compose(story: Story) -> None:
    if story.apart:
        apply_edits(story.visit.pk, list(recorded.own_edits(story, differs=True)), by=story.lead)
    elif story.cast.index % 3 == 0:
        apply_edits(story.visit.pk, list(recorded.own_edits(story)), by=story.second)
    apply_edits(story.visit.pk, list(recorded.common_edits(story)), by=story.lead)
    story.step("compose", story.lead)
    recorded.write_report(story)


def _send(story: Story) -> None:
    story.step("send_concept", story.lead)


def _open(story: Story) -> None:
    reaction.record_opening(story.visit.versions.latest("created_at"), by=story.provider)
    story.visit.refresh_from_db(fields=["reaction_due"])


def _draft_remarks(story: Story) -> None:
    """Every third provider has nothing to say."""
    version = story.visit.versions.latest("created_at")
    if story.cast.index % 3 == 1:
        return
    for remark in story.chance.sample(texts("visits")["remarks"], story.chance.randint(1, 3)):
        if place := recorded.place_of(version.content, remark["where"]):
            reaction.save_remark(story.visit.pk, place, remark["text"], by=story.provider)


def _react(story: Story) -> None:
    if FactualRemark.objects.filter(visit=story.visit).exists():
        story.step("submit_reaction", story.provider)
    elif story.cast.index % 2 and (due := story.visit.reaction_due):
        with clock_at(moment(due + timedelta(days=1), 0, 1)):
            story.step("close_term", SYSTEM)
    else:
        story.step("no_remarks", story.provider)


def _process(story: Story) -> None:
    known = {remark["text"]: remark for remark in texts("visits")["remarks"]}
    for remark in FactualRemark.objects.filter(visit=story.visit):
        answer = known[remark.text]
        reaction.answer_remark(remark.pk, answer["verdict"], answer["answer"], by=story.lead)
        if answer["verdict"] == FactualRemark.Verdict.ADOPTED:
            story.facts["staff"] += 4
            recorded.write(story, "provider_text", texts("visits")["provider_text"].format(**story.words))
    story.step("process", story.lead)
    if story.cast.index == 24:
        story.step("reopen", story.coordinator, texts("visits")["notes"]["reopen"])
        story.step("process", story.lead)


def _settle(story: Story) -> None:
    story.step("settle", story.coordinator)


def _decide(story: Story) -> None:
    """The demo's own waiting time may be nought; here it is 14 days, from whatever day it is told."""
    story.step("decide", story.coordinator)
    wait = timedelta(days=14)
    publication = Publication.objects.get(visit=story.visit)
    Publication.objects.filter(pk=publication.pk).update(publish_at=publication.decided_at + wait)


def _publish(story: Story) -> None:
    story.step("publish", SYSTEM)


def _suspend(story: Story) -> None:
    story.step("suspend", story.coordinator, texts("visits")["notes"]["suspend"])


def _withdraw(story: Story) -> None:
    story.step("withdraw", story.coordinator, texts("visits")["notes"]["withdraw"])


COURSE: list[str] = [
    S.PLANNED,
    S.CONDUCTED,
    S.DRAFTING,
    S.AT_PROVIDER,
    S.REACTED,
    S.PROCESSED,
    S.SETTLED,
    S.DECIDED,
    S.PUBLISHED,
]
# Statuses beside the straight course, with the one that they are entered from.
ASIDE: dict[str, str] = {S.CANCELLED: S.PLANNED, S.SUSPENDED: S.DECIDED, S.WITHDRAWN: S.PUBLISHED}
# Days after the visit began, what the visit then is, and what happens.
CHAPTERS: list[tuple[int, str, Chapter]] = [
    (1, S.CONDUCTED, _conduct),
    (9, S.DRAFTING, _compose),
    (11, S.DRAFTING, course.read_along),
    (16, S.AT_PROVIDER, _send),
    (17, S.AT_PROVIDER, _open),
    (18, S.AT_PROVIDER, course.ask_time),
    (24, S.AT_PROVIDER, _draft_remarks),
    (41, S.REACTED, _react),
    (56, S.PROCESSED, _process),
    (64, S.SETTLED, _settle),
    (69, S.DECIDED, _decide),
    (84, S.PUBLISHED, _publish),
    (75, S.SUSPENDED, _suspend),
    (120, S.WITHDRAWN, _withdraw),
]
