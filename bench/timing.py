"""Taking turns, so that what else the machine does hits every side of a comparison alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Times:
    """Median and 95th percentile, in milliseconds."""

    median: float
    p95: float


def in_turns(calls: Mapping[str, Callable[[], float]], rounds: int, warm_up: int) -> dict[str, Times]:
    """Call each (it gives its seconds) once a round; the first rounds do not count.

    There and back, so that none always comes after the one that warmed the processor's caches for it.
    """
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    for turn in range(warm_up + rounds):
        for name in names:
            taken = calls[name]()
            if turn >= warm_up:
                seconds[name].append(taken)
        names.reverse()
    return {name: _times(taken) for name, taken in seconds.items()}


def _times(seconds: list[float]) -> Times:
    return Times(median(seconds) * 1000, quantiles(seconds, n=20)[18] * 1000)
