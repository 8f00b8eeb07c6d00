"""What tests of the orders app may use."""

from collections.abc import Iterator

import pytest

from tests.factories.tills import Till


@pytest.fixture
def till(db: None) -> Iterator[Till]:
    """A shop whose payment provider lives in memory."""
    with Till().open() as till:
        yield till
