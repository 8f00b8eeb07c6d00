"""What must be right before papers are drawn and roads asked for, checked at the start."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from fulfillment.errors import PaperTemplateUnreadable
from fulfillment.integrations.paper_templates import templates_read
from fulfillment.integrations.travel_roads import ROAD_SERVICES
from fulfillment.papers.fonts import PaperFontMissing, register_fonts
from fulfillment.routing.travel import ESTIMATE


def check_fonts(**_options: Any) -> Sequence[CheckMessage]:
    """Both faces are there and have a real glyph for every 汉字 of the papers' own words."""
    try:
        register_fonts(Path(settings.FONTS_DIR))
    except PaperFontMissing as error:
        hint = "`make setup` fetches the fonts; FONTS_DIR says where they lie."
        return [Error(str(error), hint=hint, id="fulfillment.E001")]
    return []


def check_templates(**_options: Any) -> Sequence[CheckMessage]:
    """Every file of the operator's templates can be used."""
    try:
        templates_read(settings.PAPER_TEMPLATES_DIR)
    except PaperTemplateUnreadable as error:
        hint = "docs/howto/change-a-paper.md names the files, the keys and their limits."
        return [Error(error.message, hint=hint, id="fulfillment.E002")]
    return []


def check_travel(**_options: Any) -> Sequence[CheckMessage]:
    """The provider of distances is known, and can be asked."""
    hint = "docs/howto/use-real-roads.md"
    if settings.TRAVEL_PROVIDER == ESTIMATE:
        return []
    if settings.TRAVEL_PROVIDER not in ROAD_SERVICES:
        known = ", ".join([ESTIMATE, *sorted(ROAD_SERVICES)])
        message = f"TRAVEL_PROVIDER is {settings.TRAVEL_PROVIDER!r}; there are {known}."
        return [Error(message, hint=hint, id="fulfillment.E003")]
    found: list[CheckMessage] = []
    if not _is_web_address(settings.TRAVEL_URL):
        message = f"TRAVEL_URL must be the address of {settings.TRAVEL_PROVIDER}: http://host:port."
        found.append(Error(message, hint=hint, id="fulfillment.E004"))
    amounts = (settings.TRAVEL_TIMEOUT_S, settings.TRAVEL_TOTAL_S, settings.TRAVEL_CACHE_DAYS)
    if min(amounts) <= 0 or settings.TRAVEL_TABLE_SIZE < 0:
        message = "TRAVEL_TIMEOUT_S, TRAVEL_TOTAL_S and TRAVEL_CACHE_DAYS must be positive."
        found.append(Error(message, hint=hint, id="fulfillment.E005"))
    return found


def _is_web_address(url: str) -> bool:
    parts = urlsplit(url)
    is_bare = not (parts.query or parts.fragment or parts.username)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and is_bare
