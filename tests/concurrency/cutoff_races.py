"""The cut-off while everybody orders: the scenario of P5 at any size, with its control."""

import time
from dataclasses import dataclass
from unittest.mock import patch

from orders.domain.gateway import TradeReport, TradeState
from orders.errors import OrderingClosed
from orders.models.demand import DemandSnapshot
from orders.models.orders import Order
from orders.models.payments import Payment, PaymentState, Verdict
from orders.services.campaigns import campaign_freeze
from orders.services.payment_reports import trade_report_apply
from orders.services.placement import order_place
from tests.concurrency.race import Runner, race, values
from tests.concurrency.shop import FREEZE_AT, Shop, ordering_clock, shop_open
from tests.factories.orders import PaymentFactory

CLOSER = 0
# The closer comes when so many orders per buyer are paid.
HEAD_START = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Freezes:
    """What came of freezing campaigns that were ordered in without a pause."""

    freezes: int
    ordered: int
    counted: int
    returned: int
    missing: int
    waits_s: tuple[float, ...]

    def wait_s(self, share: float) -> float:
        """The wait that this share of the freezes stayed within, lock and work together."""
        ranked = sorted(self.waits_s)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def freezes(*, buyers: int, rounds: int, guarded: bool = True) -> Freezes:
    """Freeze one campaign per round while buyers order and pay in it until they are refused.

    An order is missing if its money counted and the snapshot does not know it;
    money that came after the freeze is returned. The control lets buyers pass
    without the campaign's lock.
    """
    shops = [shop_open(buyers=buyers, caps=[None, 1_000_000]) for _round in range(rounds)]

    def act(runner: Runner) -> float | int:
        shop = shops[runner.round]
        if runner.number == CLOSER:
            return _freeze(shop)
        return _order_until_refused(shop, runner.number - 1)

    outcomes = race(
        act,
        processes=buyers + 1,
        rounds=rounds,
        sleep_at={"report.payment_counted": 0.01},
        without=[]
        if guarded
        else [
            patch("orders.services.placement.campaign_lock_shared"),
            patch("orders.services.payment_reports.campaign_lock_shared"),
        ],
    )
    assert len(values(outcomes)) == len(outcomes), [o.error for o in outcomes if o.error]
    campaigns = [shop.campaign_id for shop in shops]
    money = Payment.objects.filter(order__campaign__in=campaigns)
    counted = money.filter(verdict=Verdict.PAID).count()
    frozen = DemandSnapshot.objects.filter(campaign__in=campaigns).values_list("orders", flat=True)
    return Freezes(
        freezes=len(frozen),
        ordered=Order.objects.filter(campaign__in=campaigns).count(),
        counted=counted,
        returned=money.filter(verdict=Verdict.REFUND_AFTER_FREEZE).count(),
        missing=counted - sum(frozen),
        waits_s=tuple(float(o.value or 0) for o in outcomes if o.runner.number == CLOSER),
    )


def _freeze(shop: Shop) -> float:
    paid = Order.objects.filter(campaign=shop.campaign_id, paid_at__isnull=False)
    while paid.count() < HEAD_START * len(shop.resident_ids):
        time.sleep(0.005)
    started = time.perf_counter()
    campaign_freeze(campaign_id=shop.campaign_id, now=FREEZE_AT)
    return time.perf_counter() - started


def _order_until_refused(shop: Shop, buyer: int) -> int:
    for number in range(100_000):
        request = shop.request(buyer, shop.offer_ids, key=f"key-{number}")
        try:
            order = order_place(request=request, clock=ordering_clock).order
        except OrderingClosed:
            return number
        _pay(order)
    raise AssertionError("the freeze was starved: ordering never ended")


def _pay(order: Order) -> None:
    """The provider says that the order was paid, before its campaign's payments closed."""
    attempt = PaymentFactory.create(
        order=order,
        out_trade_no=f"T{order.pk:08}",
        state=PaymentState.SUBMITTED,
        verdict="",
        succeeded_at=None,
    )
    report = TradeReport(
        out_trade_no=attempt.out_trade_no,
        state=TradeState.SUCCESS,
        transaction_id=f"X{order.pk:08}",
        amount_fen=order.total_fen,
        succeeded_at=ordering_clock(),
    )
    trade_report_apply(provider="sandbox", report=report, now=ordering_clock())
