"""Acting for an organisation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from providers.actor import SESSION_KEY, actor_for
from providers.audit import record
from providers.http import Request


@login_required
@require_POST
def switch_membership(request: Request) -> HttpResponse:
    """Act for another of one's own organisations."""
    wanted = request.POST.get("organisation", "")
    for organisation in request.actor.choices:
        if str(organisation.pk) == wanted:
            request.session[SESSION_KEY] = organisation.pk
            by = actor_for(request.actor.person, organisation.pk)
            record("switched", by=by, about=organisation.pk)
            messages.success(request, f"U werkt nu voor {organisation}.")
            return redirect("assessments:tasks")
    raise PermissionDenied
