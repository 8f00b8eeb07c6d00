"""The wire to a road service: one JSON answer, bounded in time and size, asked for again once."""

import json
import time
from typing import Any

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from fulfillment.route_errors import TravelQuestionRefused, TravelUnavailable

# A block of 145 by 145 pairs with its waypoints is below 1 MB.
MOST_BYTES = 16 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_TRIES = 2
_WORDS_SHOWN = 200
_TOO_MANY_REQUESTS = 429
# Uncompressed: what is counted is what is read.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tuanpei"}


class RoadLine:
    """Questions to the service at one address, over kept connections; of one thread.

    Redirects are not followed: whoever answers there is not the one the
    operator has named.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()

    def ask(
        self, path: str, *, body: dict[str, object] | None = None, within_s: float
    ) -> dict[str, Any]:
        """Return the decoded object that answers a GET of `path`, or a POST of `body`.

        A try ends after `within_s` seconds, whatever keeps trickling in. A
        service that fails, hangs or garbles is asked once more.

        Raises
        ------
        TravelQuestionRefused
            If it answers with a status of 4xx.
        TravelUnavailable
            If it does not answer, twice, or not with a JSON object.
        """
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._asked(path, body, within_s)
            except _WorthAnotherTry as trouble:
                if not tries_left:
                    raise TravelUnavailable(str(trouble)) from trouble
        raise AssertionError("a last try returns or raises")

    def _asked(self, path: str, body: dict[str, object] | None, within_s: float) -> dict[str, Any]:
        ends_at = time.monotonic() + within_s
        try:
            with self._session.request(
                "GET" if body is None else "POST",
                self._url + path,
                json=body,
                headers=_HEADERS,
                timeout=within_s,
                allow_redirects=False,
                stream=True,
            ) as answer:
                content = _content(answer, ends_at)
        except (requests.RequestException, HTTPError) as error:
            raise _WorthAnotherTry(_("The road service does not answer.")) from error
        _require_success(answer.status_code, content)
        return _object(content)


class _WorthAnotherTry(Exception):
    """What may be over in a moment."""


def _content(answer: requests.Response, ends_at: float) -> bytes:
    content = bytearray()
    # Piece by piece as it arrives: reading whole chunks would wait for slow ones.
    while piece := answer.raw.read1(_CHUNK_BYTES, decode_content=False):
        content += piece
        if len(content) > MOST_BYTES:
            raise TravelUnavailable(_("The road service's answer is too large."))
        if time.monotonic() > ends_at:
            raise _WorthAnotherTry(_("The road service is too slow."))
    return bytes(content)


def _require_success(status: int, content: bytes) -> None:
    if status >= requests.codes.server_error or status == _TOO_MANY_REQUESTS:
        raise _WorthAnotherTry(
            _("The road service fails (status %(status)s).") % {"status": status}
        )
    if status >= requests.codes.bad_request:
        words = content[:_WORDS_SHOWN].decode(errors="replace")
        raise TravelQuestionRefused(_("The road service refuses: %(words)s") % {"words": words})
    if status != requests.codes.ok:
        raise TravelUnavailable(
            _("The road service sends us elsewhere (status %(status)s); TRAVEL_URL must name it.")
            % {"status": status}
        )


def _object(content: bytes) -> dict[str, Any]:
    try:
        decoded = json.loads(content)
    except ValueError as error:
        raise _WorthAnotherTry(_("The road service's answer cannot be read.")) from error
    if not isinstance(decoded, dict):
        raise TravelUnavailable(_("The road service's answer cannot be read."))
    return decoded
