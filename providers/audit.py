"""Writing the log of who did or saw what. A line names the object, never what stands in it.

`about` is the organisation whose data it was, and that may therefore read the line. What an organisation
may not know of yet (a visit in preparation) is logged without it.
"""

from django.db.models import Model

from providers.actor import Actor
from providers.models import AuditEvent
from wlzthuis import origin

DONE, SEEN, REFUSED = AuditEvent.Outcome.DONE, AuditEvent.Outcome.SEEN, AuditEvent.Outcome.REFUSED
# What stands in `action`, and what people read. Each app adds its own at start-up.
ACTIONS: dict[str, str] = {}


def record(
    action: str,
    *,
    by: Actor,
    about: int | None = None,
    obj: Model | None = None,
    page: str = "",
    outcome: str = DONE,
) -> None:
    """Write one line in the transaction at hand; an unknown action is a KeyError.

    `page` names the page where there is no object, because it was refused.
    """
    ACTIONS[action]
    here = origin.current()
    AuditEvent.objects.create(
        outcome=outcome,
        action=action,
        user=by.user,
        acting_for=by.organisation if by.roles else None,
        roles=",".join(sorted(by.roles)),
        about_id=about,
        object_kind=(obj._meta.model_name or "") if obj else page[:40],
        object_id=str(obj.pk) if obj else "",
        address=here.address,
        request_id=here.request_id,
    )
