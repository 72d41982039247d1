"""Signing in elsewhere: what the other side must say about a person before she comes in, and as whom."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest

from providers.accounts import second_factor
from providers.actor import held_by
from providers.models import Organisation, User

logger = logging.getLogger(__name__)

# Levels of assurance by their last word, weakest first: those of eHerkenning, and of eIDAS beside them.
LEVELS = {"loa1": 1, "loa2": 2, "low": 2, "loa2plus": 3, "loa3": 4, "substantial": 4, "loa4": 5, "high": 5}
# From here on the broker asked for two things: something that one knows and something that one has.
TWO_FACTORS = LEVELS["loa2plus"]
# {"user": …, "organisations": […]}: the person of this session acts for these alone.
SESSION_KEY = "signed_on"


class Refused(Exception):
    """Who signed in elsewhere does not come in; says why, and what to do."""

    def __init__(self, sentence: str, user: User | None = None) -> None:
        super().__init__(sentence)
        self.user = user


def admit(request: HttpRequest, login: SocialLogin) -> None:
    """Tie the login to the person that it is of, and the session to what it may act for; or refuse."""
    if login.state.get("process") != AuthProcess.LOGIN:
        raise Refused("Dit kan niet vanuit uw account. Log uit en log opnieuw in.")
    app = login.provider.app
    claims = _claims(login)
    belongs, is_strong = _RULES[app.provider_id](claims, app.settings)
    user = login.user if login.is_existing else _person_of(claims)
    organisations = [row.pk for row, _ in held_by(user) if belongs(row)]
    if not organisations:
        raise Refused(
            "U bent herkend, maar u bent in Thuispeil geen medewerker van deze organisatie. "
            "Vraag uw bestuurder om een uitnodiging.",
            user,
        )
    if not login.is_existing:
        login.connect(request, user)
    request.session[SESSION_KEY] = {"user": user.pk, "organisations": organisations}
    if is_strong:
        second_factor.mark_passed(request, user)


def organisations_of(request: HttpRequest, user: User) -> list[int] | None:
    """The organisations that this session is tied to; None when it is not."""
    tied = request.session.get(SESSION_KEY)
    return tied["organisations"] if tied and tied["user"] == user.pk else None


def level_of(value: object) -> int:
    """How sure a level of assurance is, 0 when it is unknown: 'urn:…:assurance-class:loa3' is 4."""
    return LEVELS.get(str(value).replace("/", ":").rpartition(":")[2].lower(), 0)


_Rule = Callable[[dict[str, Any], dict[str, Any]], tuple[Callable[[Organisation], bool], bool]]


def _eherkenning(
    claims: dict[str, Any], config: dict[str, Any]
) -> tuple[Callable[[Organisation], bool], bool]:
    level = level_of(claims.get(config["loa_claim"]))
    if level < LEVELS[config["min_loa"]]:
        raise Refused(
            f"Uw eHerkenningsmiddel is niet sterk genoeg. U heeft {_NAMES[config['min_loa']]} of meer nodig. "
            "Vraag dit aan bij de leverancier van uw middel."
        )
    kvk = str(claims.get(config["kvk_claim"]) or "")
    if not kvk:
        raise Refused(
            "eHerkenning gaf geen KvK-nummer door. Kies bij eHerkenning een organisatie met een KvK-nummer."
        )
    kinds = (Organisation.Kind.PROVIDER, Organisation.Kind.CARE_OFFICE)
    return lambda row: row.kind in kinds and row.kvk == kvk, level >= TWO_FACTORS


def _inspectorate(
    claims: dict[str, Any], config: dict[str, Any]
) -> tuple[Callable[[Organisation], bool], bool]:
    return lambda row: row.kind == Organisation.Kind.INSPECTORATE, config["second_factor"]


_RULES: dict[str, _Rule] = {"eherkenning": _eherkenning, "inspectie": _inspectorate}
_NAMES = {"loa2": "niveau EH2", "loa2plus": "niveau EH2+", "loa3": "niveau EH3", "loa4": "niveau EH4"}


def _claims(login: SocialLogin) -> dict[str, Any]:
    """What the signed token says goes before what else is known of the person."""
    data: dict[str, Any] = login.account.extra_data
    return {**data.get("userinfo", {}), **data.get("id_token", {})}


def _person_of(claims: dict[str, Any]) -> User:
    """The first time: the address that both sides confirmed tells who it is."""
    email = str(claims.get("email") or "").lower()
    if not email or claims.get("email_verified") not in (True, "true"):
        raise Refused(
            "U bent herkend, maar zonder bevestigd e-mailadres weten wij niet wie u in Thuispeil bent. "
            "Zet uw e-mailadres bij uw inlogmiddel en bevestig het daar."
        )
    address = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    if address is None or not address.user.is_active:
        raise Refused(
            "U bent herkend, maar uw e-mailadres is in Thuispeil niet bekend. "
            "Vraag uw bestuurder om een uitnodiging op dit adres."
        )
    return address.user
