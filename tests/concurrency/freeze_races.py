"""P5: campaigns freeze while people order and pay without a pause, with the control."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from unittest.mock import patch

from orders.domain.gateway import TradeReport, TradeState
from orders.errors import OrderingClosed
from orders.models.demand import DemandSnapshot
from orders.models.orders import Order, OrderState
from orders.models.payments import Payment, PaymentState, Verdict
from orders.services.campaigns import campaign_freeze
from orders.services.locks import campaign_lock_exclusive
from orders.services.payment_reports import trade_report_apply
from orders.services.placement import order_place
from tests.concurrency.race import Runner, errors, race, values
from tests.concurrency.shop import FREEZE_AT, ORDERING_AT, Shop, ordering_clock, shop_open

# Orders are placed and paid by a clock that stands still, so only the lock and
# the campaign's state keep an order out; the freeze comes at once.
RUSH_S = 0.08
WAIT_FOR_LOCK = "orders.services.campaigns.campaign_lock_exclusive"


@dataclass(frozen=True, slots=True)
class Freezes:
    """What many freezes under load came to."""

    freezes: int
    orders: int
    missing: int
    waits_s: tuple[float, ...]


def freezes(*, buyers: int, rounds: int, guarded: bool = True) -> Freezes:
    """Freeze one campaign per round while all buyers order and pay in it.

    Missing are orders that are paid, or still wait to be frozen, in a campaign
    whose snapshot does not show them. The control takes the buyers' share of
    the campaign's lock away.
    """
    shops = [shop_open(buyers=buyers, caps=[None]) for _round in range(rounds)]

    def run(runner: Runner) -> float:
        shop = shops[runner.round]
        if runner.number == buyers:
            return _freeze(shop)
        return _order_until_closed(shop, runner.number)

    outcomes = race(
        run,
        processes=buyers + 1,
        rounds=rounds,
        sleep_at={"placement.campaign_read": 0.005, "report.payment_counted": 0.01},
        without=[] if guarded else _without_lock(),
    )
    assert errors(outcomes) == []
    freezer = [outcome for outcome in outcomes if outcome.runner.number == buyers]
    return Freezes(
        freezes=len(freezer),
        orders=Order.objects.filter(campaign_id__in=[shop.campaign_id for shop in shops]).count(),
        missing=sum(_missing(shop) for shop in shops),
        waits_s=tuple(sorted(values(freezer))),
    )


def _order_until_closed(shop: Shop, buyer: int) -> float:
    orders = 0
    while True:
        request = shop.request(buyer, shop.offer_ids, key=f"order-{orders}")
        try:
            order = order_place(request=request, clock=ordering_clock).order
        except OrderingClosed:
            return orders
        pay_by_report(order)
        orders += 1


def pay_by_report(order: Order) -> None:
    """Pay as a notice would, without a provider: only the report is of interest here."""
    number = f"F{order.pk:012d}"
    Payment.objects.get_or_create(
        out_trade_no=number,
        defaults={
            "order": order,
            "provider": "sandbox",
            "state": PaymentState.SUBMITTED,
            "amount_fen": order.total_fen,
            "created_at": ORDERING_AT,
            "expires_at": FREEZE_AT,
        },
    )
    report = TradeReport(
        out_trade_no=number,
        state=TradeState.SUCCESS,
        transaction_id=f"T{number}",
        amount_fen=order.total_fen,
        succeeded_at=ORDERING_AT,
    )
    trade_report_apply(provider="sandbox", report=report, now=ORDERING_AT)


def _freeze(shop: Shop) -> float:
    """Freeze in the middle of the rush; return how long the lock was waited for."""
    time.sleep(RUSH_S)
    waited: list[float] = []
    with patch(WAIT_FOR_LOCK, _timed(waited.append)):
        campaign_freeze(campaign_id=shop.campaign_id, now=FREEZE_AT)
    return waited[0]


def _timed(note: Callable[[float], None]) -> Callable[[int], None]:
    def lock(campaign_id: int) -> None:
        started = time.perf_counter()
        campaign_lock_exclusive(campaign_id)
        note(time.perf_counter() - started)

    return lock


def _without_lock() -> list[AbstractContextManager[object]]:
    return [
        patch(f"orders.services.{module}.campaign_lock_shared", lambda _campaign_id: None)
        for module in ("placement", "payment_reports")
    ]


def _missing(shop: Shop) -> int:
    """Orders that money was counted for, and that the snapshot does not show."""
    frozen = Order.objects.filter(campaign=shop.campaign_id, state=OrderState.FROZEN)
    counted = Payment.objects.filter(order__campaign=shop.campaign_id, verdict=Verdict.PAID)
    snapshot = DemandSnapshot.objects.get(campaign=shop.campaign_id)
    left_out = counted.exclude(order__state=OrderState.FROZEN).count()
    return left_out + abs(frozen.count() - snapshot.orders)
