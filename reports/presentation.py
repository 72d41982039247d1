"""What the report's template shows: the content in rows, with words, figures and places to link to."""

import string
from dataclasses import dataclass

from reports import charts, wording
from reports.content import Action, Item, Report

# A cover holds this many rows; with more items it lists the codes per judgement instead.
COVER_ROWS = 9
VERDICTS = {"adopted": "Overgenomen", "partly": "Deels overgenomen", "rejected": "Niet overgenomen"}


@dataclass(frozen=True)
class Chapter:
    """A chapter or annex with its number or letter, by which others refer to it."""

    key: str
    number: str
    title: str

    @property
    def anchor(self) -> str:
        return f"h{self.number}"

    @property
    def template(self) -> str:
        return f"reports/pdf/{self.key}.html"


@dataclass(frozen=True)
class Row:
    """One judged item with the words that go with it."""

    item: Item
    label: str
    own_level: str
    own_label: str
    difference: str
    must: tuple[tuple[str, str], ...]
    starts_group: bool

    @property
    def is_silent(self) -> bool:
        """Nothing was noted: the three labels would only say so three times."""
        return not (self.item.good or self.item.better or self.must)


def context(report: Report, sha256: str) -> dict[str, object]:
    """Everything the template needs; it computes nothing itself."""
    labels: dict[str, str] = {level.code: level.label for level in report.scale}
    rows = judged_rows(report, labels)
    groups = [sha256[start : start + 8] for start in range(0, len(sha256), 8)]
    places = {item.code: number for number, item in enumerate(report.items, start=1)}
    parts = [row for row in rows if row.item is not report.whole]
    chapters = numbered(report)
    return {
        "report": report,
        "chapters": chapters,
        "chapter_of": {chapter.key: chapter for chapter in chapters},
        "rows": rows,
        "hero": next((row for row in rows if row.item is report.whole), None),
        "cover_rows": parts if len(parts) <= COVER_ROWS else [],
        "cover_groups": cover_groups(report, labels),
        "actions": [(action, places[action.item]) for action in report.actions],
        "sha_lines": [" ".join(groups[:4]), " ".join(groups[4:])],
        "created": report.dates.settled_on or report.dates.concept_sent_on,
        "running": wording.running_line(report),
        "footing": f"{wording.version_line(report)} · kenmerk {groups[0]}",
        "title_size": title_size(report.provider.name),
        "places": wording.places(report),
        "period": wording.period(report.visit.started_on, report.visit.ended_on),
        "going_well": [item.good[0] for item in report.parts if item.good][:4],
        "overview_lead": wording.overview_lead(report),
        "plot": charts.dot_plot(rows, labels),
        "timeline": charts.timeline(report),
        "counts": counts(report),
        "sources": [
            (label, number, wording.listed(codes), charts.unit_dots(number))
            for label, number, codes in report.findings_by_source()
        ],
        "remarks": [
            (remark, VERDICTS.get(remark.verdict or "", "Nog niet beantwoord")) for remark in report.remarks
        ],
        "passages": report.passage_numbers(),
        "reaction_lead": wording.reaction_lead(report),
    }


def numbered(report: Report) -> list[Chapter]:
    """The chapters by number and the annexes by letter, in the order of the report's template."""
    chapters = [Chapter(row.key, str(n), row.title) for n, row in enumerate(report.chapters, start=1)]
    annexes = [
        Chapter(row.key, letter, row.title)
        for letter, row in zip(string.ascii_uppercase, report.annexes, strict=False)
    ]
    return [*chapters, *annexes]


def judged_rows(report: Report, labels: dict[str, str]) -> list[Row]:
    """All items in reading order; a second whole starts a new group."""
    rows = []
    for index, item in enumerate(report.items):
        own_level, own_label = own_score(report, item, labels)
        rows.append(
            Row(
                item=item,
                label=labels[item.level],
                own_level=own_level,
                own_label=own_label,
                difference=difference(item),
                must=obligations(item, report.actions_of(item)),
                starts_group=item.is_whole and index > 0,
            )
        )
    return rows


def own_score(report: Report, item: Item, labels: dict[str, str]) -> tuple[str, str]:
    """(mark, words) of the provider's own score, also where there is none."""
    if item.own is not None:
        return item.own.level, labels.get(item.own.level, "Niet van toepassing")
    if not item.own_asked:
        return "none", "Niet gevraagd"
    return "none", "Niet ingevuld" if report.self_assessment else "Niet ingediend"


def difference(item: Item) -> str:
    """The distance to the own score in words."""
    steps = item.steps_below_own
    if steps is None:
        return "n.v.t."
    if steps == 0:
        return "gelijk"
    return f"{abs(steps)} {'lager' if steps > 0 else 'hoger'}"


def obligations(item: Item, actions: list[Action]) -> tuple[tuple[str, str], ...]:
    """What must be better as (action number, text); an action in other words is added, never lost."""
    numbers = {action.text: action.number for action in actions}
    listed = tuple((numbers.get(text, ""), text) for text in item.must)
    return listed + tuple((action.number, action.text) for action in actions if action.text not in item.must)


def cover_groups(report: Report, labels: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """(level, words, codes) per judgement that was given."""
    codes: dict[str, list[str]] = {level: [] for level in labels}
    for item in report.parts:
        codes[item.level].append(item.code)
    return [(level, labels[level], codes[level]) for level in labels if codes[level]]


def title_size(name: str) -> str:
    """The cover's class for a title of this length."""
    return "" if len(name) <= 45 else "long" if len(name) <= 80 else "crowded"


def counts(report: Report) -> list[tuple[int, str]]:
    """The visit in figures, each with its word in singular or plural."""
    figures = report.visit.counts
    words = (
        (figures.interviews, "gesprek", "gesprekken"),
        (figures.files, "dossier van een cliënt", "dossiers van cliënten"),
        (figures.home_visits, "huisbezoek, met toestemming", "huisbezoeken, met toestemming"),
        (figures.documents, "document van de aanbieder", "documenten van de aanbieder"),
        (report.visit.inspectors, "inspecteur", "inspecteurs"),
    )
    return [(number, one if number == 1 else more) for number, one, more in words]
