"""Supplier statements against sums made by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Sum

from fulfillment.errors import StatementNotPossible
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import PurchaseOrderLine, Supplier
from fulfillment.models.receiving import ReceiptLineVoid
from fulfillment.models.supplier_accounts import (
    SupplierClaim,
    SupplierClaimState,
    SupplierStatement,
)
from fulfillment.services.supplier_statements import (
    statement_close,
    statement_make,
    statement_pay,
    statements_make_weekly,
)
from orders.selectors.ledger import trial_balance_on
from tests.factories.exceptions import SupplierClaimFactory
from tests.factories.fulfillment import (
    GoodsReceiptFactory,
    GoodsReceiptLineFactory,
    PurchaseOrderLineFactory,
    SupplierFactory,
)
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

MONDAY, SUNDAY = date(2026, 3, 9), date(2026, 3, 15)
# Tuesday the 17th, one in the morning in Shanghai.
NOW = datetime(2026, 3, 16, 17, 0, tzinfo=UTC)


@pytest.fixture
def supplier() -> Supplier:
    supplier: Supplier = SupplierFactory.create(code="S01", terms_days=7)
    return supplier


def counted(
    supplier: Supplier, qty: int, at: datetime, *, rejected: int = 0, cost_fen: int = 400
) -> PurchaseOrderLine:
    """Pieces counted at a moment, on an order of a day that is closed."""
    line: PurchaseOrderLine = PurchaseOrderLineFactory.create(
        purchase_order__supplier=supplier,
        purchase_order__run__day_closed_at=NOW,
        unit_cost_fen=cost_fen,
        packs=100,
    )
    GoodsReceiptLineFactory.create(
        receipt=GoodsReceiptFactory.create(purchase_order=line.purchase_order),
        purchase_line=line,
        arrived_qty=qty,
        rejected_qty=rejected,
        counted_at=at,
    )
    return line


def on(day: int, hour: int = 20) -> datetime:
    """An hour of a day in March, in UTC: 20 is 4 a.m. of the next day in Shanghai."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def made(supplier: Supplier) -> SupplierStatement:
    return statement_make(supplier_id=supplier.pk, from_on=MONDAY, until_on=SUNDAY, now=NOW)


def accepted_claim(line: PurchaseOrderLine, amount_fen: int, raised_at: datetime) -> SupplierClaim:
    claim: SupplierClaim = SupplierClaimFactory.create(
        case__run=line.purchase_order.run,
        case__purchase_line=line,
        case__sku=line.sku,
        purchase_line=line,
        supplier=line.purchase_order.supplier,
        amount_fen=amount_fen,
        raised_at=raised_at,
        state=SupplierClaimState.ACCEPTED,
    )
    return claim


def owed_fen(code: str) -> int:
    """What the ledger owes a supplier, from its transfers."""
    return -{row.code: row.net_fen for row in trial_balance_on()}.get(f"supplier_payable:{code}", 0)


def test_a_statement_sums_accepted_goods_at_cost(supplier: Supplier) -> None:
    counted(supplier, 10, on(9), rejected=3)
    counted(supplier, 5, on(12), cost_fen=250)
    counted(SupplierFactory.create(), 100, on(12))

    statement = made(supplier)

    assert statement.goods_fen == 7 * 400 + 5 * 250
    assert (statement.statement_no, statement.state) == ("DZ-S01-20260309", "draft")
    assert statement.due_on == date(2026, 3, 22)


def test_days_begin_and_end_at_the_operators_midnight(supplier: Supplier) -> None:
    counted(supplier, 1, datetime(2026, 3, 8, 16, 0, tzinfo=UTC))
    counted(supplier, 2, datetime(2026, 3, 15, 15, 59, 59, tzinfo=UTC))
    counted(supplier, 4, datetime(2026, 3, 8, 15, 59, 59, tzinfo=UTC))
    counted(supplier, 8, datetime(2026, 3, 15, 16, 0, tzinfo=UTC))

    assert made(supplier).goods_fen == 3 * 400


def test_a_count_that_was_taken_back_is_owed_by_nobody(supplier: Supplier) -> None:
    line = counted(supplier, 10, on(10))
    ReceiptLineVoid.objects.create(
        receipt_line=line.receipt_lines.get(),
        reason="数错",
        voided_at=NOW,
        voided_by=UserFactory.create(),
    )

    assert made(supplier).goods_fen == 0


