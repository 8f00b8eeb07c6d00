"""What buyers change about purchase orders; what was sold stays covered."""

from datetime import datetime, timedelta

import pytest

from fulfillment.domain.lifecycle import PurchaseOrderState as State
from fulfillment.errors import (
    DayClosed,
    NoOtherSupplier,
    PurchaseNeedsApproval,
    PurchaseOrderSettled,
    PurchaseTermsNotUsable,
    ReceivingClosed,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.purchasing import (
    LineEnd,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierOffer,
)
from fulfillment.selectors.book_laws.goods import LAWS
from fulfillment.selectors.books import books_check
from fulfillment.services.purchase_changes import (
    purchase_line_move,
    purchase_lines_give_up,
    purchase_order_buy_up,
)
from fulfillment.services.purchasing import (
    purchase_order_approve,
    purchase_order_confirm,
    purchase_orders_create,
)
from orders.models.outbox import OutboxMessage
from orders.services.campaigns import campaign_freeze
from tests.factories.fulfillment import GoodsReceiptFactory, GoodsReceiptLineFactory
from tests.factories.leaders import UserFactory
from tests.factories.purchasing import PriceTierFactory, SupplierPaperFactory
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    """S1 is to bring 15 of K1 and 12 of K2, S2 six of K3; S2 offers K1 and K2, too."""
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    other = Supplier.objects.get(code="S2")
    for offer in SupplierOffer.objects.filter(supplier__code="S1"):
        SupplierOffer.objects.create(
            supplier=other, sku=offer.sku, pack_factor=2, cost_fen=500, rank=9
        )
    for supplier in Supplier.objects.all():
        SupplierPaperFactory.create(supplier=supplier)
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    return run


def now(run: CutoffRun) -> datetime:
    return run.campaign.freeze_at + timedelta(minutes=30)


def line_of(code: str, po_no: str = "") -> PurchaseOrderLine:
    lines = PurchaseOrderLine.objects.filter(sku__code=code, ended_as="")
    if po_no:
        lines = lines.filter(purchase_order__po_no=po_no)
    return lines.select_related("purchase_order").get()


def order_of(code: str) -> PurchaseOrder:
    return PurchaseOrder.objects.select_related("supplier").get(po_no=f"P-C1-{code}")


def law_holds() -> bool:
    (result,) = books_check(law for law in LAWS if law.name == "purchase_need")
    return result.violations == 0


def move(run: CutoffRun, line: PurchaseOrderLine, to: str, reason: str = "没货") -> str:
    moved = purchase_line_move(
        purchase_line=line, supplier=Supplier.objects.get(code=to), reason=reason, now=now(run)
    )
    return moved.purchase_order.po_no if moved else ""


def approve(run: CutoffRun, order: PurchaseOrder) -> None:
    purchase_order_approve(
        purchase_order=order, actor=UserFactory.create(), note="照旧", now=now(run)
    )


def confirm(run: CutoffRun, order: PurchaseOrder, **quantities: int) -> None:
    lines = dict(order.lines.filter(ended_as="").values_list("sku__code", "pk"))
    purchase_order_confirm(
        purchase_order=order,
        quantities={lines[code]: qty for code, qty in quantities.items()},
        slot=None,
        note="",
        now=now(run),
    )


def test_a_line_given_up_is_bought_from_nobody_and_costs_nothing(run: CutoffRun) -> None:
    line = line_of("K1")

    assert (
        purchase_lines_give_up(
            purchase_order=line.purchase_order, line_ids=[line.pk], reason="不够起订", now=now(run)
        )
        == 1
    )

    line.refresh_from_db()
    order = order_of("S1")
    assert (line.ended_as, line.ended_reason) == (LineEnd.GIVEN_UP, "不够起订")
    assert order.amount_fen == 12 * 217
    assert order.state == State.DRAFT
    assert law_holds()


def test_giving_up_again_changes_nothing(run: CutoffRun) -> None:
    line = line_of("K1")
    for _time in range(2):
        purchase_lines_give_up(
            purchase_order=line.purchase_order, line_ids=[line.pk], reason="不够起订", now=now(run)
        )

    assert PurchaseOrderLine.objects.filter(ended_as=LineEnd.GIVEN_UP).count() == 1


def test_an_order_without_lines_is_cancelled(run: CutoffRun) -> None:
    order = order_of("S2")

    purchase_lines_give_up(
        purchase_order=order,
        line_ids=list(order.lines.values_list("pk", flat=True)),
        reason="差起订额太多，退款",
        now=now(run),
    )

    order.refresh_from_db()
    assert (order.state, order.amount_fen, order.min_order_gap_fen) == (State.CANCELLED, 0, 0)
    assert law_holds()


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_given_up_or_moved_without_a_reason(run: CutoffRun, reason: str) -> None:
    line = line_of("K1")

    with pytest.raises(PurchaseNeedsApproval):
        purchase_lines_give_up(
            purchase_order=line.purchase_order, line_ids=[line.pk], reason=reason, now=now(run)
        )
    with pytest.raises(PurchaseNeedsApproval):
        move(run, line, "S2", reason)
    assert line_of("K1").pk == line.pk


def test_a_line_moves_to_the_other_suppliers_order_that_was_not_sent(run: CutoffRun) -> None:
    old = line_of("K1")

    assert move(run, old, "S2") == "P-C1-S2"

    old.refresh_from_db()
    new = line_of("K1")
    assert (old.ended_as, old.ended_reason) == (LineEnd.MOVED, "没货")
    assert (new.need_qty, new.pack_factor, new.packs, new.unit_cost_fen) == (12, 2, 6, 500)
    assert order_of("S1").amount_fen == 12 * 217
    assert order_of("S2").amount_fen == 6 * 750 + 12 * 500
    assert law_holds()


def test_a_moved_line_is_bought_at_the_tier_it_reaches(run: CutoffRun) -> None:
    offer = SupplierOffer.objects.get(supplier__code="S2", sku__code="K1")
    PriceTierFactory.create(offer=offer, from_qty=12, cost_fen=450)

    move(run, line_of("K1"), "S2")

    assert line_of("K1").unit_cost_fen == 450


def test_after_the_other_order_was_sent_a_further_one_is_opened(run: CutoffRun) -> None:
    approve(run, order_of("S2"))

    first = move(run, line_of("K1"), "S2")
    second = move(run, line_of("K2"), "S2")

    assert (first, second) == ("P-C1-S2-2", "P-C1-S2-2")
    assert PurchaseOrder.objects.get(po_no="P-C1-S2-2").seq == 2
    assert order_of("S1").state == State.CANCELLED
    assert law_holds()


def test_a_line_moved_back_stands_on_an_order_of_its_own(run: CutoffRun) -> None:
    move(run, line_of("K1"), "S2")

    assert move(run, line_of("K1"), "S1") == "P-C1-S1-2"
    assert law_holds()


def test_moving_the_same_line_again_moves_nothing(run: CutoffRun) -> None:
    line = line_of("K1")
    move(run, line, "S2")

    assert move(run, line, "S2") == ""
    assert PurchaseOrderLine.objects.filter(sku__code="K1").count() == 2


def test_what_was_confirmed_stays_and_only_what_is_missing_moves(run: CutoffRun) -> None:
    order = order_of("S1")
    approve(run, order)
    confirm(run, order, K1=7, K2=12)

    move(run, line_of("K1"), "S2")

    kept, moved = PurchaseOrderLine.objects.filter(sku__code="K1").order_by("pk")
    assert (kept.need_qty, kept.packs, kept.confirmed_qty, kept.ended_as) == (7, 2, 7, "")
    assert (moved.need_qty, moved.ordered_qty) == (5, 6)
    assert order_of("S1").amount_fen == 10 * kept.unit_cost_fen + 12 * 217
    assert law_holds()


def test_goods_that_were_confirmed_to_zero_move_whole(run: CutoffRun) -> None:
    order = order_of("S1")
    approve(run, order)
    confirm(run, order, K1=0, K2=12)
    old = line_of("K1")

    move(run, old, "S2")

    old.refresh_from_db()
    assert old.ended_as == LineEnd.MOVED
    assert line_of("K1").need_qty == 12


def test_goods_that_are_confirmed_stay(run: CutoffRun) -> None:
    order = order_of("S1")
    approve(run, order)
    confirm(run, order, K1=12, K2=12)

    with pytest.raises(PurchaseOrderSettled):
        move(run, line_of("K1"), "S2")


def test_a_supplier_that_does_not_offer_the_goods_gets_no_order(run: CutoffRun) -> None:
    SupplierOffer.objects.filter(supplier__code="S2", sku__code="K1").update(
        valid_until=run.campaign.delivery_date - timedelta(days=1)
    )

    for code in ("S1", "S2"):
        with pytest.raises(NoOtherSupplier):
            move(run, line_of("K1"), code)
    assert line_of("K1").purchase_order.po_no == "P-C1-S1"


def test_goods_that_were_counted_are_not_taken_off_the_order(run: CutoffRun) -> None:
    line = line_of("K1")
    receipt = GoodsReceiptFactory.create(purchase_order=line.purchase_order)
    GoodsReceiptLineFactory.create(receipt=receipt, purchase_line=line, arrived_qty=0)

    with pytest.raises(PurchaseOrderSettled):
        move(run, line, "S2")


def test_when_the_counts_are_final_nothing_is_bought_elsewhere(run: CutoffRun) -> None:
    CutoffRun.objects.update(receiving_closed_at=now(run))

    with pytest.raises(ReceivingClosed):
        move(run, line_of("K1"), "S2")


def test_on_a_closed_day_nothing_changes(run: CutoffRun) -> None:
    CutoffRun.objects.update(day_closed_at=now(run))
    line = line_of("K1")

    with pytest.raises(DayClosed):
        purchase_lines_give_up(
            purchase_order=line.purchase_order, line_ids=[line.pk], reason="没货", now=now(run)
        )


def test_a_supplier_that_knows_of_an_order_is_told_of_its_change(run: CutoffRun) -> None:
    approve(run, order_of("S1"))
    move(run, line_of("K1"), "S2")

    told = OutboxMessage.objects.order_by("pk").values_list("facts__po_no", "facts__is_change")
    assert list(told) == [("P-C1-S1", False), ("P-C1-S1", True)]


def test_a_supplier_that_knows_of_nothing_is_told_nothing(run: CutoffRun) -> None:
    move(run, line_of("K1"), "S2")

    assert not OutboxMessage.objects.exists()


def test_buying_up_meets_the_minimums_and_is_an_approval(run: CutoffRun) -> None:
    buyer = UserFactory.create()
    order = order_of("S2")

    assert purchase_order_buy_up(purchase_order=order, reason="明天还卖", actor=buyer, now=now(run))

    order.refresh_from_db()
    line = line_of("K3")
    assert order.amount_fen == line.ordered_qty * 750 >= 100_000
    assert order.amount_fen - line.pack_factor * 750 < 100_000
    assert order.min_order_gap_fen == 0
    assert (order.state, order.approved_by, order.approval_note) == (State.SENT, buyer, "明天还卖")
    assert line.need_qty == 6
    assert law_holds()


def test_buying_up_covers_the_least_order_of_a_sku_at_its_tier(run: CutoffRun) -> None:
    offer = SupplierOffer.objects.get(supplier__code="S1", sku__code="K1")
    offer.min_order_qty = 31
    offer.save()
    PriceTierFactory.create(offer=offer, from_qty=30, cost_fen=200)

    purchase_order_buy_up(
        purchase_order=order_of("S1"),
        reason="起订量",
        actor=UserFactory.create(),
        now=now(run),
    )

    line = line_of("K1")
    assert (line.ordered_qty, line.unit_cost_fen) == (35, 200)


def test_buying_up_needs_a_reason_and_happens_once(run: CutoffRun) -> None:
    order, buyer = order_of("S2"), UserFactory.create()

    with pytest.raises(PurchaseNeedsApproval):
        purchase_order_buy_up(purchase_order=order, reason=" ", actor=buyer, now=now(run))
    results = [
        purchase_order_buy_up(purchase_order=order, reason="明天还卖", actor=buyer, now=now(run))
        for _time in range(2)
    ]

    assert results == [True, False]


def test_a_minimum_out_of_reach_is_not_bought_up_to(run: CutoffRun) -> None:
    Supplier.objects.filter(code="S2").update(min_order_fen=10**9)

    with pytest.raises(PurchaseTermsNotUsable):
        purchase_order_buy_up(
            purchase_order=order_of("S2"),
            reason="明天还卖",
            actor=UserFactory.create(),
            now=now(run),
        )
    assert line_of("K3").packs == 1
