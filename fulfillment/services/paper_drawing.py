"""Small papers drawn in this process, while somebody waits for them; none of them is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.utils import translation

from fulfillment.papers.fonts import register_fonts

# A drawing sets up its fonts in tables of the whole process.
_drawing = Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw one paper at a time, with the papers' fonts and in their language."""
    with _drawing, translation.override(settings.LANGUAGE_CODE):
        _fonts_once(Path(settings.FONTS_DIR))
        yield


@cache
def _fonts_once(folder: Path) -> None:
    """Load the papers' fonts into this process, the first time it draws."""
    register_fonts(folder)
