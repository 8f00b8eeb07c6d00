"""The geocoding services of China as geopy geocoders, each in its own words.

Baidu's answers are in BD-09 and Amap's in GCJ-02; `leaders.integrations.geocoding`
converts both. Sources: Baidu web service "geocoding v3", Amap web service "geocode/geo".
"""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderServiceError,
)
from geopy.geocoders import BaiduV3
from geopy.geocoders.base import Geocoder
from geopy.location import Location

# Amap's numbers of refusal (infocode).
_AMAP_OK = "10000"
_AMAP_QUOTA = {"10003", "10004", "10014", "10015", "10019", "10020", "10021", "10029", "10044"}
_AMAP_KEY = {"10001", "10002", "10005", "10006", "10007", "10008", "10009", "10012", "10013"}
# It knows no such place; both services say so in an answer that looks like a failure.
_AMAP_UNKNOWN_PLACE = {"30001"}
_BAIDU_NO_RESULT = "无相关结果"
# Baidu's numbers of refusal (status): what it cannot read, and what it will not count.
_BAIDU_UNREADABLE = {2, 8}
_BAIDU_QUOTA = {4, *range(300, 500)}
_BAIDU_KEY = {3, 5, 9, *range(100, 300)}

Found = list[Location] | None


class BaiduGeocoder(BaiduV3):
    """geopy's geocoder for Baidu, at an address of one's own.

    It answers with one place at most; its text is the address that was asked for.
    """

    def __init__(self, api_key: str, *, url: str, timeout: float, adapter_factory: Any) -> None:
        super().__init__(api_key, timeout=timeout, adapter_factory=adapter_factory)
        self.api = f"{url}{self.api_path}"

    def geocode(self, query: str, *, exactly_one: bool = True, timeout: float = 0) -> Found:
        """Return the place of an address as a list, or None."""
        params = {"ak": self.api_key, "output": "json", "address": query}
        url = self._construct_url(self.api, self.api_path, params)
        found: Found = self._call_geocoder(
            url, partial(self._read, query), timeout=timeout or self.timeout
        )
        return found

    def _read(self, query: str, page: dict[str, Any]) -> Found:
        result = page.get("result")
        if not result:
            status, words = int(page["status"]), str(page.get("msg", page.get("message", "")))
            if status == 0 or _BAIDU_NO_RESULT in words:
                return None
            raise _baidu_refusal(status, words)
        place = result["location"]
        return [Location(query, (place["lat"], place["lng"]), result)]


class AmapGeocoder(Geocoder):
    """A geopy geocoder for Amap, which geopy itself does not know."""

    api_path = "/v3/geocode/geo"

    def __init__(self, api_key: str, *, url: str, timeout: float, adapter_factory: Any) -> None:
        super().__init__(timeout=timeout, adapter_factory=adapter_factory)
        self.api_key = api_key
        self.api = f"{url}{self.api_path}"

    def geocode(self, query: str, *, exactly_one: bool = True, timeout: float = 0) -> Found:
        """Return the places of an address, or None."""
        params = urlencode({"key": self.api_key, "output": "JSON", "address": query})
        found: Found = self._call_geocoder(
            f"{self.api}?{params}", self._read, timeout=timeout or self.timeout
        )
        return found

    def _read(self, page: dict[str, Any]) -> Found:
        infocode = str(page.get("infocode", ""))
        if infocode in _AMAP_UNKNOWN_PLACE:
            return None
        if str(page.get("status")) != "1" or infocode != _AMAP_OK:
            raise _amap_refusal(infocode, str(page.get("info", "")))
        return [
            Location(str(found["formatted_address"]), _lat_lng(str(found["location"])), found)
            for found in page.get("geocodes", [])
        ] or None


def _baidu_refusal(status: int, words: str) -> Exception:
    """The refusal in geopy's words; geopy's own table takes an unknown key for a bad question."""
    kind = GeocoderServiceError
    if status in _BAIDU_UNREADABLE:
        kind = GeocoderQueryError
    elif status in _BAIDU_KEY:
        kind = GeocoderAuthenticationFailure
    elif status in _BAIDU_QUOTA:
        kind = GeocoderQuotaExceeded
    refusal: Exception = kind(words)
    return refusal


def _amap_refusal(infocode: str, info: str) -> Exception:
    """The refusal in geopy's words."""
    kind = GeocoderServiceError
    if infocode in _AMAP_KEY:
        kind = GeocoderAuthenticationFailure
    elif infocode in _AMAP_QUOTA:
        kind = GeocoderQuotaExceeded
    elif infocode.startswith("2"):
        kind = GeocoderQueryError
    refusal: Exception = kind(info)
    return refusal


def _lat_lng(pair: str) -> tuple[float, float]:
    lng, lat = pair.split(",")
    return float(lat), float(lng)
