"""A shop with a payment provider in memory: orders can be paid, and payments go wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self
from unittest.mock import patch

from django.core.cache import cache
from django.db import connection

from orders.domain.cutoff import PaymentVerdict
from orders.domain.gateway import GatewayLimits, TradeReport
from orders.integrations import providers
from orders.models.campaigns import CampaignState, Offer
from orders.models.orders import Order
from orders.models.payments import Payment
from orders.services.payment_reports import notice_receive, trade_report_apply
from orders.services.payments import payment_begin
from tests.factories.shops import Shop
from tests.simulation.gateway import SIGNATURE, MemoryGateway

HOST = "sandbox"


class SpacedGateway(MemoryGateway):
    """Wants a minute between two refunds of a payment, as real providers do.

    `currency` and `is_payee_ours` are those of every trade it tells of.
    """

    limits = GatewayLimits()
    currency = "CNY"
    is_payee_ours = True

    def query(self, out_trade_no: str) -> TradeReport:
        """Say what is known of a trade."""
        return replace(
            super().query(out_trade_no),
            currency=self.currency,
            is_payee_ours=self.is_payee_ours,
        )


class Till(Shop):
    """A shop whose `gateway` takes money; both have the shop's clock."""

    def __init__(self) -> None:
        super().__init__()
        depth = len(connection.savepoint_ids) + connection.in_atomic_block
        self.gateway = SpacedGateway(self.clock, depth=depth)
        self.melon: Offer = self.offer(price_fen=2990, stock_cap=10)

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Put the provider in the place of the sandbox."""
        cache.clear()
        with patch.object(providers, "_sandbox", lambda: self.gateway):
            yield self

    def ordered(self, qty: int = 1) -> Order:
        """An order of melons that waits for its money."""
        return Order.objects.get(pk=self.placed((self.melon, qty)))

    def begun(self, order: Order | None = None) -> Payment:
        """A live attempt to pay the order (a new one unless named)."""
        order = order or self.ordered()
        return payment_begin(order_id=order.pk, clock=self.clock)

    def paid(self, order: Order | None = None) -> Payment:
        """An attempt that was paid and counted."""
        payment = self.begun(order)
        self.gateway.pay(payment.out_trade_no)
        self.told(payment)
        return Payment.objects.get(pk=payment.pk)

    def word(self, payment: Payment) -> TradeReport:
        """What the provider knows of an attempt."""
        return self.gateway.query(payment.out_trade_no)

    def told(self, payment: Payment, word: TradeReport | None = None) -> PaymentVerdict | None:
        """Make the provider's word on an attempt true, its own unless another is given."""
        report = word or self.word(payment)
        return trade_report_apply(provider=payment.provider, report=report, now=self.now)

    def noticed(self, payment: Payment, *, repeat: bool = True) -> str:
        """Take a notice of a paid attempt."""
        body = self.gateway.notice(payment.out_trade_no, repeat=repeat)
        return notice_receive(provider=HOST, headers=SIGNATURE, body=body, now=self.now)

    def wait(self, **time: float) -> datetime:
        """Let time pass and return the new moment."""
        self.now += timedelta(**time)
        return self.now

    def freeze(self) -> None:
        """The demand is frozen, whatever else a freeze does."""
        self.campaign.state = CampaignState.FROZEN
        self.campaign.frozen_at = self.now
        self.campaign.save(update_fields=["state", "frozen_at"])
