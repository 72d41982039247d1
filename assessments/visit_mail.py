"""Mails about visits, to the people of a provider who can act on them. Never about one it may not know of."""

from typing import Any

from assessments.models import Visit, VisitEvent
from assessments.permissions import PROVIDER_EDITORS
from providers import mail
from providers.models import Membership, Organisation, User
from wlzthuis.isolation import as_system


@as_system()
def people_of(organisation_id: int) -> list[User]:
    """Who answers for a provider. The inspectorate may not read this itself."""
    held = Membership.objects.on().filter(organisation=organisation_id, role__in=PROVIDER_EDITORS)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def tell(kind: str, visit: Visit, *, moment: str, link: str = "", **words: Any) -> None:
    """One mail to each quality officer and director; one about the same moment is never doubled."""
    if not visit.is_known_to_provider:
        raise ValueError("the provider may not know of this visit")
    link = link or mail.link("assessments:visit", visit.pk)
    tell_provider(kind, visit.organisation, moment=moment, link=link, visit=visit, **words)


def tell_provider(kind: str, provider: Organisation, /, *, moment: str, link: str, **words: Any) -> None:
    """The same, also about what needs no visit."""
    for person in people_of(provider.pk):
        mail.post(
            kind,
            person.email,
            {"name": person.name, "organisation": provider, "link": link, **words},
            organisation_id=provider.pk,
            key=f"{kind}-{moment}-{person.pk}",
        )


def of_event(event: VisitEvent) -> str:
    """What makes a mail about an event one of a kind."""
    return f"event-{event.pk}"
