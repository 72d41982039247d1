"""The measurements themselves; Django is set up when this is imported."""

from collections.abc import Callable
from functools import partial

from bench import cases, data, report
from bench.browser import Reply, Wrong
from bench.outcome import Growth, Outcome
from bench.timing import in_turns

AIM, REPORT_AIM = 2.0, 1.5
WARM_UP, REPORT_ROUNDS = 5, 10
# Letter, title, how to ask it, rounds, whether it is measured at both sizes.
REQUESTS: list[tuple[str, str, Callable[[int, data.Facts], cases.Pair], int, bool]] = [
    ("a", "page with all items of all", cases.fill_in, 40, True),
    ("b", "saving one answer", cases.answer, 150, True),
    ("c", "list of 50 with progress", cases.handed_in, 100, True),
    ("d", "starting a self-assessment", cases.start, 100, False),
    ("f", "worklist of an inspector", cases.worklist, 100, True),
    ("g", "criterion at a visit", cases.criterion, 100, True),
]
# Every start takes a provider and year that had none: portal and floor in turns, and once for counting.
STARTS = 2 * (WARM_UP + 100 + 1)


def requests(ports: tuple[int, int], facts: data.Facts) -> tuple[list[Outcome], list[Growth]]:
    """Every request of the portal beside its floor, and on the small database beside the large one."""
    outcomes, growths = [], []
    for letter, title, case, rounds, grows in REQUESTS:
        small, large = (case(port, facts) for port in ports)
        calls = {"portal": large.portal, "floor": large.floor}
        if grows:
            calls["small"] = small.portal
        times = in_turns({name: partial(_seconds, call) for name, call in calls.items()}, rounds, WARM_UP)
        # Afterwards: the first request of a process has statements of its own, for its connection.
        counts = large.portal(count=True).statements, large.floor(count=True).statements
        outcomes.append(Outcome(letter, title, AIM, times["portal"], times["floor"], *counts))
        if grows:
            fewer = small.portal(count=True).statements
            growths.append(Growth(letter, title, times["small"], times["portal"], fewer, counts[0]))
    return outcomes, growths


def check_sizes(port: int, facts: data.Facts) -> None:
    """A floor must give as much HTML as the page above it. Raises Wrong."""
    for case in (cases.fill_in, cases.handed_in, cases.worklist, cases.criterion):
        pair = case(port, facts)
        page, floor = len(pair.portal().body), len(pair.floor().body)
        print(f"{page:,} characters, floor {floor:,} ({floor / page - 1:+.1%})")
        if not 0.9 <= floor / page <= 1.1:
            raise Wrong("The floor must be within 10 % of the page")


def pdf() -> Outcome:
    frozen = data.report_content()
    portal = report.portal(frozen)
    pages = portal().pages
    floor = report.floor(frozen, pages)
    times = in_turns({"portal": report.timed(portal), "floor": report.timed(floor)}, REPORT_ROUNDS, warm_up=1)
    return Outcome("e", f"report of {pages} pages as PDF", REPORT_AIM, times["portal"], times["floor"])


def _seconds(call: Callable[[], Reply]) -> float:
    return call().seconds
