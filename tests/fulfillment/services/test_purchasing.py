"""Purchase orders of a run."""

from datetime import date, datetime, time, timedelta

import pytest
from pytest_django import Settings

from fulfillment.domain.lifecycle import PurchaseOrderState as State
from fulfillment.errors import (
    CountNotPossible,
    DayClosed,
    GoodsWithoutSupplier,
    PurchaseNeedsApproval,
    PurchaseOrderSettled,
    ReceiptForUnknownLine,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.leftovers import LeftoverMovement
from fulfillment.models.purchasing import (
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierOffer,
)
from fulfillment.selectors.book_laws.goods import LAWS
from fulfillment.selectors.books import books_check
from fulfillment.services.purchasing import (
    purchase_order_approve,
    purchase_order_confirm,
    purchase_orders_create,
)
from fulfillment.services.supplier_links import purchase_order_id_of
from orders.models.campaigns import Campaign, CampaignState
from orders.models.catalogue import Sku
from orders.models.outbox import OutboxMessage, Topic
from orders.services.campaigns import campaign_freeze
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory
from tests.factories.purchasing import (
    LeftoverMovementFactory,
    PriceTierFactory,
    SupplierPaperFactory,
)
from tests.fulfillment.services.days import imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    """A run with frozen demand for 12 K1, 9 K2 and 6 K3."""
    run = imported()
    campaign_freeze(campaign_id=run.campaign_id, now=run.campaign.freeze_at)
    return run


def test_each_supplier_gets_one_order_in_whole_packs(run: CutoffRun) -> None:
    figures = purchase_orders_create(run=run, now=run.campaign.freeze_at)

    lines = PurchaseOrderLine.objects.order_by("sku__code").values_list(
        "purchase_order__po_no", "sku__code", "need_qty", "packs", "ordered_qty", "surplus_qty"
    )
    assert list(lines) == [
        ("P-C1-S1", "K1", 12, 3, 15, 3),
        ("P-C1-S1", "K2", 9, 3, 12, 3),
        ("P-C1-S2", "K3", 6, 1, 6, 0),
    ]
    assert figures["pieces_purchased"] == 33
    assert figures["pieces_surplus"] == 6


def test_an_order_below_the_minimum_is_made_and_says_so(run: CutoffRun) -> None:
    figures = purchase_orders_create(run=run, now=run.campaign.freeze_at)

    order = PurchaseOrder.objects.get(supplier__code="S2")
    assert order.amount_fen == 6 * 750
    assert order.min_order_gap_fen == 100_000 - 4500
    assert figures["below_minimum"] == 1


def test_the_cheaper_rank_is_asked_first(run: CutoffRun) -> None:
    second = SupplierOffer.objects.get(sku__code="K3")
    second.rank = 2
    second.save()
    other = Supplier.objects.get(code="S1")
    SupplierOffer.objects.create(
        supplier=other, sku=second.sku, pack_factor=1, cost_fen=900, rank=1
    )

    purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert PurchaseOrderLine.objects.get(sku__code="K3").purchase_order.supplier == other


def test_goods_nobody_offers_stop_the_step_and_are_named(run: CutoffRun) -> None:
    SupplierOffer.objects.filter(sku__code="K2").update(is_active=False)

    with pytest.raises(GoodsWithoutSupplier) as refused:
        purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert refused.value.details == {"sku_codes": ["K2"]}
    assert not PurchaseOrder.objects.exists()


def test_the_campaign_is_being_fulfilled_from_here_on(run: CutoffRun) -> None:
    purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert Campaign.objects.get().state == CampaignState.FULFILLING


def test_a_run_that_has_its_orders_keeps_them(run: CutoffRun) -> None:
    first = purchase_orders_create(run=run, now=run.campaign.freeze_at)
    again = purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert first == again
    assert PurchaseOrder.objects.count() == 2


def test_a_larger_order_is_bought_at_the_price_of_its_tier(run: CutoffRun) -> None:
    PriceTierFactory.create(
        offer=SupplierOffer.objects.get(sku__code="K1"), from_qty=15, cost_fen=250
    )
    PriceTierFactory.create(
        offer=SupplierOffer.objects.get(sku__code="K2"), from_qty=13, cost_fen=1
    )

    purchase_orders_create(run=run, now=run.campaign.freeze_at)

    costs = PurchaseOrderLine.objects.order_by("sku__code").values_list("unit_cost_fen", flat=True)
    assert list(costs) == [250, 217, 750]


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [
        (None, date(2026, 3, 11), "S1"),
        (date(2026, 3, 11), None, "S1"),
        (date(2026, 3, 12), None, "S2"),
        (None, date(2026, 3, 10), "S2"),
    ],
)
def test_an_offer_counts_if_it_is_valid_on_the_delivery_day(
    run: CutoffRun, valid_from: date | None, valid_until: date | None, expected: str
) -> None:
    offer = SupplierOffer.objects.get(sku__code="K1")
    offer.valid_from, offer.valid_until = valid_from, valid_until
    offer.save()
    SupplierOffer.objects.create(
        supplier=Supplier.objects.get(code="S2"), sku=offer.sku, pack_factor=1, cost_fen=999, rank=9
    )

    purchase_orders_create(run=run, now=run.campaign.freeze_at)

    line = PurchaseOrderLine.objects.get(sku__code="K1")
    assert line.purchase_order.supplier.code == expected


