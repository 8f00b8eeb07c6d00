"""From an address to places: who is asked, and what became of the answer.

The provider is a setting. With none, nobody outside hears of an address.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from geopy.exc import GeocoderQueryError, GeocoderQuotaExceeded, GeocoderRateLimited, GeopyError
from geopy.geocoders import Nominatim
from geopy.location import Location

from leaders.domain.coordinates import CoordSystem, Place, place_in_china
from leaders.errors import GeocodingUnavailable, PlaceOutOfRange
from leaders.integrations.geocoding_http import BoundedAdapter
from leaders.integrations.geocoding_services import AmapGeocoder, BaiduGeocoder

logger = logging.getLogger(__name__)

NONE = "none"
PLACES_MOST = 5


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One place an address may mean: what the service calls it, and where it is (WGS-84)."""

    label: str
    place: Place


class GeocodingProvider(Protocol):
    """Somebody who knows where addresses are."""

    def places(self, address: str) -> tuple[FoundPlace, ...]:
        """Return the places an address may mean, likeliest first; none if it is unknown.

        Raises `GeocodingUnavailable` if nobody answers, or nobody may be asked any more.
        """
        ...


@dataclass(frozen=True, slots=True)
class NoGeocoder:
    """Knows no address and asks nobody."""

    def places(self, address: str) -> tuple[FoundPlace, ...]:
        """Refuse: there is no search."""
        raise GeocodingUnavailable(_("There is no address search here."))


@dataclass(frozen=True, slots=True)
class GeopyProvider:
    """A geopy geocoder, and the system its coordinates are in."""

    name: str
    ask: Callable[[str], Sequence[Location] | None]
    system: CoordSystem

    def places(self, address: str) -> tuple[FoundPlace, ...]:
        """Return at most five places, those outside China left out."""
        try:
            found = self.ask(address) or ()
        except GeocoderQueryError:
            # The service cannot make anything of these words.
            return ()
        except (GeocoderQuotaExceeded, GeocoderRateLimited) as error:
            self._report(error)
            raise GeocodingUnavailable(
                _("Too many addresses are being searched for. Please try again later.")
            ) from error
        # What has another shape than documented ends as one of the last four.
        except (GeopyError, AttributeError, KeyError, TypeError, ValueError) as error:
            self._report(error)
            raise GeocodingUnavailable(_("The address search does not answer.")) from error
        return tuple(self._in_china(found))[:PLACES_MOST]

    def _in_china(self, found: Sequence[Location]) -> list[FoundPlace]:
        places = []
        for location in found:
            try:
                place = place_in_china(location.longitude, location.latitude, self.system)
            except PlaceOutOfRange:
                continue
            places.append(FoundPlace(str(location.address), place))
        return places

    def _report(self, error: Exception) -> None:
        # Not its words: geopy puts the address it called there, and that holds the key.
        logger.warning("Geocoder %s failed: %s", self.name, type(error).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocoderSettings:
    """How a service is reached; `url` without a path, empty for its own address."""

    name: str
    key: str
    url: str
    timeout_s: float


def _nominatim(given: GeocoderSettings) -> GeopyProvider:
    parts = urlsplit(given.url)
    geocoder = Nominatim(
        domain=parts.netloc + parts.path.rstrip("/"),
        scheme=parts.scheme,
        user_agent="tuanpei",
        timeout=given.timeout_s,
        adapter_factory=BoundedAdapter,
    )

    def ask(address: str) -> Any:
        return geocoder.geocode(
            address, exactly_one=False, limit=PLACES_MOST, country_codes="cn", language="zh"
        )

    return GeopyProvider(given.name, ask, CoordSystem.WGS84)


def _baidu(given: GeocoderSettings) -> GeopyProvider:
    url = given.url.rstrip("/") or "https://api.map.baidu.com"
    geocoder = BaiduGeocoder(
        given.key, url=url, timeout=given.timeout_s, adapter_factory=BoundedAdapter
    )
    return GeopyProvider(given.name, geocoder.geocode, CoordSystem.BD09)


def _amap(given: GeocoderSettings) -> GeopyProvider:
    url = given.url.rstrip("/") or "https://restapi.amap.com"
    geocoder = AmapGeocoder(
        given.key, url=url, timeout=given.timeout_s, adapter_factory=BoundedAdapter
    )
    return GeopyProvider(given.name, geocoder.geocode, CoordSystem.GCJ02)


# By the name the setting GEOCODER knows them under.
GEOCODERS: Mapping[str, Callable[[GeocoderSettings], GeocodingProvider]] = {
    NONE: lambda _given: NoGeocoder(),
    "nominatim": _nominatim,
    "baidu": _baidu,
    "amap": _amap,
}
KEY_NEEDED = frozenset({"baidu", "amap"})
# Its public server asks not to be used for other people's applications.
URL_NEEDED = frozenset({"nominatim"})
