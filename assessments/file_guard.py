"""What an account's files mean for handing it over: a virus stops it, and what was not read is told."""

from dataclasses import dataclass

from assessments.models import EvidenceLink, EvidenceRevision, Revision
from providers.actor import Actor


@dataclass(frozen=True)
class Files:
    """The files of a revision that ask for attention, each under the question where it is used."""

    infected: list[EvidenceLink]
    unreadable: list[EvidenceLink]
    waiting: int  # are still being read; nobody waits for them: what is found is mailed


def of(revision: Revision) -> Files:
    """In one query."""
    scan, text = EvidenceRevision.Scan, EvidenceRevision.Bsn
    links = EvidenceLink.objects.filter(revision=revision).select_related("item", "evidence_revision")
    by_file = {link.evidence_revision_id: link for link in links.order_by("-pk")}
    sound = [link for link in by_file.values() if link.evidence_revision.scan != scan.INFECTED]
    return Files(
        infected=[link for link in links if link.evidence_revision.scan == scan.INFECTED],
        unreadable=[link for link in sound if link.evidence_revision.bsn == text.UNREADABLE],
        waiting=sum(link.evidence_revision.bsn == text.UNKNOWN for link in sound),
    )


def stop(revision: Revision, actor: Actor) -> str:
    """Why a revision cannot be handed over yet, or ''; for the table of steps."""
    infected = EvidenceLink.objects.filter(
        revision=revision, evidence_revision__scan=EvidenceRevision.Scan.INFECTED
    )
    link = infected.select_related("evidence_revision").first()
    if link is None:
        return ""
    return (
        f"In ‘{link.evidence_revision.name}’ is een virus gevonden. Maak het bestand eerst los van de vraag."
    )
