"""Our books against a bill: every planted error is found, and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.domain.gateway import Bill, BillRow, BillRowKind
from orders.domain.reconciliation import (
    Difference,
    DifferenceKind,
    OurMove,
    bill_differences,
    counted_fen,
    fees_of,
)
from orders.models.reconciliation import DifferenceKind as StoredKind

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
PAYMENT = BillRowKind.PAYMENT
REFUND = BillRowKind.REFUND


def move(kind: BillRowKind, number: str, amount_fen: int = 1000) -> OurMove:
    return OurMove(
        kind=kind,
        number=number,
        amount_fen=amount_fen,
        state="succeeded",
        settled_on=DAY,
        is_due=True,
    )


def row_of(ours: OurMove) -> BillRow:
    return BillRow(
        kind=ours.kind,
        number=ours.number,
        out_trade_no=f"{ours.number}-T",
        amount_fen=ours.amount_fen,
        fee_fen=6 if ours.kind == PAYMENT else -6,
        state="success",
        at=NOON,
    )


def bill_of(rows: Sequence[BillRow]) -> Bill:
    bill = Bill(
        provider="sandbox",
        bill_date=DAY,
        rows=tuple(rows),
        total_rows=len(rows),
        total_payments_fen=0,
        total_refunds_fen=0,
        total_fee_fen=0,
    )
    return replace(
        bill,
        total_payments_fen=sum(row.amount_fen for row in rows if row.kind == PAYMENT),
        total_refunds_fen=sum(row.amount_fen for row in rows if row.kind == REFUND),
        total_fee_fen=fees_of(bill),
    )


def test_books_and_bill_that_agree_have_no_difference() -> None:
    ours = [move(PAYMENT, "P1"), move(REFUND, "R1", 300)]

    assert bill_differences(ours, bill_of([row_of(mine) for mine in ours])) == []


def test_an_empty_day_agrees_with_an_empty_bill() -> None:
    assert bill_differences([], bill_of([])) == []


def test_a_refunded_payment_still_is_a_payment() -> None:
    ours = move(PAYMENT, "P1")

    assert bill_differences([ours], bill_of([replace(row_of(ours), state="refund")])) == []


def test_a_refund_on_its_way_on_both_sides_is_no_difference() -> None:
    ours = replace(move(REFUND, "R1"), state="submitted", settled_on=None, is_due=False)

    assert bill_differences([ours], bill_of([replace(row_of(ours), state="processing")])) == []


@pytest.mark.parametrize("state", ["processing", "success"])
def test_a_refund_may_end_after_the_day_on_which_it_was_accepted(state: str) -> None:
    late = replace(move(REFUND, "R1"), settled_on=DAY + timedelta(days=1), is_due=False)

    assert bill_differences([late], bill_of([replace(row_of(late), state=state)])) == []


@pytest.mark.parametrize(
    ("settled_on", "is_given_up", "state"),
    [
        pytest.param(DAY, False, "processing", id="ended_that_day_but_not_there"),
        pytest.param(DAY - timedelta(days=1), False, "success", id="ended_before_it_was_accepted"),
        pytest.param(None, True, "processing", id="given_up_here"),
    ],
)
def test_a_refund_that_cannot_have_gone_so_is_found(
    settled_on: date | None, is_given_up: bool, state: str
) -> None:
    ours = replace(move(REFUND, "R1"), settled_on=settled_on, is_given_up=is_given_up, is_due=False)

    (found,) = bill_differences([ours], bill_of([replace(row_of(ours), state=state)]))

    assert found.kind is DifferenceKind.REFUND_STATE


def test_a_refund_that_was_in_an_earlier_bill_is_not_missed() -> None:
    ours = replace(move(REFUND, "R1"), is_due=False)

    assert bill_differences([ours], bill_of([])) == []


Planted = tuple[list[OurMove], list[BillRow], DifferenceKind, int | None, int | None]


def missing(ours: OurMove) -> Planted:
    kind = DifferenceKind(f"{ours.kind.value}_missing_in_bill")
    return [ours], [], kind, ours.amount_fen, None


def unknown(ours: OurMove) -> Planted:
    kind = DifferenceKind(f"{ours.kind.value}_unknown_to_us")
    return [], [row_of(ours)], kind, None, ours.amount_fen


def other_amount(ours: OurMove) -> Planted:
    row = replace(row_of(ours), amount_fen=ours.amount_fen + 1)
    kind = DifferenceKind(f"{ours.kind.value}_amount")
    return [ours], [row], kind, ours.amount_fen, ours.amount_fen + 1


def unsettled_here(ours: OurMove) -> Planted:
    waiting = replace(ours, state="unknown", settled_on=None, is_due=False)
    kind = DifferenceKind(f"{ours.kind.value}_state")
    return [waiting], [row_of(ours)], kind, 0, ours.amount_fen


def unsettled_there(ours: OurMove) -> Planted:
    row = replace(row_of(ours), state="abnormal")
    return [ours], [row], DifferenceKind(f"{ours.kind.value}_state"), ours.amount_fen, 0


def another_day(ours: OurMove) -> Planted:
    early = replace(ours, settled_on=DAY - timedelta(days=1), is_due=False)
    kind = DifferenceKind(f"{ours.kind.value}_state")
    return [early], [row_of(ours)], kind, ours.amount_fen, ours.amount_fen


def twice(ours: OurMove) -> Planted:
    return [ours], [row_of(ours)] * 2, DifferenceKind.DUPLICATE_ROW, 0, ours.amount_fen


PLANTS: list[Callable[[OurMove], Planted]] = [
    missing,
    unknown,
    other_amount,
    unsettled_here,
    unsettled_there,
    another_day,
    twice,
]


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("kind", list(BillRowKind))
def test_a_planted_error_is_found_with_both_amounts(
    plant: Callable[[OurMove], Planted], kind: BillRowKind
) -> None:
    ours, rows, expected, ours_fen, theirs_fen = plant(move(kind, "N1"))

    (found,) = bill_differences(ours, bill_of(rows))

    assert (found.kind, found.number) == (expected, "N1")
    assert (found.ours_fen, found.theirs_fen) == (ours_fen, theirs_fen)


@pytest.mark.parametrize(
    ("total", "name"),
    [
        ("total_rows", "rows"),
        ("total_payments_fen", "payments"),
        ("total_refunds_fen", "refunds"),
        ("total_fee_fen", "fees"),
    ],
)
def test_a_total_that_the_rows_do_not_add_up_to_is_found(total: str, name: str) -> None:
    ours = [move(PAYMENT, "P1"), move(REFUND, "R1", 300)]
    bill = bill_of([row_of(mine) for mine in ours])

    found = bill_differences(ours, replace(bill, **{total: getattr(bill, total) + 1}))

    assert [(item.kind, item.number) for item in found] == [(DifferenceKind.TOTALS, name)]


@given(
    kinds=st.lists(st.sampled_from(list(BillRowKind)), max_size=12),
    plants=st.lists(st.sampled_from(PLANTS), max_size=6),
    data=st.data(),
)
def test_the_differences_are_exactly_the_errors_that_were_planted(
    kinds: list[BillRowKind], plants: list[Callable[[OurMove], Planted]], data: st.DataObject
) -> None:
    clean = [move(kind, f"C{at}", 100 + at) for at, kind in enumerate(kinds)]
    ours, rows = list(clean), [row_of(mine) for mine in clean]
    expected: list[tuple[DifferenceKind, str]] = []
    for at, plant in enumerate(plants):
        kind = data.draw(st.sampled_from(list(BillRowKind)))
        bad_ours, bad_rows, difference, _ours_fen, _theirs_fen = plant(move(kind, f"E{at}"))
        ours += bad_ours
        rows += bad_rows
        expected.append((difference, f"E{at}"))

    found = bill_differences(ours, bill_of(data.draw(st.permutations(rows))))

    assert sorted((item.kind.value, item.number) for item in found) == sorted(expected)


@given(
    plants=st.lists(st.sampled_from(PLANTS), max_size=8),
    kinds=st.lists(st.sampled_from(list(BillRowKind)), min_size=8, max_size=8),
)
def test_what_agrees_and_what_differs_make_up_the_bill(
    plants: list[Callable[[OurMove], Planted]], kinds: list[BillRowKind]
) -> None:
    ours: list[OurMove] = []
    rows: list[BillRow] = []
    for at, plant in enumerate(plants):
        bad_ours, bad_rows, *_ = plant(move(kinds[at], f"E{at}"))
        ours += bad_ours
        rows += bad_rows
    bill = bill_of(rows)

    found = bill_differences(ours, bill)

    side = {mine.number: mine.kind for mine in ours} | {row.number: row.kind for row in rows}

    def signed(number: str, fen: int) -> int:
        return fen if side[number] == PAYMENT else -fen

    differing = {item.number for item in found if item.kind is not DifferenceKind.DUPLICATE_ROW}
    agreed = sum(
        signed(mine.number, mine.amount_fen) for mine in ours if mine.number not in differing
    )
    listed = sum(signed(item.number, item.theirs_fen or 0) for item in found)
    assert agreed + listed == counted_fen(bill, PAYMENT) - counted_fen(bill, REFUND)


def test_differences_come_in_order_of_kind_and_number() -> None:
    rows = [row_of(move(REFUND, "R9")), row_of(move(PAYMENT, "P2")), row_of(move(PAYMENT, "P1"))]

    found = bill_differences([], bill_of(rows))

    assert [item.number for item in found] == ["P1", "P2", "R9"]
    assert isinstance(found[0], Difference)


def test_the_kinds_are_those_that_are_stored() -> None:
    assert [kind.value for kind in DifferenceKind] == StoredKind.values
