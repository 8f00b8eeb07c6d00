"""D6 item label: one piece for one door."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.domain.label_codes import LabelCode
from fulfillment.papers.labels.sheet import LabelSheet, Row, draw_label
from fulfillment.papers.labels.sizes import Printing
from fulfillment.papers.paper import RenderedPaper
from leaders.domain.phones import mask_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLabel:
    """One piece of one SKU of one resident; the name is masked when printed.

    Attributes
    ----------
    product_no
        The SKU's number in the leader's list, from 1.
    piece_no, pieces
        The piece among those of its SKU at the point.
    door_piece_no, door_pieces
        The piece among all those of its building at the point.
    """

    code: LabelCode
    building: str
    room: str
    pickup_no: str
    resident_name: str
    product_no: int
    sku_name: str
    unit: str
    piece_no: int
    pieces: int
    door_piece_no: int
    door_pieces: int
    slot: str
    leader_name: str


def render_item_labels(
    title: str, labels: Sequence[ItemLabel], printing: Printing
) -> RenderedPaper:
    """Draw the labels in the given order into one file."""
    sheet = LabelSheet(title, printing)
    for label in labels:
        draw_label(sheet, door_word(label.room, label.pickup_no), _rows(label), label.code)
    return RenderedPaper(
        pdf=sheet.finish(), pages=sheet.pages, lines=sheet.labels, pieces=len(labels)
    )


def door_word(room: str, pickup_no: str) -> str:
    """The big word: the room, or the pickup number of somebody without one."""
    return room.strip() or pickup_words(pickup_no) or "—"


def pickup_words(pickup_no: str) -> str:
    """The pickup number as people say it."""
    return _("No. %(number)s") % {"number": pickup_no} if pickup_no else ""


def door_parts(building: str, pickup_no: str, resident_name: str) -> tuple[str, ...]:
    """Building, pickup number and masked name, those that are known."""
    parts = (building, pickup_words(pickup_no), mask_name(resident_name))
    return tuple(part for part in parts if part.strip())


def _rows(label: ItemLabel) -> tuple[Row, ...]:
    door = door_parts(label.building, label.pickup_no, label.resident_name)
    product = _("piece %(number)s") % {"number": f"{label.piece_no}/{label.pieces}"}
    building = _("in the building %(number)s") % {
        "number": f"{label.door_piece_no}/{label.door_pieces}"
    }
    return (
        Row(strong=True, lines=2, parts=door),
        Row(f"{label.product_no}. {label.sku_name} / {label.unit}", lines=2),
        Row(f"{product}  {building}", key="item.pieces"),
        Row(f"{label.slot}  {label.leader_name}".strip(), lines=2, key="item.leader"),
    )
