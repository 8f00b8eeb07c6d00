"""A day of a shop on which everything happens that can happen to money."""

from datetime import datetime, timedelta

from orders.domain.cutoff import PaymentVerdict
from orders.domain.gateway import RefundReport, RefundStatus, TradeReport, TradeState
from orders.models.orders import Order
from orders.models.payments import Payment, PaymentState, Refund, SandboxRefund, SandboxTrade
from orders.services.campaigns import campaign_freeze
from orders.services.cancellation import order_cancel
from orders.services.ledger_close import days_close
from orders.services.payment_reports import trade_report_apply
from orders.services.reconciliation import bill_reconcile
from orders.services.refund_reports import refund_report_apply
from tests.factories.orders import PaymentFactory, ResidentFactory
from tests.factories.shops import Shop

PROVIDER = "sandbox"


class BusyDay:
    """Orders that are paid, late, paid twice, paid wrong, cancelled, and too few of a group.

    The campaign is frozen, refunds are paid but for the last, the provider's
    bill is checked and the day is closed. The bill has one payment too many.
    """

    def __init__(self) -> None:
        self.shop = Shop()
        self.offer = self.shop.offer(
            price_fen=500, stock_cap=100, per_resident_limit=5, stock_buckets=2
        )
        self.group = self.shop.offer(price_fen=700, min_group_qty=5)
        in_time = self.shop.now + timedelta(minutes=1)
        self.paid = self._order(2)
        self.pay(self.paid, in_time)
        self.pay(self.paid, in_time + timedelta(minutes=1))
        self.late = self._order(1)
        self.pay(self.late, self.shop.campaign.payments_close_at + timedelta(seconds=1))
        self.wrong = self._order(1)
        self.pay(self.wrong, in_time, amount_fen=499)
        self.cancelled = self._order(3)
        self.pay(self.cancelled, in_time)
        order_cancel(order_id=self.cancelled.pk, actor="resident:1", clock=self.shop.clock)
        self.small_group = self._order(1, with_group=True)
        self.pay(self.small_group, in_time)
        campaign_freeze(campaign_id=self.shop.campaign.pk, now=self.shop.campaign.freeze_at)
        self._refunds_pay()
        self._books_close()

    def pay(self, order: Order, at: datetime, *, amount_fen: int | None = None) -> Payment:
        """The provider takes money for an order and says so."""
        fen = order.total_fen if amount_fen is None else amount_fen
        attempt = PaymentFactory.create(
            order=order,
            provider=PROVIDER,
            state=PaymentState.SUBMITTED,
            verdict="",
            created_at=self.shop.now,
            expires_at=at,
            succeeded_at=None,
        )
        trade = SandboxTrade.objects.create(
            out_trade_no=attempt.out_trade_no,
            amount_fen=fen,
            description="",
            expires_at=at,
            paid_at=at,
        )
        report = TradeReport(
            out_trade_no=attempt.out_trade_no,
            state=TradeState.SUCCESS,
            transaction_id=f"SB{trade.pk}",
            amount_fen=fen,
            succeeded_at=at,
        )
        verdict = trade_report_apply(provider=PROVIDER, report=report, now=at)
        assert isinstance(verdict, PaymentVerdict)
        return attempt

    def _order(self, qty: int, *, with_group: bool = False) -> Order:
        lines = [(self.offer, qty)] + ([(self.group, 1)] if with_group else [])
        resident = ResidentFactory.create(leader=self.shop.point.leader)
        return Order.objects.get(pk=self.shop.placed(*lines, resident=resident))

    def _refunds_pay(self) -> None:
        at = self.shop.campaign.freeze_at + timedelta(minutes=1)
        for refund in Refund.objects.order_by("pk")[1:]:
            trade = SandboxTrade.objects.get(out_trade_no=refund.payment.out_trade_no)
            SandboxRefund.objects.create(
                trade=trade,
                out_refund_no=refund.out_refund_no,
                amount_fen=refund.amount_fen,
                refunded_at=at,
            )
            report = RefundReport(
                out_refund_no=refund.out_refund_no,
                status=RefundStatus.SUCCESS,
                amount_fen=refund.amount_fen,
                succeeded_at=at,
            )
            refund_report_apply(provider=PROVIDER, report=report, now=at)

    def _books_close(self) -> None:
        day = self.shop.campaign.delivery_date - timedelta(days=1)
        at = self.shop.now
        SandboxTrade.objects.create(
            out_trade_no="UNKNOWN", amount_fen=900, description="", expires_at=at, paid_at=at
        )
        next_noon = self.shop.campaign.freeze_at + timedelta(hours=13)
        bill_reconcile(provider=PROVIDER, day=day, now=next_noon)
        days_close(now=next_noon)
