"""One mail a day at most, to each person, with everything that happened and falls due in her own work.

It goes in the daytime, soon after there is something to tell; what comes after it that day waits for the
next one. A reminder that could not go on its day goes with the next mail. Who left, or does not want it, gets
none. Each app's kind of news is a source.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assessments import editions, permissions, scope
from assessments.models import (
    Answer,
    Assignment,
    Comment,
    DocumentRequest,
    ImprovementAction,
    Measure,
    Revision,
)
from assessments.report_text import visit_days
from providers import mail
from providers.models import Membership, User
from wlzthuis.isolation import as_system

logger = logging.getLogger(__name__)

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
    # When it happened; a day on which one is reminded begins at midnight.
    at: datetime
    due: date | None = None


# Gives the lines for these people, of what happened after a moment up to today.
Source = Callable[[set[int], datetime, date], Iterable[Line]]
ASSIGNED, SAID, DUE = "Nieuw of veranderd voor u", "Opmerkingen van collega’s", "Denk aan de datum"
HEADINGS = (DUE, ASSIGNED, SAID)


def assigned_themes(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    rows = _themes(people).filter(at__gt=since).exclude(by=F("assignee"))
    for row in rows:
        yield _theme_line(row, ASSIGNED, row.at)


def due_themes(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    """Themes of which the date is near, as long as something in them is open."""
    near = _themes(people).filter(due__range=_near(since, today))
    rows = [(row, at) for row in near if row.at < (at := _remind_at(row.due or today, today))]
    answers = Answer.objects.filter(
        revision__in={row.revision_id for row, _ in rows},
        item__section__in={row.section_id for row, _ in rows},
        is_answered=True,
    )
    answered = set(answers.values_list("revision", "item"))
    for row, at in rows:
        if any((row.revision_id, pk) not in answered for pk in _asked(row)):
            yield _theme_line(row, DUE, at)


def _asked(row: Assignment) -> Iterator[int]:
    """The questions of a theme that apply to the provider."""
    reaches = scope.reaches_of(row.revision)
    for item in editions.contents(row.section.version_id).items:
        if item.section_id == row.section_id and item.asks_provider:
            reach = reaches.get(item.pk)
            if reach is None or reach.applies:
                yield item.pk


def _near(since: datetime, today: date) -> tuple[date, date]:
    """The dates of which somebody may have to be reminded."""
    return timezone.localdate(since), today + timedelta(days=max(REMIND_AT))


def _remind_at(due: date, today: date) -> datetime:
    """When the last day began on which one is reminded of a date. A mail that came later told of it."""
    days = (due - timedelta(days=before) for before in REMIND_AT)
    return timezone.make_aware(datetime.combine(max(day for day in days if day <= today), time.min))


def _themes(people: set[int]) -> QuerySet[Assignment]:
    drafts = Assignment.objects.filter(assignee__in=people, revision__status=Revision.Status.DRAFT)
    return drafts.select_related("revision__self_assessment", "section").order_by("due", "pk")


def _theme_line(row: Assignment, heading: str, at: datetime) -> Line:
    return Line(
        row.assignee_id or 0,
        row.organisation_id,
        heading,
        f"Thema {row.section.code}. {row.section.title} ({row.revision.self_assessment})",
        mail.link("assessments:fill_in_section", row.revision_id, row.section_id),
        at,
        row.due,
    )


def comments(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    """What others said about one's themes."""
    themes = Assignment.objects.filter(assignee__in=people, revision__comments__at__gt=since)
    readers: dict[tuple[int, int | None], int | None] = {
        (row.revision_id, row.section_id): row.assignee_id for row in themes
    }
    said = Comment.objects.filter(at__gt=since, settled_at=None).select_related("by", "item")
    for row in said.order_by("at", "pk"):
        reader = readers.get((row.revision_id, row.item.section_id))
        if reader is None or reader == row.by_id:
            continue
        yield Line(
            reader,
            row.organisation_id,
            SAID,
            # Not what she said: that stays in the portal.
            f"{row.by.name} bij {row.item.code}. {row.item.title}",
            mail.link("assessments:comments", row.revision_id, row.item_id),
            row.at,
        )


