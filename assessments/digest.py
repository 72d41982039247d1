"""One mail a day at most, to each person, with everything that happened and falls due in her own work.

It goes as soon as there is something to tell; what comes after it that day waits for the next one. Who
left, or does not want it, gets none. Each app's kind of news is a source.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from assessments import permissions, questions
from assessments.models import Assignment, Comment, ImprovementAction, Revision
from providers import mail
from providers.models import Membership, User
from wlzthuis.isolation import as_system

# What was written at this moment may be of a transaction that others do not see yet.
SETTLED = timedelta(minutes=1)
# Who had no mail for longer hears nothing older.
LONGEST = timedelta(days=7)
# Days before a date on which one is reminded of it.
REMIND_AT = (7, 0)


@dataclass(frozen=True)
class Line:
    """One thing to tell a person: under which heading, what, and where it stands."""

    user_id: int
    organisation_id: int
    heading: str
    text: str
    link: str
    due: date | None = None
    # When it happened; None for a date that has come.
    at: datetime | None = None


# Gives the lines for these people: what happened after a moment, and what falls due today.
Source = Callable[[set[int], datetime, date], Iterable[Line]]
ASSIGNED, SAID, DUE = "Nieuw voor u", "Opmerkingen van collega’s", "Denk aan de datum"
HEADINGS = (DUE, ASSIGNED, SAID)


def assigned_themes(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    rows = _themes(people).filter(at__gt=since).exclude(by=F("assignee"))
    for row in rows:
        yield _theme_line(row, ASSIGNED, at=row.at)


def due_themes(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    """Themes of which the date is near, as long as something in them is open."""
    days = [today + timedelta(days=days) for days in REMIND_AT]
    rows = list(_themes(people).filter(due__in=days))
    sets = {row.revision_id: questions.load(row.revision) for row in rows}
    for row in rows:
        section = sets[row.revision_id].section(row.section_id)
        if section and section.answered < section.total:
            yield _theme_line(row, DUE)


def _themes(people: set[int]) -> QuerySet[Assignment]:
    drafts = Assignment.objects.filter(assignee__in=people, revision__status=Revision.Status.DRAFT)
    return drafts.select_related("revision__self_assessment", "section").order_by("due", "pk")


def _theme_line(row: Assignment, heading: str, at: datetime | None = None) -> Line:
    return Line(
        row.assignee_id or 0,
        row.organisation_id,
        heading,
        f"Thema {row.section.code}. {row.section.title} ({row.revision.self_assessment})",
        mail.link("assessments:fill_in_section", row.revision_id, row.section_id),
        row.due,
        at,
    )


def comments(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    """What others said about one's themes."""
    said = Comment.objects.filter(
        at__gt=since,
        settled_at=None,
        revision__assignments__assignee__in=people,
        revision__assignments__section=F("item__section"),
    ).exclude(by=F("revision__assignments__assignee"))
    said = said.select_related("by", "item").annotate(reader=F("revision__assignments__assignee"))
    for row in said.order_by("at", "pk"):
        yield Line(
            row.reader,
            row.organisation_id,
            SAID,
            # Not what she said: that stays in the portal.
            f"{row.by.name} bij {row.item.code}. {row.item.title}",
            mail.link("assessments:comments", row.revision_id, row.item_id),
            at=row.at,
        )


def assigned_actions(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    rows = _actions(people).filter(assigned_at__gt=since)
    for row in rows.filter(Q(assigned_by=None) | ~Q(assigned_by=F("assignee"))):
        yield _action_line(row, ASSIGNED, at=row.assigned_at)


def due_actions(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    days = [today + timedelta(days=days) for days in REMIND_AT]
    for row in _actions(people).filter(due__in=days):
        yield _action_line(row, DUE)


def _actions(people: set[int]) -> QuerySet[ImprovementAction]:
    return ImprovementAction.objects.open().filter(assignee__in=people).order_by("due", "pk")


def _action_line(row: ImprovementAction, heading: str, at: datetime | None = None) -> Line:
    text = f"Verbeteractie: {Truncator(row.what).chars(120)}"
    link = mail.link("assessments:improvement", row.pk)
    return Line(row.assignee_id or 0, row.organisation_id, heading, text, link, row.due, at)


SOURCES: list[Source] = [assigned_themes, assigned_actions, comments, due_themes, due_actions]


def send() -> int:
    """Mail everybody for whom there is something, and who had none today. Returns how many."""
    moment = timezone.now()
    return sum(_send_to(user_id, lines, moment) for user_id, lines in _news(moment).items())


@as_system()
def _news(moment: datetime) -> dict[int, list[Line]]:
    today = timezone.localdate(moment)
    places, heard = _readers(moment)
    found: dict[int, dict[str, Line]] = defaultdict(dict)
    for source in SOURCES:
        for line in source(set(places), moment - LONGEST, today):
            is_new = line.at is None or heard[line.user_id] < line.at <= moment - SETTLED
            if is_new and line.organisation_id in places[line.user_id]:
                # What is new for somebody needs no reminder on the same day.
                found[line.user_id].setdefault(line.link, line)
    return {user_id: list(lines.values()) for user_id, lines in found.items()}


def _readers(moment: datetime) -> tuple[dict[int, set[int]], dict[int, datetime]]:
    """Who may get one now: for which providers she works today, and until when she was told."""
    today = timezone.localdate(moment)
    held = (
        Membership.objects.on(today)
        .filter(role__in=permissions.PROVIDER_EDITORS, user__is_active=True, user__wants_digest=True)
        .exclude(user__digested_at__date=today)
    )
    places: dict[int, set[int]] = defaultdict(set)
    heard = {}
    for user, organisation, digested_at in held.values_list("user", "organisation", "user__digested_at"):
        places[user].add(organisation)
        heard[user] = (digested_at or moment - LONGEST) - SETTLED
    return places, heard


@as_system()
def _send_to(user_id: int, lines: list[Line], moment: datetime) -> bool:
    """One mail, unless another worker was first."""
    today = timezone.localdate(moment)
    user = (
        User.objects.select_for_update(skip_locked=True)
        .filter(pk=user_id)
        .exclude(digested_at__date=today)
        .first()
    )
    if user is None:
        return False
    organisations = {line.organisation_id for line in lines}
    parts = [(heading, [line for line in lines if line.heading == heading]) for heading in HEADINGS]
    mail.post(
        "digest",
        user.email,
        {
            "name": user.name,
            "parts": [part for part in parts if part[1]],
            "count": len(lines),
            "link": mail.link("assessments:tasks"),
            "account_link": mail.link("account"),
        },
        organisation_id=organisations.pop() if len(organisations) == 1 else None,
        key=f"digest-{user.pk}-{today:%Y%m%d}",
    )
    user.digested_at = moment
    user.save(update_fields=["digested_at"])
    return True
