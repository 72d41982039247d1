"""What workers do with self-assessments, visits, campaigns and evidence. Each task may run twice."""

import logging

from celery import shared_task
from django.db import models
from django.utils import timezone

from assessments import (
    campaign_mail,
    concept_mail,
    digest,
    evidence_mail,
    examination,
    risk_signals,
    scanning,
)
from assessments.errors import NotReady, WrongState
from assessments.models import Revision, Visit
from assessments.online import kept_since
from assessments.scope import follow
from assessments.workflow import VISIT
from providers.actor import SYSTEM
from wlzthuis.isolation import as_system

log = logging.getLogger(__name__)

# What is still in the queue when the clock comes again is asked for anew.
EXAMINE_EVERY = 300


def _perform_each(visits: models.QuerySet[Visit], action: str) -> int:
    """Take the step for each visit in a transaction of its own."""
    with as_system():
        found = list(visits.values_list("pk", flat=True))
    done = 0
    for pk in found:
        try:
            with as_system():
                VISIT.perform(pk, action, by=SYSTEM)
            done += 1
        except (WrongState, NotReady) as reason:
            log.info("visit %s: %s not taken: %s", pk, action, reason)
        except Exception:  # one visit in trouble may not hold up the others; the clock tries again
            log.exception("visit %s: %s failed", pk, action)
    return done


@shared_task
def publish_due() -> int:
    """Publish each report whose waiting time is over. Returns how many."""
    due = Visit.objects.filter(status=Visit.Status.DECIDED, publication__publish_at__lte=timezone.now())
    return _perform_each(due, "publish")


@shared_task
def close_reaction_terms() -> int:
    """Close each reaction term that has ended. Returns how many."""
    ended = Visit.objects.filter(status=Visit.Status.AT_PROVIDER, reaction_due__lt=timezone.localdate())
    return _perform_each(ended, "close_term")


@shared_task
def remind_reactions() -> int:
    """Remind providers of a concept that waits to be opened, or of a term that ends. Returns for how many."""
    return concept_mail.remind_due()


@shared_task
def take_offline() -> int:
    """Take each report offline that was public for the whole term. Returns how many."""
    old = Visit.objects.filter(status=Visit.Status.PUBLISHED, publication__published_at__lt=kept_since())
    return _perform_each(old, "take_offline")


@shared_task
def follow_the_day() -> int:
    """Let drafts of this year ask what begins to apply today. Returns how many changed."""
    drafts = Revision.objects.filter(
        status=Revision.Status.DRAFT, self_assessment__year=timezone.localdate().year
    )
    with as_system():
        found = list(drafts.values_list("pk", flat=True))
    changed = 0
    for pk in found:
        with as_system():
            changed += follow(pk)
    return changed


@shared_task
def tell_providers() -> int:
    """Mail providers that they are asked, or are asked no longer. Returns how many."""
    return campaign_mail.tell()


@shared_task
def remind_campaigns() -> int:
    """Remind providers whose date is near, or was yesterday. Returns how many."""
    return campaign_mail.remind_due()


@shared_task
def send_digests() -> int:
    """Mail people what is theirs to do, once a day at most. Returns how many."""
    return digest.send()


@shared_task
def examine_evidence(pk: int) -> None:
    """Scan and read one file. When the scanner is away the clock comes back to it."""
    try:
        examination.examine(pk)
    except scanning.Unreachable as reason:
        log.warning("file %s is not scanned yet: %s", pk, reason)


@shared_task
def examine_waiting() -> int:
    """Have every file examined that still has to be. Returns how many."""
    found = examination.waiting()
    for pk in found:
        examine_evidence.apply_async((pk,), expires=EXAMINE_EVERY)
    return len(found)


@shared_task
def refresh_signals() -> int:
    """Work out the signals of providers where something happened. Returns how many."""
    return risk_signals.refresh_marked()


@shared_task
def refresh_all_signals() -> int:
    """Work out everybody's signals: some follow from the date. Returns of how many providers."""
    return risk_signals.refresh_all()


@shared_task
def remind_evidence() -> int:
    """Mail providers whose evidence ends soon or ended. Returns how many providers."""
    return evidence_mail.remind()
