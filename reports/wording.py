"""The report's own Dutch sentences, made from its content."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format

from reports.content import Report

NUMBERS = ["nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"]


def day(moment: date) -> str:
    """'9 september 2025'."""
    return date_format(moment, "j F Y")


def period(first: date, last: date) -> str:
    """'9 en 10 september 2025', '30 september en 1 oktober 2025'; 'tot en met' for more than two days."""
    if first == last:
        return day(last)
    joint = "en" if (last - first).days == 1 else "tot en met"
    if first.year != last.year:
        return f"{day(first)} {joint} {day(last)}"
    return f"{date_format(first, 'j' if first.month == last.month else 'j F')} {joint} {day(last)}"


def listed(words: Sequence[str]) -> str:
    """'a, b en c'."""
    return " en ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def counted(number: int, one: str, more: str) -> str:
    """Small numbers in letters, with the noun in its right form: 'twee punten'."""
    word = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{word} {one if number == 1 else more}"


def shorten(text: str, length: int) -> str:
    """The text, cut at a word and with an ellipsis when it is longer."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return f"{cut.rsplit(' ', 1)[0]}…"


def running_line(report: Report) -> str:
    """The head of every page but the cover."""
    line = f"Rapport {report.number} · {shorten(report.provider.name, 60)}"
    return f"Concept, niet openbaar · {line}" if report.is_concept else line


def version_line(report: Report) -> str:
    """The version with its date, as the running foot shows it."""
    if report.is_concept:
        return f"Concept {report.version}, niet openbaar"
    settled = report.dates.settled_on
    return f"Versie {report.version}" + (f" · vastgesteld {day(settled)}" if settled else "")


def places(report: Report) -> str:
    """The visited locations on the cover; annex C names them all."""
    names = [location.name for location in report.locations]
    if len(names) > 4:
        names = [*names[:2], f"{len(names) - 2} andere locaties"]
    return shorten(listed(names), 150)


def overview_lead(report: Report) -> str:
    """How often the two judgements differ; counted, never averaged."""
    if report.self_assessment is None:
        return "De aanbieder heeft voor dit bezoek geen zelfevaluatie ingediend. Er is dus geen eigen score."
    steps = [step for step in (item.steps_below_own for item in report.items) if step is not None]
    if not steps:
        return "Bij geen enkel punt zijn de eigen score en ons oordeel te vergelijken."
    amounts = {
        "lager": sum(step > 0 for step in steps),
        "gelijk": sum(step == 0 for step in steps),
        "hoger": sum(step < 0 for step in steps),
    }
    parts = [counted(number, f"keer {how}", f"keer {how}") for how, number in amounts.items() if number]
    points = counted(len(steps), "punt", "punten")
    return f"Op {points} staat ons oordeel naast de eigen score. Wij oordelen {listed(parts)}."


def reaction_lead(report: Report) -> str:
    """What the provider could do with the concept, and did."""
    dates = report.dates
    until = f" tot en met {day(dates.reaction_due)}" if dates.reaction_due else ""
    if report.is_concept:
        return (
            f"De aanbieder kan{until} melden wat in dit concept feitelijk niet klopt. "
            "Elke reactie en ons antwoord komen in het definitieve rapport."
        )
    got = dates.concept_received_on or dates.concept_sent_on
    sent = f" op {day(got)}" if got else ""
    react = f" en kon{until} reageren" if until else ""
    return f"De aanbieder kreeg het conceptrapport{sent}{react}. {_reaction(report)}"


def _reaction(report: Report) -> str:
    received = report.dates.reaction_received_on
    when = f" op {day(received)}" if received else ""
    if report.remarks:
        return f"De reactie kwam{when} en bevatte {counted(len(report.remarks), 'punt', 'punten')}."
    if received:
        return f"De aanbieder liet{when} weten dat er geen opmerkingen zijn."
    return "Er kwam geen reactie."
