"""Mail addresses as people type them, one per line."""

import re

# What a mail server takes, short of asking it: one @, a domain with a dot, no blanks.
_ADDRESS = re.compile(r"[^\s@,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LENGTH_MOST = 254


def addresses(text: str) -> tuple[str, ...]:
    """The addresses of a text in their order, each once; empty lines are left out."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def is_address(text: str) -> bool:
    """Whether a mail server would take it as an address."""
    return len(text) <= LENGTH_MOST and _ADDRESS.fullmatch(text) is not None
