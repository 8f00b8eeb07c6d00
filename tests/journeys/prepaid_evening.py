"""The last quarter of an hour of a campaign, as steps that can be taken again.

People who get no answer ask again, and schedules come back: so whoever finds
an evening interrupted takes the step it stopped at once more, and goes on. The
clock goes on, too. The provider is the sandbox, which keeps its own tables and
commits its own effects, with one trade that it does not want to talk about
until after the freeze.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from leaders.errors import DomainError
from leaders.models.accounts import User
from orders.domain.basket import BasketLine, OrderRequest, Receiver
from orders.domain.claims import ClaimRequest
from orders.domain.gateway import RefundOrder, RefundReport, RefundStatus, TradeReport
from orders.domain.messages import Envelope
from orders.errors import GatewayUnavailable
from orders.integrations.sandbox import SandboxGateway
from orders.models.campaigns import Campaign, CampaignState
from orders.models.claims import Claim, ClaimKind
from orders.models.orders import Order, OrderLine, OrderSource
from orders.models.outbox import SubscriptionQuota, Topic
from orders.models.payments import Payment, Refund, RefundState, SandboxRefund, SandboxTrade
from orders.services.campaign_opening import campaign_open
from orders.services.campaigns import campaign_freeze
from orders.services.cancellation import order_cancel
from orders.services.claims import ClaimDecision, claim_decide, claim_file
from orders.services.payment_reports import notice_receive
from orders.services.payment_sweep import payment_refresh
from orders.services.payments import payment_begin
from orders.services.placement import order_place
from orders.services.refund_submission import refund_renew
from orders.services.refunds import LineRefund, shortage_refunds_request
from tests.factories.leaders import PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory
from tests.simulation.invariants import ProviderBooks
from tests.simulation.schedule import advance

FIRST_DAY = datetime(2026, 3, 10, tzinfo=UTC)
# 22:50 in Shanghai; orders close at 22:58, payments at 23:01, the freeze is at 23:03.
START = timedelta(hours=14, minutes=50)


class Person(IntEnum):
    """Who orders what, and what becomes of it; the number is the resident's."""

    NOTICED = 0
    UNNOTICED = 1
    CHANGES_MIND = 2
    WALKS_AWAY = 3
    UNSPEAKABLE = 4
    FORGETS = 5
    LONELY = 6


@dataclass(slots=True)
class Clock:
    """The time of everybody: ours, and the provider's."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class Provider(SandboxGateway):
    """The sandbox with two bad habits.

    Before `speaks_at` it cannot be asked about one trade, nor told to close
    it; and it closes the first refund for a shortage instead of paying it.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.unspeakable = ""
        self.speaks_at = clock.now

    def query(self, out_trade_no: str) -> TradeReport:
        """Answer, or be out of reach."""
        self._require_speech(out_trade_no)
        return super().query(out_trade_no)

    def close(self, out_trade_no: str) -> None:
        """Close, or be out of reach."""
        self._require_speech(out_trade_no)
        super().close(out_trade_no)

    def refund(self, order: RefundOrder) -> RefundReport:
        """Pay a refund, or close it."""
        if order.out_refund_no.endswith("-S1"):
            return _closed(order.out_refund_no)
        return super().refund(order)

    def query_refund(self, out_refund_no: str) -> RefundReport:
        """Say what has become of a refund."""
        if out_refund_no.endswith("-S1"):
            return _closed(out_refund_no)
        return super().query_refund(out_refund_no)

    def _require_speech(self, out_trade_no: str) -> None:
        if out_trade_no == self.unspeakable and self._clock() < self.speaks_at:
            raise GatewayUnavailable("The provider cannot be reached.")


def _closed(out_refund_no: str) -> RefundReport:
    return RefundReport(
        out_refund_no=out_refund_no, status=RefundStatus.CLOSED, refund_id=f"R{out_refund_no}"
    )


class PaperSender:
    """A channel that takes every message, and a consent for each."""

    needs_consent = True

    def can_reach(self, _envelope: Envelope) -> bool:
        """Everybody has a letter box."""
        return True

    def send(self, envelope: Envelope) -> str:
        """Drop a letter."""
        return envelope.key


