"""What the frame of every page shows: who is signed in and where one can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

TASKS = ("Mijn taken", "assessments:tasks")
SELF_ASSESSMENTS = ("Zelfevaluaties", "assessments:self_assessments")
EVIDENCE = ("Bewijsstukken", "assessments:library")
VISITS = ("Bezoeken", "assessments:visits")
CAMPAIGNS = ("Uitvragen", "assessments:campaigns")
PROVIDERS = ("Aanbieders", "assessments:providers")
REPORTS = ("Rapporten", "reports:list")
ORGANISATIONS = ("Organisaties", "organisations")
APPLICATIONS = ("Aanmeldingen", "applications")
CONTRACTS = ("Contracten", "contracts")
RETENTION = ("Bewaren", "retention")
NORMS = ("Normen", "norms:list")
ABOUT = ("Over Thuispeil", "about")

NAV = {
    "provider": (TASKS, SELF_ASSESSMENTS, EVIDENCE, VISITS, REPORTS, NORMS),
    "inspectorate": (TASKS, PROVIDERS, VISITS, CAMPAIGNS, SELF_ASSESSMENTS, REPORTS, NORMS),
    "care_office": (TASKS, CAMPAIGNS, SELF_ASSESSMENTS, CONTRACTS, REPORTS, NORMS),
    "portal": (TASKS, ORGANISATIONS, APPLICATIONS, RETENTION, NORMS, REPORTS),
}
NAV_PUBLIC = (NORMS, REPORTS, ABOUT)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`actor` (None where no middleware ran, as for 413), `nav_items` [(label, url, current)], settings."""
    actor = getattr(request, "actor", None)
    entries = [(label, reverse(name)) for label, name in NAV.get(actor.kind if actor else "", NAV_PUBLIC)]
    # The longest address that leads the path is where one is, so '/bezoeken/12/' marks 'Bezoeken'.
    here = max((url for _, url in entries if request.path.startswith(url)), key=len, default="")
    items = [(label, url, url == here) for label, url in entries]
    return {
        "actor": actor,
        "nav_items": items,
        "is_demo": settings.DEMO,
        "session_seconds": settings.SESSION_IDLE_MINUTES * 60,
    }
