"""Every race commits its rows, and leaves books that add up."""

import pytest


@pytest.fixture(autouse=True)
def _committed_and_checked(request: pytest.FixtureRequest, transactional_db: None) -> None:
    """Give each test committed rows, and check the books after it."""
    request.getfixturevalue("books_hold")