@dataclass(frozen=True, slots=True)
class Evening:
    """One campaign and its people; evening 0, 1 … is on a day of its own."""

    day: datetime
    campaign_id: int
    leader_id: int
    resident_ids: Sequence[int]
    offer_ids: Sequence[int]

    def steps(self) -> list[tuple[timedelta, Callable[["Cast"], object]]]:
        """What happens when, in order; every step may be taken again."""
        p = Person
        return [
            *((timedelta(), _placing(person)) for person in Person),
            *((_at(51), _beginning(person)) for person in Person if person != p.FORGETS),
            *((_at(52), _paying(person)) for person in (p.NOTICED, p.CHANGES_MIND, p.LONELY)),
            *((_at(52), _noticing(person)) for person in (p.NOTICED, p.CHANGES_MIND, p.LONELY)),
            (_at(53), _paying(p.UNNOTICED)),
            (_at(54), _looking(p.NOTICED)),
            (_at(54), _cancelling(p.CHANGES_MIND)),
            (_at(54), _cancelling(p.WALKS_AWAY)),
            (_at(55), _paying(p.UNSPEAKABLE)),
            *((_at(minute), _advance) for minute in (55, 56, 58, 60)),
            (_at(61, 5), _advance),
            (_at(63), _advance),
            (_at(63, 1), _freeze),
            (_at(64), _noticing(p.UNSPEAKABLE)),
            (_at(65), _shortage),
            *((_at(minute), _advance) for minute in (66, 70)),
            (_at(75), _renewing),
            *((_at(minute), _advance) for minute in (90, 150, 300, 900)),
            (_at(1000), _claiming),
            (_at(1010), _deciding),
            *((_at(minute), _advance) for minute in (1011, 1012, 1100)),
        ]


@dataclass(slots=True)
class Cast:
    """An evening, its clock and its provider, as the process that plays it holds them."""

    evening: Evening
    clock: Clock
    provider: Provider

    def order(self, person: int) -> Order:
        """The order of a person."""
        return Order.objects.get(
            campaign_id=self.evening.campaign_id, resident_id=self.evening.resident_ids[person]
        )

    def trade(self, person: int) -> str:
        """The number of a person's payment."""
        payments = Payment.objects.filter(order=self.order(person)).order_by("pk")
        return payments.values_list("out_trade_no", flat=True)[0]


def evening_make(number: int) -> Evening:
    """Make the rows of an evening, and open its campaign in the morning."""
    day = FIRST_DAY + timedelta(days=number)
    point = PickupPointFactory.create()
    campaign: Campaign = CampaignFactory.create(
        state=CampaignState.DRAFT,
        opens_at=day + timedelta(hours=0),
        orders_close_at=day + START + timedelta(minutes=8),
        payments_close_at=day + START + timedelta(minutes=11),
        freeze_at=day + START + timedelta(minutes=13),
        delivery_date=(day + timedelta(days=1)).date(),
    )
    plain = OfferFactory.create(campaign=campaign)
    capped = OfferFactory.create(campaign=campaign, stock_cap=30, stock_buckets=3)
    limited = OfferFactory.create(campaign=campaign, per_resident_limit=2, stock_cap=20)
    group = OfferFactory.create(campaign=campaign, min_group_qty=50)
    campaign_open(campaign_id=campaign.pk, now=day + timedelta(hours=1))
    residents = ResidentFactory.create_batch(len(Person), leader=point.leader)
    SubscriptionQuota.objects.bulk_create(
        SubscriptionQuota(resident=resident, topic=topic, remaining=9)
        for resident in residents
        for topic in Topic
    )
    return Evening(
        day=day,
        campaign_id=campaign.pk,
        leader_id=point.leader_id,
        resident_ids=[resident.pk for resident in residents],
        offer_ids=[plain.pk, capped.pk, limited.pk, group.pk],
    )


def sandbox_books() -> ProviderBooks:
    """What the sandbox would swear to."""
    paid = SandboxTrade.objects.filter(paid_at__isnull=False)
    refunds = SandboxRefund.objects.values_list(
        "out_refund_no", "trade__out_trade_no", "amount_fen"
    )
    return ProviderBooks(
        paid=dict(paid.values_list("out_trade_no", "amount_fen")),
        refunds={number: (trade, fen) for number, trade, fen in refunds},
    )


def _at(minute: int, second: int = 0) -> timedelta:
    """Counted from 22:00, as the clocks on the wall show it."""
    return timedelta(minutes=minute - 50, seconds=second)


