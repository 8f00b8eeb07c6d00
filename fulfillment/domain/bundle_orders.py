"""Understands ``orders.csv``: one row per line, all of them already paid.

A paid order is a fact, so nothing is dropped for being unwise: caps, limits
and clocks are checked afterwards in `fulfillment.domain.bundle_checks` and only
warned about. A row is refused where it cannot be understood, and the rest of
its order goes on.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from fulfillment.domain.bundle import BundleLine, BundleOrder, Finding, ImportWarning
from fulfillment.domain.bundle_cells import ImportLog, RowCells, Window
from fulfillment.domain.bundle_format import (
    DOOR_LIMIT,
    LEADER_CODE_LIMIT,
    LINE_LIMIT_FEN,
    ORDER_NO_LIMIT,
    PERSON_LIMIT,
    PRICE_LIMIT_FEN,
    QTY_LIMIT,
    RESIDENT_CODE_LIMIT,
    SKU_CODE_LIMIT,
    Sheet,
    SheetRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What the lines of an order may refer to.

    `price_fen_of_sku` holds the listed price of every known SKU.
    """

    leader_codes: Container[str]
    price_fen_of_sku: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What all lines of one order share."""

    order_no: str
    leader_code: str
    resident_code: str
    resident_name: str
    resident_phone: str
    building: str
    room: str
    placed_at: datetime
    paid_at: datetime


HEAD_COLUMNS = tuple(column.name for column in fields(_Head))


@dataclass(slots=True)
class _Draft:
    """An order that is still being read."""

    head: _Head
    row: int
    lines: dict[str, BundleLine] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one spelling of a head was understood; `head` is None when it was refused."""

    head: _Head | None
    faults: tuple[ImportWarning, ...]


