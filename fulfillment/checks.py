"""What must be right before papers can be drawn, checked when a process starts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from fulfillment.errors import PaperTemplateUnreadable
from fulfillment.integrations.paper_templates import templates_read
from fulfillment.papers.fonts import PaperFontMissing, register_fonts


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
