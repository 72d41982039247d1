"""A small valid edition to break, and the product's own norms."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import factories

SMALL: dict[str, Any] = {
    "framework": {"code": "klein", "name": "Klein kader", "type": "norm", "publisher": "Wij"},
    "edition": "2020-01-01",
    "title": "Klein kader",
    "summary": "Om mee te proeven.",
    "valid_from": "2020-01-01",
    "valid_until": None,
    "minutes": 5,
    "step": 9,
    "source": {"title": "Bron", "publisher": "Wij", "published_on": None, "url": None},
    "scale": "four-point-1",
    "items": [
        {
            "code": "K",
            "kind": "theme",
            "filled_by": [],
            "section": True,
            "title": "Thema",
            "source_ref": "regel 1",
            "children": [
                {
                    "code": code,
                    "kind": kind,
                    "filled_by": ["provider"],
                    "title": f"Vraag {code}",
                    "source_ref": "regel 2",
                    **extra,
                }
                for code, kind, extra in (
                    ("K.1", "judgement", {}),
                    ("K.2", "check", {}),
                    ("K.3", "figure", {"unit": "procent"}),
                    (
                        "K.4",
                        "choice",
                        {"options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]},
                    ),
                    (
                        "K.5",
                        "table",
                        {
                            "table": {
                                "rows": [{"code": "night", "label": "Nacht"}],
                                "columns": [{"code": "reached", "label": "Bereikt", "kind": "check"}],
                            }
                        },
                    ),
                )
            ],
        }
    ],
    "signals": [
        {
            "code": "let-op",
            "item": "K.1",
            "title": "Let op",
            "text": "Dit ontbreekt.",
            "advice": "Regel het.",
            "source_ref": "regel 3",
            "when": {"any": [{"item": "K.2", "in": ["no"]}, {"item": "K.3", "below": 2}]},
        }
    ],
}

Write = Callable[..., Path]


@pytest.fixture
def small() -> dict[str, Any]:
    """The content of a small edition, free to change."""
    return copy.deepcopy(SMALL)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write content as a norm file and return its path."""

    def _write(content: object, name: str = "kader.yaml") -> Path:
        path = tmp_path / name
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        path.write_text(text, "utf-8")
        return path

    return _write


@pytest.fixture
def product_norms() -> None:
    """All norms of the product, loaded; other tests of the norms have none but their own."""


@pytest.fixture(autouse=True)
def own_norms(request: pytest.FixtureRequest, norms: None) -> None:
    if request.node.get_closest_marker("django_db") and "product_norms" not in request.fixturenames:
        factories.remove_norms()
