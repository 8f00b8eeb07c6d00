"""How often a log-in code may be sent to one phone, and what was typed as one."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

CODE_LENGTH = 6
VALID_FOR = timedelta(minutes=5)
TRIES_MAX = 5
# Within each span at most so many codes: people mistype, and every message costs.
SENDING_LIMITS = (
    (timedelta(seconds=60), 1),
    (timedelta(hours=1), 5),
    (timedelta(days=1), 10),
)
LONGEST_SPAN = max(span for span, _count in SENDING_LIMITS)


def sending_wait_s(sent_at: Sequence[datetime], now: datetime) -> int:
    """Return in how many whole seconds another code may be sent; 0 means now.

    Parameters
    ----------
    sent_at
        When codes were sent to the phone, in any order; those older than
        `LONGEST_SPAN` do not matter.
    now
        The moment somebody asks for another.

    Returns
    -------
    int
        The longest wait that any limit of `SENDING_LIMITS` asks for, rounded up.
    """
    newest_first = sorted(sent_at, reverse=True)
    waits = [
        math.ceil((newest_first[count - 1] + span - now).total_seconds())
        for span, count in SENDING_LIMITS
        if len(newest_first) >= count
    ]
    return max([0, *waits])


def typed_code(text: str) -> str:
    """Return the digits of what somebody typed or pasted: '１２３ 456' is '123456'."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
