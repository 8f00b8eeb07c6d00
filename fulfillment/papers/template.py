"""What an operator may change on a paper without code.

A template is data: words, which optional columns are shown, who signs, how
high a row is. What a paper is for (its order of lines, its figures, its codes)
is not in it, so no template can make a paper wrong.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fulfillment.errors import PaperTemplateUnreadable
from fulfillment.papers.numbering import Document

TITLE_LONGEST = 16
NOTE_LONGEST = 60
NOTES_MOST = 3
SIGNATURES_MOST = 5
SIGNATURE_LONGEST = 14
ROW_HEIGHTS_MM = (7.0, 20.0)
PHONE_FORM = re.compile(r"[0-9+ ()-]{3,24}")

# Columns a paper is still a paper without.
OPTIONAL_COLUMNS: Mapping[Document, tuple[str, ...]] = {
    Document.PURCHASE_ORDER: ("number", "code", "surplus"),
    Document.RECEIVING_SHEET: ("unit", "weights", "temperature", "batch", "photo"),
    Document.CHECK_LIST: ("number", "place", "sku", "unit"),
    Document.LOAD_SHEET: ("bulky", "pieces", "seal"),
    Document.DELIVERY_NOTE: ("number", "sku", "unit", "ordered"),
    Document.HAND_OUT_LIST: ("pickup_no", "short"),
}
# Rows a label is still a label without, by its kind.
OPTIONAL_LINES = (
    "tote.leader",
    "tote.stop",
    "tote.pieces",
    "portion.sold",
    "portion.refund",
    "portion.weigher",
    "pallet.sku",
    "pallet.batch",
    "pallet.expiry",
    "pallet.origin",
    "item.pieces",
    "item.leader",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTemplate:
    """The changeable parts of one kind of paper; empty parts stay as shipped.

    Attributes
    ----------
    title
        In place of the paper's name.
    head_notes, foot_notes
        Lines printed under the head and behind the signatures.
    hidden_columns
        Of `OPTIONAL_COLUMNS`.
    signatures
        In place of the last line of names to sign with.
    row_height_mm
        The least height of a row; 0 as shipped.
    service_phone
        Whom a leader or driver calls.
    hidden_lines
        Of `OPTIONAL_LINES`; of labels only.
    """

    title: str = ""
    head_notes: tuple[str, ...] = ()
    foot_notes: tuple[str, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    row_height_mm: float = 0.0
    service_phone: str = ""
    hidden_lines: tuple[str, ...] = ()


SHIPPED = PaperTemplate()


def read_template(file: str, document: Document, text: str) -> PaperTemplate:
    """Return the template a TOML text describes.

    Raises
    ------
    PaperTemplateUnreadable
        If it is no TOML, or says something no paper can do; the message names
        the file and the key.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PaperTemplateUnreadable(f"{file} is not TOML: {error}", file=file) from error
    readers = _READERS_OF_LABELS if document is Document.LABELS else _READERS
    template: dict[str, Any] = {}
    for key, value in found.items():
        if key not in readers:
            known = ", ".join(readers)
            raise _unreadable(file, key, f"there is no such key; there are {known}")
        try:
            template[key] = readers[key](value, document)
        except ValueError as error:
            raise _unreadable(file, key, str(error)) from error
    return PaperTemplate(**template)


def _unreadable(file: str, key: str, why: str) -> PaperTemplateUnreadable:
    return PaperTemplateUnreadable(f"{file}, key {key}: {why}.", file=file, key=key)


def _words(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write a text in quotes")
    if len(value) > longest:
        raise ValueError(f"at most {longest} characters fit, these are {len(value)}")
    return value.strip()


def _list(value: Any, most: int, longest: int) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('write a list, for example ["one", "two"]')
    if len(value) > most:
        raise ValueError(f"at most {most} fit, these are {len(value)}")
    return tuple(_words(item, longest) for item in value)


def _title(value: Any, _document: Document) -> str:
    return _words(value, TITLE_LONGEST)


def _notes(value: Any, _document: Document) -> tuple[str, ...]:
    return _list(value, NOTES_MOST, NOTE_LONGEST)


def _signatures(value: Any, _document: Document) -> tuple[str, ...]:
    return _list(value, SIGNATURES_MOST, SIGNATURE_LONGEST)


def _hidden_columns(value: Any, document: Document) -> tuple[str, ...]:
    if document not in OPTIONAL_COLUMNS:
        raise ValueError("no column of this paper can be hidden")
    return _hidden(value, OPTIONAL_COLUMNS[document])


def _hidden_lines(value: Any, _document: Document) -> tuple[str, ...]:
    return _hidden(value, OPTIONAL_LINES)


def _hidden(value: Any, optional: tuple[str, ...]) -> tuple[str, ...]:
    hidden = _list(value, len(optional), NOTE_LONGEST)
    for name in hidden:
        if name not in optional:
            raise ValueError(f"{name} cannot be hidden; these can: {', '.join(optional)}")
    return tuple(sorted(set(hidden)))


def _row_height(value: Any, document: Document) -> float:
    least, most = ROW_HEIGHTS_MM
    if document not in OPTIONAL_COLUMNS:
        raise ValueError("the rows of this paper have the height of what is in them")
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"write millimetres from {least:g} to {most:g}")
    return float(value)


def _phone(value: Any, _document: Document) -> str:
    phone = _words(value, 24)
    if not PHONE_FORM.fullmatch(phone):
        raise ValueError("write digits, spaces, + ( ) and -")
    return phone


_READERS: Mapping[str, Callable[[Any, Document], Any]] = {
    "title": _title,
    "head_notes": _notes,
    "foot_notes": _notes,
    "hidden_columns": _hidden_columns,
    "signatures": _signatures,
    "row_height_mm": _row_height,
    "service_phone": _phone,
}
_READERS_OF_LABELS: Mapping[str, Callable[[Any, Document], Any]] = {"hidden_lines": _hidden_lines}
