"""Every test of the API begins with empty throttles."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    """What earlier tests called is not counted."""
    cache.clear()
