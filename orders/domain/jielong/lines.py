"""A pasted text cut into posts: chains with their rows, and what people said one by one.

Nothing is lost on the way: a line is part of a header, a row, something
somebody said, or it is listed as passed over with the reason.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from orders.domain.jielong.text import clean

START = re.compile(r"#\s*(?:接龙|接力|Group\s*Note)\s*", re.IGNORECASE)
_ROW = re.compile(r"(\d{1,3})\s*(?:\.|、|\)|:(?!\d))\s*(.*)", re.DOTALL)
_EXAMPLE = re.compile(r"(?:示例|例如|例|格式)\s*[::]?\s")
_DASHES = re.compile(r"(?:[-—–─_]\s*){5,}")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_DAY = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}日|昨天|今天|星期.)"
_STAMPED = re.compile(rf"\[?(?:{_DAY}\s*)?{_CLOCK}\]?\s+(?P<name>[^:]{{1,30}}):\s*(?P<said>.*)")
_SENDER_AT = re.compile(rf"(?P<name>\S.{{0,29}}?)\s+(?:{_DAY}\s*)?{_CLOCK}")
_SENDER = re.compile(r"(?P<name>[^:#]{1,30}):")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class PassedOver(StrEnum):
    """Why a line is neither header nor row."""

    SENDER = "sender"
    QUOTE = "quote"
    CHATTER = "chatter"
    MARKUP = "markup"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Passed:
    """A line that was passed over; `line_no` counts from 1 in the pasted text."""

    line_no: int
    text: str
    why: PassedOver


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was written; without a number it was said, not listed."""

    line_no: int
    number: int | None
    raw: str
    text: str
    sender: str = ""
    answers_quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One posted chain (`is_chain`), or what was said outside any chain."""

    line_no: int
    is_chain: bool
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that counts, with who said it."""

    line_no: int
    raw: str
    text: str
    sender: str
    answers_quote: bool


def posts_of(text: str) -> tuple[tuple[Post, ...], tuple[Passed, ...]]:
    """Cut a text into posts in the order in which they stand, and list what was passed over."""
    lines, passed = _lines(text)
    posts = []
    said: list[_Line] = []
    at = 0
    while at < len(lines):
        if not START.match(lines[at].text):
            said.append(lines[at])
            at += 1
            continue
        posts += _said(said)
        said = []
        end = _chain_end(lines, at)
        posts.append(_chain(lines[at:end]))
        at = end
    return (*posts, *_said(said)), tuple(passed)


def row_parts(text: str, expected: int | None) -> tuple[int, str] | None:
    """The number of a row and what follows, or None; `expected` is the next number of the chain.

    `7.50-9.20` is a time and no row 7, unless row 7 is the next one.
    """
    found = _ROW.fullmatch(text)
    if found is None:
        return None
    number, rest = int(found[1]), found[2]
    if rest[:1].isdigit() and text[found.end(1) : found.start(2)] == "." and number != expected:
        return None
    return number, rest.strip()


def _lines(text: str) -> tuple[list[_Line], list[Passed]]:
    """The lines that count; senders, quotes and markup are passed over by name."""
    lines: list[_Line] = []
    passed: list[Passed] = []
    sender, quoted = "", False
    pasted, offset = _title_of(text)
    if offset is not None:
        passed.append(Passed(1, text[:200], PassedOver.MARKUP))
    for line_no, raw in enumerate(pasted.splitlines(), start=offset or 1):
        line = clean(raw)
        if not line:
            continue
        if _DASHES.fullmatch(line) or line.startswith("「"):
            passed.append(Passed(line_no, raw, PassedOver.QUOTE))
            quoted = True
            continue
        name, message = _sender(line, in_chain=bool(lines) and _is_listed(lines, line))
        if name:
            sender, quoted = name, False
        if message != line and (not message or START.match(message)):
            passed.append(Passed(line_no, raw, PassedOver.SENDER))
        if not message:
            continue
        lines.append(_Line(line_no, raw.strip(), message, sender, quoted))
        quoted = False
    return lines, passed


def _title_of(text: str) -> tuple[str, int | None]:
    """The text inside a stored message of type 53, and the line it begins in; or all of it."""
    found = _TITLE.search(text) if text.lstrip().startswith("<") else None
    if found is None:
        return text, None
    return html.unescape(found[1]), text.count("\n", 0, found.start(1)) + 1


def _is_listed(lines: Sequence[_Line], line: str) -> bool:
    return row_parts(line, None) is not None and any(START.match(x.text) for x in lines[-40:])


def _sender(line: str, *, in_chain: bool) -> tuple[str, str]:
    """Who a line of a copied chat names as its sender, and the rest of the line."""
    if found := _STAMPED.fullmatch(line):
        return found["name"].strip(), found["said"].strip()
    if in_chain or row_parts(line, None) is not None:
        return "", line
    if found := _SENDER_AT.fullmatch(line) or _SENDER.fullmatch(line):
        return found["name"].strip(), ""
    name, colon, said = line.partition(":")
    if colon and START.match(said.strip()) and not START.match(line):
        return name.strip(), said.strip()
    return "", line


def _chain_end(lines: Sequence[_Line], start: int) -> int:
    """Where a chain ends: at the next chain, or where somebody else begins to speak."""
    for at in range(start + 1, len(lines)):
        if START.match(lines[at].text) or lines[at].sender != lines[start].sender:
            return at
        if lines[at].answers_quote:
            return at
    return len(lines)


def _chain(lines: Sequence[_Line]) -> Post:
    first = _rows_begin(lines)
    title = START.sub("", lines[0].text, count=1).strip()
    header = [title] if title else []
    header += [line.text for line in lines[1:first]]
    rows: list[Row] = []
    for line in lines[first:]:
        expected = rows[-1].number + 1 if rows and rows[-1].number is not None else 1
        parts = row_parts(line.text, expected)
        if parts is not None:
            rows.append(Row(line.line_no, parts[0], line.raw, parts[1]))
        else:
            last = rows[-1]
            rows[-1] = Row(
                last.line_no, last.number, f"{last.raw}\n{line.raw}", f"{last.text} {line.text}"
            )
    line_no = lines[0].line_no
    return Post(line_no=line_no, is_chain=True, header=tuple(header), rows=tuple(rows))


def _rows_begin(lines: Sequence[_Line]) -> int:
    """The row with which the list begins: the last one numbered 1, for menus are numbered too."""
    numbered = [
        (at, parts[0])
        for at, line in enumerate(lines)
        if at and not _EXAMPLE.match(line.text) and (parts := row_parts(line.text, 1)) is not None
    ]
    ones = [at for at, number in numbered if number == 1]
    if ones:
        return ones[-1]
    return numbered[0][0] if numbered else len(lines)


def _said(lines: Sequence[_Line]) -> list[Post]:
    """What was said outside a chain as one post; numbered lines keep their numbers."""
    if not lines:
        return []
    rows = []
    for line in lines:
        parts = row_parts(line.text, None)
        number, text = parts if parts is not None else (None, line.text)
        rows.append(Row(line.line_no, number, line.raw, text, line.sender, line.answers_quote))
    return [Post(line_no=lines[0].line_no, is_chain=False, header=(), rows=tuple(rows))]