class _OrderSheet:
    """Reads the sheet row by row and gathers orders.

    A head is understood once per spelling: the 8 lines of an order repeat the
    same nine cells, and most of the time of an import would go into them.
    """

    def __init__(self, sheet: Sheet, catalogue: Catalogue, window: Window, log: ImportLog) -> None:
        self.file = sheet.file
        self.catalogue = catalogue
        self.window = window
        self.log = log
        self.drafts: dict[str, _Draft] = {}
        self.readings: dict[tuple[str, ...], _Reading] = {}
        self.refused_rows: dict[str, int] = {}

    def read(self, row: SheetRow) -> None:
        """Take one row into its order, or refuse it."""
        cells = RowCells(self.log, self.file, row)
        head = self._head(cells)
        line = self._line(cells)
        if cells.refused or head is None:
            self.refused_rows.setdefault(cells.raw("order_no"), row.number)
            return
        draft = self.drafts.get(head.order_no)
        if draft is None:
            draft = self.drafts[head.order_no] = _Draft(head, row.number)
        elif not self._belongs(cells, draft, head):
            return
        first = draft.lines.setdefault(line.sku_code, line)
        if first is not line:
            cells.refuse(
                Finding.SKU_REPEATED,
                order_no=head.order_no,
                code=line.sku_code,
                first_row=first.row,
            )
        elif line.unit_price_fen != self.catalogue.price_fen_of_sku[line.sku_code]:
            cells.warn(
                Finding.PRICE_DIFFERS,
                code=line.sku_code,
                paid_fen=line.unit_price_fen,
                listed_fen=self.catalogue.price_fen_of_sku[line.sku_code],
            )

    def _head(self, cells: RowCells) -> _Head | None:
        spelling = tuple(cells.row.cells[column] for column in HEAD_COLUMNS)
        reading = self.readings.get(spelling)
        if reading is None:
            reading = self.readings[spelling] = self._understand_head(cells)
        elif reading.head is None:
            for fault in reading.faults:
                cells.refuse(fault.finding, **fault.params)
        return reading.head

    def _understand_head(self, cells: RowCells) -> _Reading:
        scratch = ImportLog()
        own = RowCells(scratch, self.file, SheetRow(cells.row.number, cells.row.cells))
        leader_code = own.code("leader_code", LEADER_CODE_LIMIT)
        if not own.refused and leader_code not in self.catalogue.leader_codes:
            own.refuse(Finding.LEADER_UNKNOWN, code=leader_code)
        resident_code = own.code("resident_code", RESIDENT_CODE_LIMIT)
        head = _Head(
            order_no=own.code("order_no", ORDER_NO_LIMIT),
            leader_code=leader_code,
            resident_code=resident_code,
            resident_name=own.text("resident_name", PERSON_LIMIT, fallback=resident_code),
            resident_phone=own.phone("resident_phone"),
            building=own.text("building", DOOR_LIMIT),
            room=own.text("room", DOOR_LIMIT),
            placed_at=own.moment("placed_at", self.window),
            paid_at=own.moment("paid_at", self.window),
        )
        self.log.warnings.extend(scratch.warnings)
        if own.refused:
            cells.refused = True
            return _Reading(None, tuple(scratch.warnings))
        return _Reading(head, ())

    def _line(self, cells: RowCells) -> BundleLine:
        code = cells.code("sku_code", SKU_CODE_LIMIT)
        if code and code not in self.catalogue.price_fen_of_sku:
            cells.refuse(Finding.SKU_UNKNOWN, code=cells.short("sku_code"))
        qty = cells.whole("qty", 1, QTY_LIMIT)
        price_limit_fen = min(PRICE_LIMIT_FEN, LINE_LIMIT_FEN // qty)
        return BundleLine(
            row=cells.row.number,
            sku_code=code,
            qty=qty,
            unit_price_fen=cells.whole("unit_price_fen", 0, price_limit_fen),
        )

    def _belongs(self, cells: RowCells, draft: _Draft, head: _Head) -> bool:
        """Whether a row is a further line of the order that its number names.

        Two orders under one number cannot be told apart by anything later on,
        so the first one stands. A name or door that is spelled differently is
        no second order.
        """
        if head == draft.head:
            return True
        first = draft.head
        for column in ("leader_code", "resident_code", "placed_at", "paid_at"):
            if getattr(head, column) != getattr(first, column):
                cells.refuse(
                    Finding.ORDER_CONFLICTS,
                    order_no=head.order_no,
                    column=column,
                    first_row=draft.row,
                )
                return False
        cells.warn(Finding.ORDER_DETAILS_DIFFER, order_no=head.order_no, first_row=draft.row)
        return True


def read_orders(
    sheet: Sheet, *, catalogue: Catalogue, window: Window, log: ImportLog
) -> tuple[BundleOrder, ...]:
    """Understand the orders sheet.

    Parameters
    ----------
    sheet
        The rows of ``orders.csv``.
    catalogue
        The leaders and SKUs of the bundle.
    window
        The campaign's window, into which bare times of day belong.
    log
        Receives the findings.

    Returns
    -------
    tuple of BundleOrder
        In the order in which their numbers first appear; an order of which
        every line was refused is not among them, and is logged as such.
    """
    reader = _OrderSheet(sheet, catalogue, window, log)
    for row in sheet.rows:
        reader.read(row)
    for order_no, row_number in reader.refused_rows.items():
        if order_no and order_no not in reader.drafts:
            log.add(sheet.file, row_number, Finding.ORDER_EMPTY, order_no=order_no[:ORDER_NO_LIMIT])
    return tuple(_finished(draft) for draft in reader.drafts.values())


def _finished(draft: _Draft) -> BundleOrder:
    head = draft.head
    return BundleOrder(
        row=draft.row,
        order_no=head.order_no,
        leader_code=head.leader_code,
        resident_code=head.resident_code,
        resident_name=head.resident_name,
        resident_phone=head.resident_phone,
        building=head.building,
        room=head.room,
        placed_at=head.placed_at,
        paid_at=head.paid_at,
        lines=tuple(draft.lines.values()),
    )
