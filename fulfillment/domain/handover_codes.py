"""Handover codes (交接码): six digits on the leader's page that prove two people met.

A code belongs to one stop and one slice of ten minutes. It is a keyed hash, as
in RFC 4226 (HOTP) with the slice in place of the counter, so it needs no table
and no network on the driver's phone: what was typed offline is checked when it
arrives.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

CODE_LENGTH = 6
SLICE_S = 600
# What arrives so soon after it was entered was entered online.
LIVE = timedelta(minutes=2)
# What was typed without a network may be so old; each slice more is a code more to guess.
OFFLINE_MAX = timedelta(hours=4)
# So many wrong codes of a stop within the span, and it waits.
WRONG_MAX = 5
WRONG_SPAN = timedelta(minutes=10)


def slice_no(moment: datetime) -> int:
    """Return the number of the slice of ten minutes that an aware moment lies in."""
    return int(moment.timestamp()) // SLICE_S


def code_of(key: bytes, stop_id: int, slice_number: int) -> str:
    """Return the six digits of a stop in a slice."""
    digest = hmac.digest(key, f"{stop_id}:{slice_number}".encode(), hashlib.sha256)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**CODE_LENGTH:0{CODE_LENGTH}}"


def slices_accepted(*, entered_at: datetime, since: datetime, now: datetime) -> range:
    """Return the slices whose codes count for an entry.

    Parameters
    ----------
    entered_at
        When the phone says the code was typed.
    since
        When we know that the driver had not been there yet: the arrival we
        heard of, or the last word before it.
    now
        When the entry reached us.

    Returns
    -------
    range
        Of an entry that was sent at once, the present slice and the one
        before. Of one that waited for a network, all since `since`, and the
        slice before, but none older than `OFFLINE_MAX`.
    """
    last = slice_no(now)
    if abs(now - entered_at) <= LIVE:
        return range(last - 1, last + 1)
    first = slice_no(min(now, max(since, now - OFFLINE_MAX)))
    return range(first - 1, last + 1)


def is_code_right(key: bytes, stop_id: int, typed: str, slices: Iterable[int]) -> bool:
    """Whether what was typed is the code of a stop in one of these slices.

    Takes as long for a wrong code as for a right one.
    """
    digits = "".join(character for character in typed if character.isdecimal())
    found = [
        hmac.compare_digest(code_of(key, stop_id, number).encode(), digits.encode())
        for number in slices
    ]
    return any(found)
