"""The words of the demo, from the YAML files beside this module."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def texts(name: str) -> dict[str, Any]:
    """The content of one of them."""
    path = Path(__file__).parent / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
