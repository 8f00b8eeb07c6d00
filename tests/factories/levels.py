"""Levels of leaders and the sales that earn them."""

from datetime import UTC, date, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from leaders.models.commission_plans import CommissionPlan
from leaders.models.leaders import Leader
from leaders.models.level_reviews import LevelReview
from leaders.models.levels import LeaderLevel
from orders.models.campaigns import Campaign
from orders.models.orders import Order, OrderLine, OrderState
from tests.factories.leaders import CommissionPlanFactory, LeaderFactory, PickupPointFactory
from tests.factories.orders import CampaignFactory, OfferFactory, ResidentFactory


class LeaderLevelFactory(DjangoModelFactory[LeaderLevel]):
    """A level that asks for nothing, with a plan of its own."""

    class Meta:
        model = LeaderLevel
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"level-{n}")
    name = Sequence(lambda n: f"等级{n}")
    rank = Sequence(lambda n: n + 1)


class LevelReviewFactory(DjangoModelFactory[LevelReview]):
    """A fall that is announced for 20 March 2026."""

    class Meta:
        model = LevelReview

    leader = SubFactory(LeaderFactory)
    to_level = SubFactory(LeaderLevelFactory, commission_plan=SubFactory(CommissionPlanFactory))
    figures: dict[str, int] = {}
    noticed_at = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)
    effective_on = date(2026, 3, 20)


def ladder() -> tuple[LeaderLevel, LeaderLevel, LeaderLevel]:
    """Trial at 8 %, formal from 3 orders at 10 %, gold from 6 orders of 4 buyers at 11 %."""
    return (
        _level("trial", "试用", 1, 800),
        _level("formal", "正式", 2, 1000, min_orders=3, max_claim_bp=2000),
        _level("gold", "金牌", 3, 1100, min_orders=6, min_buyers=4, min_on_time_bp=9500),
    )


def sold_in_bulk(
    leader: Leader,
    count: int,
    *,
    campaign: Campaign | None = None,
    paid_at: datetime = datetime(2026, 3, 10, 2, 0, tzinfo=UTC),
    state: OrderState = OrderState.PAID,
) -> list[Order]:
    """So many paid orders of one line each, by as many residents, in few queries."""
    campaign = campaign or CampaignFactory.create()
    offer = OfferFactory.create(campaign=campaign)
    point = PickupPointFactory.create(leader=leader)
    residents = type(ResidentFactory.build(leader=leader)).objects.bulk_create(
        ResidentFactory.build_batch(count, leader=leader)
    )
    orders = Order.objects.bulk_create(
        Order(
            order_no=f"{campaign.code}-{leader.code}-{number}",
            campaign=campaign,
            leader=leader,
            pickup_point=point,
            resident=resident,
            state=state,
            resident_name=resident.name,
            resident_phone=resident.phone,
            building=resident.building,
            room=str(number),
            total_fen=1000,
            placed_at=paid_at,
            paid_at=None if state == OrderState.PENDING_PAYMENT else paid_at,
        )
        for number, resident in enumerate(residents)
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            line_no=1,
            offer=offer,
            sku=offer.sku,
            sku_name=offer.sku.name,
            unit=offer.sku.unit,
            qty=2,
            unit_price_fen=500,
        )
        for order in orders
    )
    return orders


def _level(code: str, name: str, rank: int, rate_bp: int, **asks: int) -> LeaderLevel:
    plan, _created = CommissionPlan.objects.get_or_create(
        code=f"LEVEL-{rank}", defaults={"name": name, "rate_bp": rate_bp}
    )
    return LeaderLevelFactory.create(code=code, name=name, rank=rank, commission_plan=plan, **asks)
