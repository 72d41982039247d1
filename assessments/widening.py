"""More normative frameworks in an account that was begun with fewer."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments import linking
from assessments.errors import WrongState
from assessments.models import Revision
from assessments.permissions import can_fill_in
from assessments.scope import SETTLED, settle
from norms.models import FrameworkVersion
from providers import audit
from providers.actor import Actor


def addable(revision: Revision) -> QuerySet[FrameworkVersion]:
    """The editions of today that a draft does not ask yet, in the order of their steps."""
    today = FrameworkVersion.objects.default_for(timezone.localdate()).values("pk")
    # One edition of a framework in an account: what it has of a family stays as it is.
    own = revision.editions.values("framework")
    offered = FrameworkVersion.objects.filter(pk__in=today).exclude(framework__in=own)
    return offered.for_self_assessment()


@transaction.atomic
def add_editions(revision_id: int, editions: Iterable[FrameworkVersion], *, by: Actor) -> Revision:
    """Let a draft ask these editions too; what was answered elsewhere stands there at once.

    Raises PermissionDenied or WrongState.
    """
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_fill_in(by, revision):
        raise PermissionDenied
    if revision.status != Revision.Status.DRAFT:
        raise WrongState(revision.get_status_display())
    revision.editions.add(*editions)
    settle(revision)
    revision.save(update_fields=SETTLED)
    linking.spread(revision, revision.answers.all())
    audit.record("editions_added", by=by, about=revision.organisation_id, obj=revision)
    return revision