def test_accepted_claims_are_deducted_oldest_first_and_never_below_nothing(
    supplier: Supplier,
) -> None:
    line = counted(supplier, 10, on(10))
    first = accepted_claim(line, 3000, on(11))
    too_much = accepted_claim(line, 2000, on(12))
    fits = accepted_claim(line, 900, on(13))
    later = accepted_claim(line, 50, on(16))

    statement = statement_close(statement_id=made(supplier).pk, now=NOW)

    deducted = SupplierClaim.objects.filter(state=SupplierClaimState.DEDUCTED)
    assert set(deducted) == {first, fits}
    assert (statement.goods_fen, statement.claims_fen, statement.due_fen) == (4000, 3900, 100)
    assert set(SupplierClaim.objects.filter(statement=None)) == {too_much, later}


def test_raised_and_objected_claims_wait(supplier: Supplier) -> None:
    line = counted(supplier, 10, on(10))
    for state in (SupplierClaimState.RAISED, SupplierClaimState.OBJECTED):
        claim = accepted_claim(line, 100, on(11))
        SupplierClaim.objects.filter(pk=claim.pk).update(state=state)

    assert statement_close(statement_id=made(supplier).pk, now=NOW).claims_fen == 0


def test_the_ledger_follows_a_statement_to_the_fen(supplier: Supplier) -> None:
    line = counted(supplier, 10, on(10))
    accepted_claim(line, 800, on(11))
    before = owed_fen("S01")

    statement = statement_close(statement_id=made(supplier).pk, now=NOW)
    after_closing = owed_fen("S01")
    statement_pay(statement_id=statement.pk, now=NOW)

    assert after_closing - before == -800
    assert owed_fen("S01") - after_closing == -statement.due_fen == -3200


def test_a_claim_is_deducted_in_one_statement_only(supplier: Supplier) -> None:
    line = counted(supplier, 10, on(10))
    accepted_claim(line, 800, on(11))
    statement_close(statement_id=made(supplier).pk, now=NOW)
    counted(supplier, 10, on(17))

    next_week = statement_make(
        supplier_id=supplier.pk,
        from_on=date(2026, 3, 16),
        until_on=date(2026, 3, 22),
        now=NOW + timedelta(days=7),
    )

    assert (next_week.goods_fen, next_week.claims_fen) == (4000, 0)


def test_a_draft_is_made_anew_and_a_closed_statement_stays(supplier: Supplier) -> None:
    counted(supplier, 10, on(10))
    draft = made(supplier)
    counted(supplier, 1, on(11))

    again = made(supplier)
    statement_close(statement_id=draft.pk, now=NOW)

    assert (again.pk, again.goods_fen) == (draft.pk, 4400)
    with pytest.raises(StatementNotPossible):
        made(supplier)


def test_no_day_stands_in_two_statements(supplier: Supplier) -> None:
    counted(supplier, 10, on(10))
    made(supplier)

    with pytest.raises(StatementNotPossible):
        statement_make(
            supplier_id=supplier.pk,
            from_on=date(2026, 3, 15),
            until_on=date(2026, 3, 16),
            now=NOW,
        )


def test_days_that_are_not_over_have_no_statement(supplier: Supplier) -> None:
    with pytest.raises(StatementNotPossible):
        statement_make(supplier_id=supplier.pk, from_on=MONDAY, until_on=date(2026, 3, 17), now=NOW)


def test_a_statement_waits_until_its_days_are_closed(supplier: Supplier) -> None:
    counted(supplier, 10, on(10))
    statement = made(supplier)
    CutoffRun.objects.update(day_closed_at=None)

    with pytest.raises(StatementNotPossible):
        statement_close(statement_id=statement.pk, now=NOW)


def test_a_statement_is_closed_and_paid_once(supplier: Supplier) -> None:
    counted(supplier, 10, on(10))
    statement = made(supplier)

    with pytest.raises(StatementNotPossible):
        statement_pay(statement_id=statement.pk, now=NOW)
    statement_close(statement_id=statement.pk, now=NOW)
    with pytest.raises(StatementNotPossible):
        statement_close(statement_id=statement.pk, now=NOW)
    assert statement_pay(statement_id=statement.pk, now=NOW).state == "paid"
    with pytest.raises(StatementNotPossible):
        statement_pay(statement_id=statement.pk, now=NOW)


def test_last_week_is_drafted_once_for_everybody_with_goods(supplier: Supplier) -> None:
    counted(supplier, 10, on(10))
    counted(SupplierFactory.create(code="S02"), 5, on(12))
    SupplierFactory.create(code="S03")

    assert [statements_make_weekly(now=NOW) for _again in range(2)] == [2, 0]

    rows = SupplierStatement.objects.order_by("supplier__code")
    assert [(row.supplier.code, row.from_on, row.until_on) for row in rows] == [
        ("S01", MONDAY, SUNDAY),
        ("S02", MONDAY, SUNDAY),
    ]
    assert rows.aggregate(fen=Sum("goods_fen"))["fen"] == 15 * 400
