"""Bearer tokens of the API: how long they live, and what we keep of them."""

import hashlib
from datetime import timedelta

VALID_FOR = timedelta(days=60)


def token_digest(token: str) -> str:
    """Return what is kept of a token: 64 hexadecimal digits.

    A token is 256 random bits, so a plain SHA-256 cannot be turned back and
    is found by one look at an index.
    """
    return hashlib.sha256(token.encode()).hexdigest()
