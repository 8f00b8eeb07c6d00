"""Text colours can be read on every surface they are used on."""

import re

import pytest
from django.conf import settings

AA_TEXT = 4.5
TOKENS = dict(
    re.findall(
        r"--([a-z-]+): (#[0-9a-f]{6});",
        (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8"),
    )
)


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        (text, surface)
        for text in ("ink", "ink-soft", "ink-faint", "accent", "accent-strong")
        for surface in ("surface", "paper", "surface-sunken")
    ]
    + [(tone, f"{tone}-soft") for tone in ("caution", "danger", "info")]
    + [("accent-strong", "accent-soft"), ("ink-inverse", "accent"), ("ink", "caution-soft")]
    + [("price", "surface"), ("price", "price-soft"), ("ink-inverse", "price")],
)
def test_text_reaches_aa(text: str, surface: str) -> None:
    assert contrast(TOKENS[text], TOKENS[surface]) >= AA_TEXT


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
