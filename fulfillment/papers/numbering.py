"""Document numbers and the short addresses inside the codes.

A number reads `C-0310A-3-07-r2`: which paper, delivery day and wave, scope,
revision. The code of the same paper is `C*0310A*3-07*2`, short enough for
the smallest QR symbol that scans well from paper.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Document(StrEnum):
    """The kinds of papers; the value names them in files and rows."""

    PURCHASE_ORDER = "purchase_order"
    RECEIVING_SHEET = "receiving_sheet"
    MASTER_LIST = "master_list"
    SOW_CARDS = "sow_cards"
    CHECK_LIST = "check_list"
    LOAD_SHEET = "load_sheet"
    ROUTE_SHEET = "route_sheet"
    DELIVERY_NOTE = "delivery_note"
    HAND_OUT_LIST = "hand_out_list"
    EXCEPTION_SHEET = "exception_sheet"
    DAY_CLOSE = "day_close"
    SHOPPING_LIST = "shopping_list"
    LABELS = "labels"


LETTERS = {
    Document.PURCHASE_ORDER: "P",
    Document.RECEIVING_SHEET: "G",
    Document.MASTER_LIST: "M",
    Document.SOW_CARDS: "S",
    Document.CHECK_LIST: "C",
    Document.LOAD_SHEET: "L",
    Document.ROUTE_SHEET: "R",
    Document.DELIVERY_NOTE: "D",
    Document.HAND_OUT_LIST: "H",
    Document.EXCEPTION_SHEET: "X",
    Document.DAY_CLOSE: "Z",
    Document.SHOPPING_LIST: "B",
    Document.LABELS: "T",
}


CODE_FORM = re.compile(r"([A-Z])\*(\d\d)(\d\d)([^*]*)\*([^*]+)\*(\d{1,4})")
# The end of a number and of a code, with or without a link around it.
REVISION_FORM = re.compile(r"(?<=-r)\d{1,4}$|(?<=\*)\d{1,4}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeParts:
    """What a paper's code says: which paper, of which day and wave."""

    document: Document
    month: int
    day: int
    wave: str
    scope: str
    revision: int


def batch_code(delivery_on: date, wave: str) -> str:
    """Day and wave in the form `0310A`."""
    return f"{delivery_on:%m%d}{wave}"


def document_number(document: Document, batch: str, scope: str, revision: int) -> str:
    """The number printed on the paper, for instance `S-0310A-K001-r1`."""
    return f"{LETTERS[document]}-{batch}-{scope}-r{revision}"


def document_code(document: Document, batch: str, scope: str, revision: int) -> str:
    """The address inside the paper's QR and Code128, for instance `S*0310A*K001*1`."""
    return f"{LETTERS[document]}*{batch}*{scope}*{revision}"


def with_revision(number_or_code: str, revision: int) -> str:
    """The same number or code, of another revision; a text without one stays as it is."""
    return REVISION_FORM.sub(str(revision), number_or_code)


def read_code(code: str) -> CodeParts | None:
    """What a scanned or typed code says; nothing if it is no paper's code."""
    documents = {letter: document for document, letter in LETTERS.items()}
    match = CODE_FORM.fullmatch(code.strip())
    if match is None or match[1] not in documents:
        return None
    return CodeParts(
        document=documents[match[1]],
        month=int(match[2]),
        day=int(match[3]),
        wave=match[4],
        scope=match[5],
        revision=int(match[6]),
    )


def replaced_revision(revision: int) -> str:
    """The revision this one replaces (`r1` for 2), or nothing for the first."""
    return f"r{revision - 1}" if revision > 1 else ""
