"""A month of a small operator's commission: sold, refunded, settled, paid out, day by day.

Orders, goods and refunds are rows made by factories; everything about
commission goes through the services the schedule calls, on its clock.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from fulfillment.domain.payouts import PayoutReport, PayoutStatus
from fulfillment.models.payouts import Payout, PayoutChannel, PayoutState
from fulfillment.models.settlement import SettlementState, SettlementStatement
from fulfillment.selectors.payouts import payee_ready
from fulfillment.services.payout_batches import batch_approve, batch_prepare
from fulfillment.services.payouts import payout_report_apply
from fulfillment.services.settlement import (
    commission_hold,
    commission_release,
    commissions_take_back,
)
from fulfillment.services.statements import statements_issue_due
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from leaders.models.payees import PayeeKind
from orders.models.orders import OrderLine
from orders.models.payments import Payment, RefundReason, RefundState
from tests.factories.fulfillment import AllocationFactory, CutoffRunFactory
from tests.factories.leaders import LeaderFactory, PickupPointFactory, UserFactory
from tests.factories.orders import (
    CampaignFactory,
    OfferFactory,
    OrderFactory,
    OrderLineFactory,
    PaymentFactory,
    RefundFactory,
    RefundLineFactory,
    ResidentFactory,
)
from tests.factories.payouts import PayeeFactory

FIRST_DAY = date(2026, 3, 2)
DAYS = 30
LEVEL_CHANGES_ON = FIRST_DAY + timedelta(days=15)
# Wednesday, the day after the statements.
PAID_ON = 3


@dataclass(slots=True)
class Month:
    """The people of the month, and the lines that were sold so far."""

    seed: int
    leaders: list[Leader] = field(default_factory=list)
    lines: list[OrderLine] = field(default_factory=list)
    expired: int = 0
    _numbers: Iterator[int] = field(init=False)
    _dice: random.Random = field(init=False)
    _preparer: User = field(init=False)
    _approver: User = field(init=False)

    def __post_init__(self) -> None:
        """Three leaders: one earns much, one little, one is a firm; all payees are verified."""
        self._dice = random.Random(self.seed)
        self._numbers = iter(range(1, 10_000))
        self._preparer, self._approver = (UserFactory.create(role=Role.FINANCE) for _ in "ab")
        kinds = (PayeeKind.INDIVIDUAL, PayeeKind.INDIVIDUAL, PayeeKind.COMPANY)
        for number, kind in enumerate(kinds, start=1):
            leader = LeaderFactory.create(code=f"LM{number}")
            PickupPointFactory.create(leader=leader)
            ResidentFactory.create(leader=leader)
            PayeeFactory.create(leader=leader, kind=kind)
            self.leaders.append(leader)

    def play(self) -> None:
        """Let the days pass, and then two weeks in which nothing is sold any more."""
        for number in range(DAYS + 14):
            day = FIRST_DAY + timedelta(days=number)
            now = datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)
            if number < DAYS:
                self._sell(day, now)
                self._claim(now)
            commissions_take_back(now=now)
            commission_release(now=now)
            statements_issue_due(now=now)
            if day.isoweekday() == PAID_ON:
                self._pay(now)

    def _sell(self, day: date, now: datetime) -> None:
        """One campaign delivered today: two orders each; some are resold, some come short."""
        campaign = CampaignFactory.create(code=f"M{day:%m%d}", delivery_date=day)
        run = CutoffRunFactory.create(campaign=campaign)
        offer = OfferFactory.create(campaign=campaign)
        for leader in self.leaders:
            for _order in range(2):
                line = self._ordered(leader, campaign, offer, day)
                AllocationFactory.create(order_line=line, run=run)
                if self._dice.random() < 0.15:
                    self._refund(line, RefundReason.SHORTAGE, now)
                self.lines.append(line)
        commission_hold(run=run, now=now)

    def _ordered(self, leader: Leader, campaign: object, offer: object, day: date) -> OrderLine:
        """An order of one line, with the rule of its leader's level on the day."""
        is_big = leader == self.leaders[0]
        is_resold = leader == self.leaders[1] and self._dice.random() < 0.4
        order = OrderFactory.create(
            order_no=f"M{next(self._numbers):05d}",
            campaign=campaign,
            leader=leader,
            pickup_point=leader.pickup_points.get(),
            resident=leader.residents.get(),
            commission_plan_code="formal" if day < LEVEL_CHANGES_ON else "gold",
            commission_rate_bp=1_000 if day < LEVEL_CHANGES_ON else 1_100,
            commission_hold_days=3,
            reseller=self.leaders[2] if is_resold else None,
            resell_rate_bp=400 if is_resold else None,
        )
        price_fen = (
            self._dice.randint(40_000, 90_000) * 10 if is_big else self._dice.randint(90, 900)
        )
        line: OrderLine = OrderLineFactory.create(
            order=order,
            line_no=1,
            offer=offer,
            qty=self._dice.randint(2, 4),
            unit_price_fen=price_fen,
        )
        line.refresh_from_db()
        PaymentFactory.create(order=order, amount_fen=line.amount_fen)
        return line

    def _claim(self, now: datetime) -> None:
        """Residents claim: of goods of yesterday, of last week, and long after the payout."""
        for days in (1, 5, 13):
            sold = [
                line
                for line in self.lines
                if line.order.campaign.delivery_date == (now - timedelta(days=days)).date()
            ]
            for line in sold:
                if self._dice.random() < 0.2:
                    self._refund(line, RefundReason.AFTER_SALES, now)

    def _refund(self, line: OrderLine, reason: RefundReason, now: datetime) -> None:
        """A part of what is left of a line goes back, or all of it."""
        left_fen = line.amount_fen - sum(row.amount_fen for row in line.refund_lines.all())
        if not left_fen:
            return
        amount_fen = self._dice.choice([left_fen, self._dice.randint(1, left_fen)])
        refund = RefundFactory.create(
            payment=Payment.objects.get(order=line.order),
            out_refund_no=f"RM{next(self._numbers):05d}",
            reason=reason,
            amount_fen=amount_fen,
            state=RefundState.SUCCEEDED,
            requested_at=now,
        )
        RefundLineFactory.create(refund=refund, order_line=line, qty=1, amount_fen=amount_fen)

    def _pay(self, now: datetime) -> None:
        """Pay everything that is issued; the first payout of all is not confirmed in time."""
        statements = [
            statement
            for statement in SettlementStatement.objects.filter(state=SettlementState.ISSUED)
            if payee_ready(statement.leader, PayoutChannel.WECHAT)
        ]
        if not statements:
            return
        batch = batch_prepare(
            statement_ids=[statement.pk for statement in statements],
            channel=PayoutChannel.WECHAT,
            actor=self._preparer,
            now=now,
        )
        batch_approve(batch_id=batch.pk, actor=self._approver, now=now)
        for payout in Payout.objects.filter(batch=batch).order_by("pk"):
            # What a submission writes; the conversation itself is tested over HTTP.
            Payout.objects.filter(pk=payout.pk).update(state=PayoutState.SUBMITTED)
            is_paid = self.expired > 0
            self.expired += not is_paid
            status = PayoutStatus.PAID if is_paid else PayoutStatus.EXPIRED
            report = PayoutReport(
                payout_no=payout.payout_no, status=status, amount_fen=payout.amount_fen
            )
            payout_report_apply(report=report, now=now)