def need_law_violations() -> int:
    (result,) = books_check(law for law in LAWS if law.name == "purchase_need")
    return result.violations


def shelve(code: str, qty: int) -> LeftoverMovement:
    """Put pieces of the day before on the shelf."""
    yesterday = CutoffRunFactory.create(campaign__delivery_date=date(2026, 3, 10))
    movement: LeftoverMovement = LeftoverMovementFactory.create(
        origin_run=yesterday, sku=Sku.objects.get(code=code), qty=qty
    )
    return movement


def test_what_lies_left_over_is_used_before_anything_is_bought(run: CutoffRun) -> None:
    shelve("K1", 5)
    shelve("K3", 20)

    figures = purchase_orders_create(run=run, now=run.campaign.freeze_at)

    lines = PurchaseOrderLine.objects.order_by("sku__code").values_list("sku__code", "need_qty")
    assert list(lines) == [("K1", 7), ("K2", 9)]
    assert figures["pieces_left_over"] == 5 + 6
    assert need_law_violations() == 0


def test_a_run_that_the_shelf_covers_buys_nothing_and_the_books_agree(run: CutoffRun) -> None:
    for code in ("K1", "K2", "K3"):
        shelve(code, 20)

    figures = purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert (figures["purchase_orders"], figures["pieces_left_over"]) == (0, 27)
    assert need_law_violations() == 0


def test_goods_without_a_supplier_leave_the_shelf_as_it_was(run: CutoffRun) -> None:
    shelve("K1", 5)
    SupplierOffer.objects.filter(sku__code="K2").update(is_active=False)

    with pytest.raises(GoodsWithoutSupplier):
        purchase_orders_create(run=run, now=run.campaign.freeze_at)

    assert LeftoverMovement.objects.count() == 1


@pytest.fixture
def order(run: CutoffRun) -> PurchaseOrder:
    """The proposal to S1: 15 of K1 and 12 of K2, from a supplier with a licence."""
    purchase_orders_create(run=run, now=run.campaign.freeze_at)
    found = PurchaseOrder.objects.select_related("supplier").get(supplier__code="S1")
    SupplierPaperFactory.create(supplier=found.supplier)
    return found


def later(run: CutoffRun, minutes: int) -> datetime:
    return run.campaign.freeze_at + timedelta(minutes=minutes)


def approve(order: PurchaseOrder, note: str = "") -> bool:
    return purchase_order_approve(
        purchase_order=order, actor=UserFactory.create(), note=note, now=later(order.run, 10)
    )


def test_an_approved_order_is_sent_and_has_its_time_to_be_confirmed(order: PurchaseOrder) -> None:
    buyer = UserFactory.create()

    assert purchase_order_approve(
        purchase_order=order, actor=buyer, note="", now=later(order.run, 10)
    )

    order.refresh_from_db()
    assert (order.state, order.approved_by) == (State.SENT, buyer)
    assert order.approved_at == later(order.run, 10)
    assert order.confirm_by == later(order.run, 25)


def test_the_supplier_is_told_once_with_a_link_to_its_order(
    order: PurchaseOrder, settings: Settings
) -> None:
    settings.SITE_URL = "https://tuanpei.example"

    assert [approve(order), approve(order)] == [True, False]

    message = OutboxMessage.objects.get(topic=Topic.PURCHASE_ORDER)
    assert (message.phone, message.dedupe_key) == (order.supplier.phone, order.po_no)
    assert message.resident is None
    assert message.facts["confirm_by"] == "23:27"
    assert purchase_order_id_of(message.facts["token"]) == order.pk
    assert message.facts["link"] == f"https://tuanpei.example/po/{message.facts['token']}/"
    # What a text message takes as one variable.
    assert len(message.facts["token"]) <= 35


