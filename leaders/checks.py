"""What must be right before addresses are looked for, checked at the start."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from leaders.integrations.geocoding import GEOCODERS, KEY_NEEDED, URL_NEEDED


def check_geocoder(**_options: Any) -> Sequence[CheckMessage]:
    """The address search is known, and has the key and the address it needs."""
    name, url = settings.GEOCODER, settings.GEOCODER_URL
    if name not in GEOCODERS:
        return [_wrong(f"GEOCODER is {name!r}; there are {', '.join(GEOCODERS)}.")]
    if name in KEY_NEEDED and not settings.GEOCODER_KEY:
        return [_wrong(f"GEOCODER_KEY must be the key of {name}.")]
    parts = urlsplit(url)
    is_address = parts.scheme in ("http", "https") and parts.netloc
    if (url or name in URL_NEEDED) and not is_address:
        return [_wrong(f"GEOCODER_URL must be the address of {name}: https://host.")]
    return []


def _wrong(message: str) -> Error:
    return Error(message, hint="docs/operations.md", id="leaders.E001")
