"""How deep a request's calls lie does not decide how long they take."""

import resource
from collections.abc import Iterable
from typing import Any

from wlzthuis.wsgi import with_room

CALLS = 2000


def test_no_depth_of_calls_takes_memory_again_and_again() -> None:
    faults: list[int] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        faults.extend(_faults_at(depth) for depth in range(300))
        return []

    with_room(application)({}, None)
    assert max(faults) < CALLS / 4


def _faults_at(depth: int) -> int:
    """How often the system gave memory while a loop at this depth made its calls."""
    if depth:
        return _faults_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        _nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def _nothing() -> None:
    pass


# Larger than the frame that calls it, so that at the edge of a chunk there is a depth where it does not fit.
_nothing.__code__ = _nothing.__code__.replace(co_stacksize=100)
