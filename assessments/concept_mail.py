"""Mails about a concept report, to the people of the provider who can react to it."""

from datetime import date, timedelta

from django.utils import timezone

from assessments.models import ConceptVersion, Visit
from assessments.permissions import PROVIDER_EDITORS
from assessments.report_text import weeks_in_words
from providers import mail
from providers.models import Membership, User
from wlzthuis.isolation import as_system

# Days after sending on which is asked to open a concept that nobody opened.
OPEN_AFTER = (3, 7)
# Days before the last day on which one is reminded of it.
REMIND_AT = (7, 0)


@as_system()
def _people(organisation_id: int) -> list[User]:
    """Who reacts for the provider. The inspectorate may not read this itself."""
    held = Membership.objects.on().filter(organisation=organisation_id, role__in=PROVIDER_EDITORS)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True))


def _post(kind: str, visit: Visit, version: ConceptVersion, moment: str, **words: object) -> None:
    """To each person once per version and moment. Of the report itself a mail tells nothing."""
    for person in _people(visit.organisation_id):
        mail.post(
            kind,
            person.email,
            {
                "name": person.name,
                "visit": visit,
                "weeks": weeks_in_words(visit.reaction_weeks),
                "link": mail.link("assessments:visit", visit.pk),
                **words,
            },
            organisation_id=visit.organisation_id,
            key=f"concept-{version.pk}-{person.pk}-{moment}",
        )


def announce(visit: Visit, version: ConceptVersion) -> None:
    _post("concept_sent", visit, version, "sent")


def tell_recalled(visit: Visit, version: ConceptVersion) -> None:
    _post("concept_recalled", visit, version, "recalled")


def tell_term(visit: Visit, version: ConceptVersion, *, is_refused: bool = False) -> None:
    """The last day became another one, or stays what it was although more time was asked."""
    moment = f"refused-{timezone.now():%Y%m%d%H%M%S}" if is_refused else f"until-{visit.reaction_due:%Y%m%d}"
    _post("concept_term", visit, version, moment, is_refused=is_refused)


def remind_due() -> int:
    """Remind of concepts that nobody opened, and of terms that end soon. Returns for how many."""
    today = timezone.localdate()
    with as_system():
        waiting = list(Visit.objects.filter(status=Visit.Status.AT_PROVIDER).values_list("pk", flat=True))
    return sum(_remind(pk, today) for pk in waiting)


@as_system()
def _remind(pk: int, today: date) -> bool:
    """Locked, so that nobody is asked to open what was opened just now."""
    visit = Visit.objects.select_for_update(no_key=True).get(pk=pk)
    if visit.status != Visit.Status.AT_PROVIDER:
        return False
    version = visit.versions.select_related("delivery").latest("created_at")
    reminder = _reminder(visit, version, today)
    if reminder is None:
        return False
    kind, moment = reminder
    _post(kind, visit, version, moment)
    return True


def _reminder(visit: Visit, version: ConceptVersion, today: date) -> tuple[str, str] | None:
    """The last one that is due, also when no worker ran on its very day; the outbox takes each once."""
    if visit.reaction_due is None:
        sent = timezone.localdate(version.created_at)
        passed = [days for days in OPEN_AFTER if sent + timedelta(days=days) <= today]
        return ("concept_unopened", f"unopened-{passed[-1]}") if passed else None
    passed = [days for days in REMIND_AT if visit.reaction_due - timedelta(days=days) <= today]
    # Who got it today knows the day.
    is_new = timezone.localdate(version.delivery.at) == today
    if not passed or is_new or visit.reaction_due < today:
        return None
    return "concept_reminder", f"{passed[-1]}-before-{visit.reaction_due:%Y%m%d}"