def assigned_actions(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    rows = _actions(people).filter(assigned_at__gt=since)
    for row in rows.filter(Q(assigned_by=None) | ~Q(assigned_by=F("assignee"))):
        yield _action_line(row, ASSIGNED, row.assigned_at)


def due_actions(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    for row in _actions(people).filter(due__range=_near(since, today)):
        at = _remind_at(row.due, today)
        if row.assigned_at < at:
            yield _action_line(row, DUE, at)


def _actions(people: set[int]) -> QuerySet[ImprovementAction]:
    return (
        ImprovementAction.objects.open()
        .filter(assignee__in=people)
        .select_related("item")
        .order_by("due", "pk")
    )


def _action_line(row: ImprovementAction, heading: str, at: datetime) -> Line:
    # Not what will be done: that stays in the portal.
    text = f"Verbeteractie bij {row.item.code}. {row.item.title}" if row.item else "Losse verbeteractie"
    link = mail.link("assessments:improvement", row.pk)
    return Line(row.assignee_id or 0, row.organisation_id, heading, text, link, at, row.due)


def due_to_inspectorate(people: set[int], since: datetime, today: date) -> Iterator[Line]:
    """What the inspectorate asks, when it is new or its date is near: a point that nobody took up, a
    measure, or documents. It is told to everybody who can act on it."""
    editors: dict[int, list[int]] = defaultdict(list)
    held = Membership.objects.on(today).filter(user__in=people, role__in=permissions.PROVIDER_EDITORS)
    for user_id, organisation_id in held.values_list("user", "organisation").distinct():
        editors[organisation_id].append(user_id)
    points = ImprovementAction.objects.points().open().filter(assignee=None, organisation__in=editors)
    for row in points.select_related("visit").order_by("due", "pk"):
        text = f"Punt {row.point} uit rapport {row.visit.number}" if row.visit else ""
        link = mail.link("assessments:improvement", row.pk)
        yield from _to_editors(row, row.due, row.created_at, text, link, editors, since, today)
    measures = Measure.objects.filter(status__in=Measure.AWAITED, organisation__in=editors)
    for measure in measures.order_by("due_on", "pk"):
        link = mail.link("assessments:measure", measure.pk)
        yield from _to_editors(
            measure, measure.due_on, measure.recorded_at, measure.title, link, editors, since, today
        )
    # A new request has a mail of its own.
    requests = DocumentRequest.objects.open().filter(organisation__in=editors).select_related("visit")
    for asked in requests.order_by("due", "pk"):
        text = f"Documenten voor het bezoek van {visit_days(asked.visit)}"
        link = mail.link("assessments:document_request", asked.pk)
        lines = _to_editors(asked, asked.due, asked.asked_at, text, link, editors, since, today)
        yield from (line for line in lines if line.heading == DUE)


def _to_editors(
    row: ImprovementAction | Measure | DocumentRequest,
    due: date,
    made_at: datetime,
    text: str,
    link: str,
    editors: dict[int, list[int]],
    since: datetime,
    today: date,
) -> Iterator[Line]:
    is_near = due <= today + timedelta(days=max(REMIND_AT)) and due >= timezone.localdate(since)
    moments = [(ASSIGNED, made_at)] if made_at > since else []
    if is_near and made_at < (at := _remind_at(due, today)):
        moments = [(DUE, at)]
    for heading, at in moments:
        for user_id in editors[row.organisation_id]:
            yield Line(user_id, row.organisation_id, heading, text, link, at, due)


SOURCES: list[Source] = [
    assigned_themes,
    assigned_actions,
    comments,
    due_themes,
    due_actions,
    due_to_inspectorate,
]


def send() -> int:
    """Mail everybody for whom there is something, and who had none today. Returns how many."""
    moment = timezone.now()
    return sum(_is_sent(user_id, lines, moment) for user_id, lines in _news(moment).items())


def _is_sent(user_id: int, lines: list[Line], moment: datetime) -> bool:
    """Whether she got her mail; one that cannot be made does not keep it from the others."""
    try:
        return _send_to(user_id, lines, moment)
    except Exception:
        logger.exception("No daily mail for person %s", user_id)
        return False


@as_system()
def _news(moment: datetime) -> dict[int, list[Line]]:
    places, heard = _readers(moment)
    found: dict[int, dict[str, Line]] = defaultdict(dict)
    for source in SOURCES:
        for line in _lines(source, set(places), moment):
            is_new = heard[line.user_id] < line.at <= moment - SETTLED
            if is_new and line.organisation_id in places[line.user_id]:
                # What is new for somebody needs no reminder on the same day.
                found[line.user_id].setdefault(line.link, line)
    return {user_id: list(lines.values()) for user_id, lines in found.items()}


def _lines(source: Source, people: set[int], moment: datetime) -> list[Line]:
    """What a source has to tell; one that fails does not silence the others."""
    try:
        with transaction.atomic():
            lines = source(people, moment - LONGEST, timezone.localdate(moment))
            return [line for line in lines if line.user_id in people]
    except Exception:
        logger.exception("No news for the daily mail from %s", source.__name__)
        return []


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
