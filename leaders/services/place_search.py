"""Looking for the place of an address, with the service the operator has chosen."""

from django.conf import settings

from leaders.integrations.geocoding import (
    GEOCODERS,
    NONE,
    FoundPlace,
    GeocoderSettings,
)

ADDRESS_LENGTH_MAX = 120


def has_place_search() -> bool:
    """Whether there is a service to ask."""
    return bool(settings.GEOCODER != NONE)


def places_find(*, address: str) -> tuple[FoundPlace, ...]:
    """Return the places an address may mean, likeliest first; none if it is unknown.

    The operator's city is put before an address that does not name it. Asks
    somebody else's server, so it is called outside of transactions.

    Raises `GeocodingUnavailable` if there is no answer.
    """
    given = GeocoderSettings(
        name=settings.GEOCODER,
        key=settings.GEOCODER_KEY,
        url=settings.GEOCODER_URL,
        timeout_s=settings.GEOCODER_TIMEOUT_S,
    )
    words = " ".join(address.split())[:ADDRESS_LENGTH_MAX]
    city = settings.GEOCODER_CITY
    if city and city not in words:
        words = f"{city}{words}"
    return GEOCODERS[given.name](given).places(words)
