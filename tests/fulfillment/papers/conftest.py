"""Papers in English, with the project's fonts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from fulfillment.papers.fonts import register_fonts


@pytest.fixture(scope="session", autouse=True)
def _paper_fonts() -> None:
    register_fonts(Path(settings.FONTS_DIR))


@pytest.fixture(autouse=True)
def _english_papers() -> Iterator[None]:
    with translation.override("en"):
        yield
