"""What every test of the assessments starts from."""

import pytest

from norms.models import FrameworkVersion
from tests import factories


@pytest.fixture
def editions(db: None) -> list[FrameworkVersion]:
    """The two real editions: the norm and the addendum."""
    return factories.editions()
