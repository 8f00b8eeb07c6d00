"""A day of our books against a provider's bill (对账): every disagreement, and no other.

Payments and refunds are matched by our own number. A payment belongs to the
local day on which the provider says it succeeded, in our books as in the bill,
so one of 23:59:59 that we heard of after midnight is in the same day twice. A
refund is in the bill of the day on which the provider accepted it, which may be
earlier than the day on which it succeeded, and only the bill tells which one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from orders.domain.gateway import Bill, BillRow, BillRowKind, RefundStatus, TradeState


class DifferenceKind(StrEnum):
    """How our books and the bill can disagree."""

    PAYMENT_MISSING_IN_BILL = "payment_missing_in_bill"
    PAYMENT_UNKNOWN_TO_US = "payment_unknown_to_us"
    PAYMENT_AMOUNT = "payment_amount"
    PAYMENT_STATE = "payment_state"
    REFUND_MISSING_IN_BILL = "refund_missing_in_bill"
    REFUND_UNKNOWN_TO_US = "refund_unknown_to_us"
    REFUND_AMOUNT = "refund_amount"
    REFUND_STATE = "refund_state"
    DUPLICATE_ROW = "duplicate_row"
    TOTALS = "totals"


_K = DifferenceKind
MISSING = {
    BillRowKind.PAYMENT: _K.PAYMENT_MISSING_IN_BILL,
    BillRowKind.REFUND: _K.REFUND_MISSING_IN_BILL,
}
UNKNOWN = {
    BillRowKind.PAYMENT: _K.PAYMENT_UNKNOWN_TO_US,
    BillRowKind.REFUND: _K.REFUND_UNKNOWN_TO_US,
}
OTHER_AMOUNT = {BillRowKind.PAYMENT: _K.PAYMENT_AMOUNT, BillRowKind.REFUND: _K.REFUND_AMOUNT}
OTHER_STATE = {BillRowKind.PAYMENT: _K.PAYMENT_STATE, BillRowKind.REFUND: _K.REFUND_STATE}

# The states in which a row of a bill counts. A payment stays one when it is
# refunded; the refund has a row of its own, and counts once it is accepted.
COUNTED_STATES = {
    BillRowKind.PAYMENT: frozenset({TradeState.SUCCESS.value, TradeState.REFUND.value}),
    BillRowKind.REFUND: frozenset({RefundStatus.SUCCESS.value, RefundStatus.PROCESSING.value}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OurMove:
    """A payment or refund as our books have it.

    Parameters
    ----------
    state
        Our state of it, for people.
    settled_on
        The local day of its success, None while it has none.
    is_given_up
        It never will succeed.
    is_due
        It must be in this bill, because it is in no earlier one and cannot be
        in a later one.
    """

    kind: BillRowKind
    number: str
    amount_fen: int
    state: str
    settled_on: date | None
    is_due: bool
    is_given_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One disagreement: what we have and what the bill has, None where there is nothing."""

    kind: DifferenceKind
    number: str
    ours_fen: int | None
    theirs_fen: int | None
    detail: str = ""


def bill_differences(moves: Iterable[OurMove], bill: Bill) -> list[Difference]:
    """Compare a day of our books with the bill of that day.

    Parameters
    ----------
    moves
        All our moves of the provider that must be in the bill, and whatever
        else we have under a number that the bill has.
    bill
        The provider's bill.

    Returns
    -------
    list of Difference
        Empty if both agree. A number gets at most one difference of a kind;
        the order is that of the kinds, then of the numbers.
    """
    ours = {(move.kind, move.number): move for move in moves}
    theirs: defaultdict[tuple[BillRowKind, str], list[BillRow]] = defaultdict(list)
    for row in bill.rows:
        theirs[row.kind, row.number].append(row)
    found = [
        *_missing(ours, theirs),
        *(
            difference
            for key, rows in theirs.items()
            for difference in _of_rows(ours.get(key), rows, bill.bill_date)
        ),
        *_totals(bill),
    ]
    order = list(DifferenceKind)
    return sorted(found, key=lambda item: (order.index(item.kind), item.number))


def _missing(
    ours: Mapping[tuple[BillRowKind, str], OurMove],
    theirs: Mapping[tuple[BillRowKind, str], Sequence[BillRow]],
) -> Iterable[Difference]:
    for key, move in ours.items():
        if move.is_due and key not in theirs:
            yield Difference(
                kind=MISSING[move.kind],
                number=move.number,
                ours_fen=move.amount_fen,
                theirs_fen=None,
                detail=f"{move.state} / -",
            )


def _of_rows(move: OurMove | None, rows: Sequence[BillRow], day: date) -> Iterable[Difference]:
    first, *more = rows
    if more:
        yield Difference(
            kind=DifferenceKind.DUPLICATE_ROW,
            number=first.number,
            ours_fen=0,
            theirs_fen=sum(row.amount_fen for row in more if is_counted(row)),
            detail=f"× {len(rows)}",
        )
    if move is None:
        yield Difference(
            kind=UNKNOWN[first.kind],
            number=first.number,
            ours_fen=None,
            theirs_fen=first.amount_fen,
            detail=f"- / {first.state}",
        )
        return
    if not _do_states_agree(move, first, day):
        when = move.settled_on.isoformat() if move.settled_on else "-"
        yield Difference(
            kind=OTHER_STATE[first.kind],
            number=first.number,
            ours_fen=move.amount_fen if move.settled_on is not None else 0,
            theirs_fen=first.amount_fen if is_counted(first) else 0,
            detail=f"{move.state} {when} / {first.state} {day.isoformat()}",
        )
    elif move.amount_fen != first.amount_fen:
        yield Difference(
            kind=OTHER_AMOUNT[first.kind],
            number=first.number,
            ours_fen=move.amount_fen,
            theirs_fen=first.amount_fen,
        )


def _do_states_agree(move: OurMove, row: BillRow, day: date) -> bool:
    settled = move.settled_on
    if not is_counted(row):
        return settled is None
    if row.kind == BillRowKind.PAYMENT:
        return settled == day
    if row.state == RefundStatus.SUCCESS.value:
        return settled is not None and settled >= day
    # On its way when the bill was made: here it is still, or it ended later.
    return not move.is_given_up if settled is None else settled > day


def _totals(bill: Bill) -> Iterable[Difference]:
    printed = {
        "rows": (len(bill.rows), bill.total_rows),
        "payments": (_listed_fen(bill, BillRowKind.PAYMENT), bill.total_payments_fen),
        "refunds": (_listed_fen(bill, BillRowKind.REFUND), bill.total_refunds_fen),
        "fees": (fees_of(bill), bill.total_fee_fen),
    }
    for name, (added_up, total) in printed.items():
        if added_up != total:
            yield Difference(
                kind=DifferenceKind.TOTALS,
                number=name,
                ours_fen=added_up,
                theirs_fen=total,
            )


def counted_fen(bill: Bill, kind: BillRowKind) -> int:
    """Add up the rows of a kind that count."""
    return sum(row.amount_fen for row in bill.rows if row.kind == kind and is_counted(row))


def is_counted(row: BillRow) -> bool:
    """Whether a row stands for money that has come in or is going back."""
    return row.state in COUNTED_STATES[row.kind]


def fees_of(bill: Bill) -> int:
    """Add up what the provider kept; negative if it gave back more on refunds."""
    return sum(row.fee_fen for row in bill.rows)


def _listed_fen(bill: Bill, kind: BillRowKind) -> int:
    return sum(row.amount_fen for row in bill.rows if row.kind == kind)
