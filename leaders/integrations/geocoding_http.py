"""The wire to a geocoding service: one answer, bounded in time and size.

Redirects are not followed: whoever answers there is not the one the operator
has named. Bounding is ours to do; geopy's own adapters wait for a service that
keeps trickling.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import requests
from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderTimedOut, GeocoderUnavailable
from urllib3.exceptions import HTTPError

MOST_BYTES = 1024 * 1024
_CHUNK_BYTES = 16 * 1024


class BoundedAdapter(BaseSyncAdapter):
    """What geopy asks through."""

    def __init__(self, *, proxies: object, ssl_context: object) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        """Return the decoded answer to a GET of `url`."""
        try:
            return json.loads(self.get_text(url, timeout=timeout, headers=headers))
        except ValueError as error:
            raise GeocoderParseError("the answer is no JSON") from error

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Return the answer to a GET of `url`; it may take `timeout` seconds in all."""
        ends_at = time.monotonic() + timeout
        try:
            with requests.get(
                url,
                headers={**headers, "Accept-Encoding": "identity"},
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                text = _content(answer, ends_at).decode(errors="replace")
        except requests.Timeout as error:
            raise GeocoderTimedOut("no answer in time") from error
        except (requests.RequestException, HTTPError) as error:
            raise GeocoderUnavailable("no answer") from error
        if answer.status_code != requests.codes.ok:
            raise AdapterHTTPError(
                f"status {answer.status_code}",
                status_code=answer.status_code,
                headers=answer.headers,
                text=text,
            )
        return text


def _content(answer: requests.Response, ends_at: float) -> bytes:
    content = bytearray()
    # Piece by piece as it arrives: reading whole chunks would wait for slow ones.
    while piece := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
        content += piece
        if len(content) > MOST_BYTES:
            raise GeocoderParseError("the answer is too large")
        if time.monotonic() > ends_at:
            raise GeocoderTimedOut("no whole answer in time")
    return bytes(content)
