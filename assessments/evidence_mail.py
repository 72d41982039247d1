"""Mails about evidence, to the people of a provider who can act on them. Called as the system."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from assessments.models import Evidence, EvidenceRevision
from assessments.models.evidence import SOON
from assessments.permissions import PROVIDER_EDITORS
from providers import mail
from providers.models import Membership, User
from wlzthuis.isolation import as_system

BATCH = 50
ENDS_SOON, ENDED = 1, 2


def _people(organisation_id: int) -> Iterable[User]:
    held = Membership.objects.on().filter(organisation=organisation_id, role__in=PROVIDER_EDITORS)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def tell_infected(file: EvidenceRevision) -> None:
    _tell("evidence_infected", file)


def tell_bsn(file: EvidenceRevision) -> None:
    """Also who handed it in already should know."""
    _tell("evidence_bsn", file)


def _tell(kind: str, file: EvidenceRevision) -> None:
    link = mail.link("assessments:evidence_detail", file.evidence_id)
    for person in _people(file.organisation_id):
        mail.post(
            kind,
            person.email,
            {"name": person.name, "file": file, "link": link},
            organisation_id=file.organisation_id,
            key=f"{kind}-{file.pk}-{person.pk}",
        )


def remind() -> int:
    """Mail each provider, once for each piece, which end soon or ended. Returns how many providers."""
    today, told = timezone.localdate(), 0
    while count := _remind_some(today):
        told += count
    return told


@as_system()
def _remind_some(today: date) -> int:
    untold = Q(told__lt=ENDS_SOON, valid_until__lte=today + SOON) | Q(told__lt=ENDED, valid_until__lte=today)
    due = Evidence.objects.kept().filter(untold)
    some = list(due.order_by("organisation").values_list("organisation", flat=True).distinct()[:BATCH])
    locked = due.filter(organisation__in=some).select_for_update(of=("self",), skip_locked=True)
    pieces: dict[int, list[Evidence]] = {}
    for piece in locked.order_by("valid_until", "title"):
        pieces.setdefault(piece.organisation_id, []).append(piece)
    for organisation_id, ending in pieces.items():
        _post_ending(organisation_id, ending, today)
        for piece in ending:
            piece.told = ENDED if piece.valid_until and piece.valid_until <= today else ENDS_SOON
        Evidence.objects.bulk_update(ending, ["told"])
    return len(pieces)


def _post_ending(organisation_id: int, ending: list[Evidence], today: date) -> None:
    # Without their titles: what a provider typed stays in the portal.
    pieces = [(piece, mail.link("assessments:evidence_detail", piece.pk)) for piece in ending[:20]]
    for person in _people(organisation_id):
        mail.post(
            "evidence_ending",
            person.email,
            {
                "name": person.name,
                "pieces": pieces,
                "more": max(0, len(ending) - 20),
                "count": len(ending),
                "today": today,
                "link": f"{mail.link('assessments:library')}?toon=verloopt",
            },
            organisation_id=organisation_id,
        )