def test_a_wholesale_market_is_sent_nothing(order: PurchaseOrder) -> None:
    Supplier.objects.filter(pk=order.supplier_id).update(is_market=True)

    approve(order)

    order.refresh_from_db()
    assert (order.state, order.confirm_by) == (State.SENT, None)
    assert not OutboxMessage.objects.exists()


def test_an_order_that_breaks_a_rule_needs_a_reason(order: PurchaseOrder) -> None:
    Supplier.objects.filter(pk=order.supplier_id).update(min_order_fen=1_000_000)

    with pytest.raises(PurchaseNeedsApproval) as refused:
        approve(order, note="  ")
    assert refused.value.details == {"rules": ["below_minimum"]}
    assert not OutboxMessage.objects.exists()

    assert approve(order, note="老客户，电话说好了") is True
    order.refresh_from_db()
    assert order.approval_note == "老客户，电话说好了"


def test_goods_that_have_come_are_answered_for_and_nobody_is_told(order: PurchaseOrder) -> None:
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.RECEIVED)

    assert [approve(order), approve(order)] == [True, False]

    order.refresh_from_db()
    assert (order.state, order.confirm_by) == (State.RECEIVED, None)
    assert order.approved_at is not None
    assert not OutboxMessage.objects.exists()


def test_a_cancelled_order_is_not_approved(order: PurchaseOrder) -> None:
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.CANCELLED)

    with pytest.raises(PurchaseOrderSettled):
        approve(order)


def test_on_a_closed_day_nothing_is_approved(order: PurchaseOrder) -> None:
    CutoffRun.objects.update(day_closed_at=later(order.run, 600))

    with pytest.raises(DayClosed):
        approve(order)


def confirm(order: PurchaseOrder, k1: int, k2: int, *, note: str = "") -> State:
    lines = dict(order.lines.values_list("sku__code", "pk"))
    return State(
        purchase_order_confirm(
            purchase_order=order,
            quantities={lines["K1"]: k1, lines["K2"]: k2},
            slot=time(2, 30),
            note=note,
            now=later(order.run, 20),
        )
    )


def test_a_supplier_confirms_everything_with_a_slot_and_a_note(order: PurchaseOrder) -> None:
    approve(order)

    assert confirm(order, 15, 12, note=" 司机老王 ") is State.CONFIRMED

    order.refresh_from_db()
    assert (order.state, order.slot_offered) == (State.CONFIRMED, time(2, 30))
    assert (order.supplier_note, order.confirmed_at) == ("司机老王", later(order.run, 20))
    confirmed = order.lines.order_by("sku__code").values_list("confirmed_qty", flat=True)
    assert list(confirmed) == [15, 12]


def test_a_supplier_may_answer_again_until_goods_arrive(order: PurchaseOrder) -> None:
    approve(order)

    answers = [confirm(order, 15, 12), confirm(order, 0, 12), confirm(order, 4, 12)]

    assert answers == [State.CONFIRMED, State.CONFIRMED_SHORT, State.CONFIRMED_SHORT]
    assert order.lines.get(sku__code="K1").confirmed_qty == 4
    PurchaseOrder.objects.filter(pk=order.pk).update(state=State.RECEIVED)
    with pytest.raises(PurchaseOrderSettled):
        confirm(order, 15, 12)
    assert order.lines.get(sku__code="K1").confirmed_qty == 4


def test_an_order_that_was_not_sent_is_not_confirmed(order: PurchaseOrder) -> None:
    with pytest.raises(PurchaseOrderSettled):
        confirm(order, 15, 12)


@pytest.mark.parametrize("qty", [-1, 16])
def test_nobody_confirms_less_than_nothing_or_more_than_was_ordered(
    order: PurchaseOrder, qty: int
) -> None:
    approve(order)

    with pytest.raises(CountNotPossible):
        confirm(order, qty, 12)


def test_an_answer_names_exactly_the_lines_of_the_order(order: PurchaseOrder) -> None:
    approve(order)
    foreign = PurchaseOrderLine.objects.exclude(purchase_order=order).get()
    own = {line.pk: line.ordered_qty for line in order.lines.all()}

    for quantities in ({}, own | {foreign.pk: 1}, dict(list(own.items())[:1])):
        with pytest.raises(ReceiptForUnknownLine):
            purchase_order_confirm(
                purchase_order=order,
                quantities=quantities,
                slot=None,
                note="",
                now=later(order.run, 20),
            )
