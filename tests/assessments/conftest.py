"""What every test of the assessments starts from."""

from pathlib import Path
from typing import Any

import pytest

from norms.models import FrameworkVersion
from tests import factories


@pytest.fixture
def editions(db: None) -> list[FrameworkVersion]:
    """The two real editions: the norm and the addendum."""
    return factories.editions()


@pytest.fixture
def private_folder(settings: Any, tmp_path: Path) -> Path:
    """Uploads of this test go to a folder of its own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path