def _placing(person: int) -> Callable[[Cast], object]:
    def step(cast: Cast) -> None:
        evening = cast.evening
        plain, capped, limited, group = evening.offer_ids
        basket = [group] if person == Person.LONELY else [plain, capped, limited]
        order_place(
            request=OrderRequest(
                campaign_id=evening.campaign_id,
                leader_id=evening.leader_id,
                resident_id=evening.resident_ids[person],
                lines=tuple(BasketLine(offer_id, 2) for offer_id in basket),
                receiver=Receiver("陈海燕", "19906910001", "3栋", "501"),
                request_key=f"person-{person}",
                source=OrderSource.STOREFRONT,
            ),
            clock=cast.clock,
        )

    return step


def _beginning(person: int) -> Callable[[Cast], object]:
    return lambda cast: payment_begin(order_id=cast.order(person).pk, clock=cast.clock)


def _paying(person: int) -> Callable[[Cast], object]:
    return lambda cast: cast.provider.pay(cast.trade(person))


def _noticing(person: int) -> Callable[[Cast], object]:
    def step(cast: Cast) -> None:
        headers, body = cast.provider.notice(cast.trade(person))
        notice_receive(provider=cast.provider.name, headers=headers, body=body, now=cast.clock())

    return step


def _looking(person: int) -> Callable[[Cast], object]:
    def step(cast: Cast) -> None:
        payment = Payment.objects.get(out_trade_no=cast.trade(person))
        payment_refresh(payment_id=payment.pk, now=cast.clock())

    return step


def _cancelling(person: int) -> Callable[[Cast], object]:
    return lambda cast: order_cancel(
        order_id=cast.order(person).pk,
        actor=f"resident:{cast.evening.resident_ids[person]}",
        clock=cast.clock,
    )


def _advance(cast: Cast) -> None:
    advance(now=cast.clock())


def _freeze(cast: Cast) -> None:
    campaign_freeze(campaign_id=cast.evening.campaign_id, now=cast.clock())


def _shortage(cast: Cast) -> None:
    line = OrderLine.objects.filter(order=cast.order(Person.NOTICED)).earliest("pk")
    shortage_refunds_request(
        lines=[
            LineRefund(
                order_no=line.order.order_no,
                order_line_id=line.pk,
                qty=1,
                amount_fen=line.unit_price_fen,
            )
        ],
        business_date=cast.clock().date(),
        now=cast.clock(),
    )


def _renewing(cast: Cast) -> None:
    closed = Refund.objects.filter(
        payment__order__campaign_id=cast.evening.campaign_id, state=RefundState.CLOSED
    )
    for refund_id in closed.values_list("pk", flat=True):
        refund_renew(refund_id=refund_id, now=cast.clock())


def _claiming(cast: Cast) -> None:
    line = OrderLine.objects.filter(order=cast.order(Person.UNNOTICED)).earliest("pk")
    claim_file(
        resident_id=cast.evening.resident_ids[Person.UNNOTICED],
        request=ClaimRequest(
            order_no=line.order.order_no,
            line_no=line.line_no,
            kind=ClaimKind.MISSING,
            qty=1,
            description="",
            photos=(),
            request_key="claim-0001",
        ),
        now=cast.clock(),
    )


def _deciding(cast: Cast) -> None:
    claim = Claim.objects.get(order_line__order=cast.order(Person.UNNOTICED))
    claim_decide(
        claim_id=claim.pk,
        decision=ClaimDecision(approve=True, refund_fen=300, note=""),
        actor=User.objects.earliest("pk"),
        now=cast.clock(),
    )


def step_take(cast: Cast, number: int) -> None:
    """Take one step of the evening; what a rule refuses is an answer, too."""
    moment, step = cast.evening.steps()[number]
    cast.clock.now = cast.evening.day + START + moment
    if number and not cast.provider.unspeakable:
        cast.provider.unspeakable = _unspeakable(cast)
    try:
        step(cast)
    except DomainError:
        return


def _unspeakable(cast: Cast) -> str:
    payments = Payment.objects.filter(
        order__campaign_id=cast.evening.campaign_id,
        order__resident_id=cast.evening.resident_ids[Person.UNSPEAKABLE],
    )
    return payments.values_list("out_trade_no", flat=True).first() or ""
