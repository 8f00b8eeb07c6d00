"""What is printed, as data: its hash, and the same content in another print.

A content is a frozen dataclass, or a tuple of them, whose leaves are text,
numbers, dates and enums. Two contents of one hash are one paper printed
twice: the hash covers everything on the page but the revision, the time of
printing and the printer's name.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import Any

from fulfillment.papers.numbering import read_code, with_revision
from fulfillment.papers.paper import Print, Stamp

# Left out of the hash: when, by whom, and for the how manyeth time.
OF_THE_PRINT = {"revision", "printed_at", "printed_by"}
# These hold the revision at their end.
NUMBERED = {"number", "code"}


def content_hash(content: Any) -> str:
    """Return the SHA-256 of what is printed, as 64 hexadecimal digits.

    Raises `TypeError` for a value whose text is not the same in every
    process, such as a set or a lazy translation.
    """
    digest = hashlib.sha256()
    for token in _tokens(content):
        digest.update(token.encode())
    return digest.hexdigest()


def sheets_of(content: Any) -> Iterator[Any]:
    """Every sheet within a content: what carries a stamp of its own."""
    if isinstance(content, tuple):
        for item in content:
            yield from sheets_of(item)
    elif hasattr(content, "stamp"):
        yield content


def sheet_scope(stamp: Stamp) -> str:
    """What the code of a sheet names: a supplier, a SKU, a slot or a route."""
    parts = read_code(stamp.code.rpartition("/")[2])
    return parts.scope if parts else stamp.number


def printed_as(content: Any, print_of: Callable[[Stamp], Print]) -> Any:
    """Return the same content with the stamp of each sheet made anew for a print."""
    if isinstance(content, tuple):
        return tuple(printed_as(item, print_of) for item in content)
    if hasattr(content, "stamp"):
        return replace(content, stamp=_stamp_as(content.stamp, print_of(content.stamp)))
    return content


def _stamp_as(stamp: Stamp, printing: Print) -> Stamp:
    return replace(
        stamp,
        number=with_revision(stamp.number, printing.revision),
        code=with_revision(stamp.code, printing.revision),
        revision=printing.revision,
        printed_at=printing.printed_at,
        printed_by=printing.printed_by,
    )


def _tokens(value: Any) -> Iterator[str]:
    """A value as text that says where each of its parts ends."""
    if isinstance(value, tuple):
        yield f"[{len(value)}"
        for item in value:
            yield from _tokens(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield f"({type(value).__name__}"
        for name in _printed_fields(type(value)):
            part = getattr(value, name)
            if name in NUMBERED and isinstance(value, Stamp):
                part = with_revision(part, 1)
            yield from _tokens(part)
    else:
        yield _leaf(value)


@lru_cache(maxsize=256)
def _printed_fields(kind: Any) -> tuple[str, ...]:
    left_out = OF_THE_PRINT if kind is Stamp else set()
    return tuple(field.name for field in fields(kind) if field.name not in left_out)


def _leaf(value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime | date | time):
        value = value.isoformat()
    if value is not None and not isinstance(value, str | int | float):
        raise TypeError(f"A paper cannot show a {type(value).__name__}.")
    text = str(value)
    return f"{type(value).__name__}{len(text)}:{text}"
