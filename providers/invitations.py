"""Inviting somebody by mail, and taking the invitation. The link works once, for fourteen days."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from providers import audit, mail
from providers.accounts import addresses
from providers.actor import Actor, actor_for
from providers.errors import Refused
from providers.models import ROLES_OF_KIND, Application, Invitation, Membership, Organisation, User
from providers.permissions import can_manage_people, may_manage_people
from wlzthuis.isolation import as_system

LIFE = timedelta(days=14)
TOKEN_BYTES = 32
# So that nobody's mailbox is filled from here.
PER_DAY = 50
PAUSE = timedelta(minutes=10)


@transaction.atomic
def invite(
    organisation: Organisation,
    *,
    name: str,
    email: str,
    roles: Iterable[str],
    valid_until: date | None = None,
    by: Actor,
) -> Invitation:
    """Offer roles to who receives mail at an address. Raises Refused when there is an offer already."""
    _require(by, organisation)
    chosen = frozenset(roles)
    if not chosen or not chosen <= ROLES_OF_KIND[organisation.kind]:
        raise PermissionDenied
    email = email.lower()
    # One at a time for an organisation: also the count below then holds.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Membership.objects.on().filter(organisation=organisation, user__email=email).exists():
        raise Refused("Deze persoon werkt al voor deze organisatie. Wijzig de rollen bij die collega.")
    waiting = organisation.invitations.filter(email=email, accepted_at=None, withdrawn_at=None)
    if waiting.open().exists():
        raise Refused("Voor dit e-mailadres staat al een uitnodiging open. Die kunt u opnieuw versturen.")
    waiting.update(withdrawn_at=timezone.now())
    since = timezone.now() - timedelta(days=1)
    if organisation.invitations.filter(invited_at__gte=since).count() >= PER_DAY:
        raise Refused(f"U kunt per dag {PER_DAY} mensen uitnodigen. Ga morgen verder.")
    invitation = Invitation(
        organisation=organisation,
        email=email,
        name=name,
        roles=sorted(chosen),
        valid_until=valid_until,
        invited_by=by.person,
    )
    _send(invitation)
    audit.record("invited", by=by, about=organisation.pk, obj=invitation)
    return invitation


@transaction.atomic
def send_again(pk: int, *, by: Actor) -> Invitation:
    """A new link, with a new term; the old link works no more."""
    invitation = _locked(pk, by)
    if invitation.invited_at > timezone.now() - PAUSE:
        raise Refused("Deze uitnodiging is net verstuurd. Wacht tien minuten en probeer het opnieuw.")
    invitation.invited_at, invitation.invited_by = timezone.now(), by.person
    _send(invitation)
    audit.record("invited", by=by, about=invitation.organisation_id, obj=invitation)
    return invitation


@transaction.atomic
def withdraw(pk: int, *, by: Actor) -> Invitation:
    """The link works no more."""
    invitation = _locked(pk, by)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    audit.record("invitation_withdrawn", by=by, about=invitation.organisation_id, obj=invitation)
    return invitation


@as_system()
def find(token: str) -> Invitation | None:
    """The invitation of a link, whatever became of it. Who holds the link is nobody here yet."""
    return (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(token_sha256=_digest(token))
        .first()
    )


def person_of(invitation: Invitation) -> User | None:
    """Who already has an account with the address."""
    return User.objects.filter(email=invitation.email).first()


@as_system()
def accept_as_new(token: str, *, name: str, password: str) -> User:
    """Make the account of who holds the link. Raises Refused when the link was used in the meantime."""
    invitation = _open(token)
    if person_of(invitation):
        raise Refused("Er is al een account met dit e-mailadres. Log in en open de link opnieuw.")
    user = User.objects.create_user(invitation.email, name, password)
    _give_roles(invitation, user)
    return user


@as_system()
def accept(token: str, *, user: User) -> None:
    """Give the roles to who is signed in with the address of the invitation."""
    invitation = _open(token)
    if user.email != invitation.email:
        raise PermissionDenied
    _give_roles(invitation, user)


def _require(by: Actor, organisation: Organisation) -> None:
    if not can_manage_people(by, organisation):
        raise PermissionDenied


def _locked(pk: int, by: Actor) -> Invitation:
    """An invitation that nobody took or withdrew. Raises Refused when somebody did."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organisation")
    invitation = rows.get(pk=pk)
    _require(by, invitation.organisation)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Refused("Deze uitnodiging is al aangenomen of ingetrokken.")
    return invitation


def _open(token: str) -> Invitation:
    rows = Invitation.objects.open().select_for_update(of=("self",))
    rows = rows.select_related("organisation", "invited_by")
    invitation = rows.filter(token_sha256=_digest(token)).first()
    if invitation is None:
        raise Refused("Deze uitnodiging is intussen gebruikt of verlopen. Vraag een nieuwe.")
    if invitation.valid_until and invitation.valid_until < timezone.localdate():
        raise Refused("De periode van deze uitnodiging is voorbij. Vraag een nieuwe.")
    # Else who is let go comes back by a link that she sent to herself before.
    if invitation.invited_by is None or not may_manage_people(invitation.invited_by, invitation.organisation):
        raise Refused(
            "Wie u uitnodigde, gaat er niet meer over wie bij deze organisatie werkt. "
            "Vraag een collega om u opnieuw uit te nodigen."
        )
    return invitation


def _send(invitation: Invitation) -> None:
    """Give the row a new secret, and mail the link. Only its digest stays here."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation.token_sha256 = _digest(token)
    invitation.expires_at = timezone.now() + LIFE
    invitation.save()
    context = {"invitation": invitation, "link": mail.link("invitation", token)}
    # Who applied does not know the administrator, and waits for another word.
    applied = Application.objects.filter(
        organisation=invitation.organisation_id, contact_email=invitation.email
    ).exists()
    kind = "application_admitted" if applied else "invitation"
    mail.post(kind, invitation.email, context, organisation_id=invitation.organisation_id)


def _give_roles(invitation: Invitation, user: User) -> None:
    organisation = invitation.organisation
    held = Membership.objects.on().filter(user=user, organisation=organisation)
    new = set(invitation.roles) - set(held.values_list("role", flat=True))
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=role, valid_until=invitation.valid_until)
        for role in sorted(new)
    )
    addresses.confirm(user)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    # Read anew: a request keeps the roles with which it began.
    by = actor_for(User.objects.get(pk=user.pk), organisation.pk)
    audit.record("invitation_accepted", by=by, about=organisation.pk, obj=invitation)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
