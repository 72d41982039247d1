"""What the frame of every page shows: who is signed in and where one can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from providers.actor import Actor
from providers.models import Role
from wlzthuis.middleware import answered_forms

TASKS = ("Mijn taken", "assessments:tasks")
SELF_ASSESSMENTS = ("Zelfevaluaties", "assessments:self_assessments")
IMPROVEMENTS = ("Verbeteracties", "assessments:improvements")
EVIDENCE = ("Bewijsstukken", "assessments:library")
VISITS = ("Bezoeken", "assessments:visits")
CAMPAIGNS = ("Uitvragen", "assessments:campaigns")
WORKLIST = ("Werklijst", "assessments:worklist")
CONCERNS = ("Signalen", "assessments:concerns")
REPORTS = ("Rapporten", "reports:list")
ORGANISATIONS = ("Organisaties", "organisations")
APPLICATIONS = ("Aanmeldingen", "applications")
CONTRACTS = ("Contracten", "contracts")
RETENTION = ("Bewaren", "retention")
NORMS = ("Normen", "norms:list")
ABOUT = ("Over Thuispeil", "about")

NAV = {
    "provider": (TASKS, SELF_ASSESSMENTS, IMPROVEMENTS, EVIDENCE, VISITS, REPORTS, NORMS),
    "council": (TASKS, SELF_ASSESSMENTS, VISITS, REPORTS, NORMS),
    "inspectorate": (TASKS, WORKLIST, VISITS, CAMPAIGNS, SELF_ASSESSMENTS, REPORTS, NORMS),
    "care_office": (TASKS, CAMPAIGNS, SELF_ASSESSMENTS, CONTRACTS, CONCERNS, REPORTS, NORMS),
    "portal": (TASKS, ORGANISATIONS, APPLICATIONS, RETENTION, NORMS, REPORTS),
}
NAV_PUBLIC = (NORMS, REPORTS, ABOUT)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`actor` (None where no middleware ran, as for 413), `nav_items` [(label, url, current)], settings,
    and `answered_forms` of who is signed in."""
    actor = getattr(request, "actor", None)
    entries = [(label, reverse(name)) for label, name in NAV.get(_kind(actor), NAV_PUBLIC)]
    # The longest address that leads the path is where one is, so '/bezoeken/12/' marks 'Bezoeken'.
    here = max((url for _, url in entries if request.path.startswith(url)), key=len, default="")
    items = [(label, url, url == here) for label, url in entries]
    return {
        "actor": actor,
        "nav_items": items,
        "answered_forms": answered_forms(request) if actor and actor.user else [],
        "is_demo": settings.DEMO,
        "session_seconds": settings.SESSION_IDLE_MINUTES * 60,
    }


def _kind(actor: Actor | None) -> str:
    """Whose menu: of a provider, the council works on nothing but reads."""
    if actor is None:
        return ""
    is_council = actor.kind == "provider" and not actor.has(Role.QUALITY_OFFICER, Role.DIRECTOR)
    return "council" if is_council else actor.kind
