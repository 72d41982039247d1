"""How an edition stands on a given day, in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format

from norms.models import FrameworkVersion, Validity

TITLES = {
    Validity.CURRENT: "Deze versie is geldig",
    Validity.FORMER: "Dit is een eerdere versie",
    Validity.UPCOMING: "Deze versie is nog niet geldig",
    Validity.UNKNOWN_START: "Het begin van deze versie is niet bekend",
}


@dataclass(frozen=True)
class Status:
    """`newer` is the edition that took over, when it is loaded."""

    validity: Validity
    title: str
    text: str
    newer: FrameworkVersion | None


def status(version: FrameworkVersion, date: datetime.date, family: Iterable[FrameworkVersion] = ()) -> Status:
    """The status of an edition on a day; `family` holds its successors, newest first."""
    validity = version.validity_on(date)
    newer = next((other for other in family if _replaces(other, version, date)), None)
    sentences = [_period_sentence(version, validity)]
    if validity == Validity.FORMER:
        sentences += [version.succession_note, _instead(version, newer)]
    return Status(validity, TITLES[validity], " ".join(filter(None, sentences)), newer)


def period(version: FrameworkVersion) -> str:
    """The validity as a phrase, such as '1 september 2024 tot en met 31 december 2025'."""
    start, end = version.valid_from, version.valid_until
    if start and end:
        return f"{_day(start)} tot en met {_day(end)}"
    if start:
        return f"vanaf {_day(start)}"
    return f"begin onbekend, tot en met {_day(end)}" if end else "begin onbekend"


def _period_sentence(version: FrameworkVersion, validity: Validity) -> str:
    match validity:
        case Validity.FORMER:
            return (
                f"De versie gold van {period(version)}."
                if version.valid_from
                else f"Geldigheid: {period(version)}."
            )
        case Validity.UPCOMING:
            return f"De versie geldt {_from(version)}."
        case Validity.CURRENT:
            return f"De versie geldt {_from(version)}."
    return "De bron noemt geen begindatum. Controleer bij de uitgever of dit de versie is die u nodig heeft."


def _from(version: FrameworkVersion) -> str:
    return f"van {period(version)}" if version.valid_until else period(version)


def _instead(version: FrameworkVersion, newer: FrameworkVersion | None) -> str:
    if newer and newer.is_outline:
        return (
            "Van de opvolger kent Thuispeil nu alleen de opbouw. "
            "Tot de teksten er zijn, werkt u met deze versie."
        )
    if newer:
        return ""
    kind = "Die opvolger staat" if version.succeeded_by else "Een opvolger staat"
    return f"{kind} nog niet in Thuispeil. Tot die tijd werkt u met deze versie."


def _replaces(other: FrameworkVersion, version: FrameworkVersion, date: datetime.date) -> bool:
    if other.valid_from is None or other.valid_from > date:
        return False
    return version.valid_from is None or other.valid_from > version.valid_from


def _day(date: datetime.date) -> str:
    return date_format(date, "j F Y")
