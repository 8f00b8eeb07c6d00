"""The figures behind a level: own, kept, of 30 days, with claims and counts."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.models.handover import HandoverState
from fulfillment.selectors.levels import figures_of_leaders, level_standing
from leaders.domain.levels import Figures
from leaders.models.leaders import Leader
from orders.models.claims import ClaimState
from orders.models.orders import Order, OrderLine, OrderState
from tests.factories.fulfillment import DropFactory, HandoverFactory
from tests.factories.leaders import LeaderFactory
from tests.factories.levels import ladder, sold_in_bulk
from tests.factories.orders import ClaimFactory, SkuFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)


@pytest.fixture
def lin() -> Leader:
    return LeaderFactory.create(code="L0001")


def delivered(leader: Leader, *, is_counted: bool, at: datetime = NOW) -> None:
    """A delivery at a point of the leader that was taken over, counted or not."""
    drop = DropFactory.create(pickup_point__leader=leader)
    handover = HandoverFactory.create(
        stop__drop=drop,
        state=HandoverState.ACCEPTED,
        confirmed_at=at,
        claim_until=at + timedelta(hours=2),
    )
    if is_counted:
        handover.counts.create(
            sku=SkuFactory.create(),
            expected_qty=3,
            counted_qty=3,
            counted_at=at,
            counted_by=handover.confirmed_by,
        )


def test_orders_buyers_claims_and_counts_are_of_thirty_days(lin: Leader) -> None:
    orders = sold_in_bulk(lin, 4)
    Order.objects.filter(pk=orders[1].pk).update(resident=orders[0].resident)
    sold_in_bulk(lin, 2, paid_at=NOW - timedelta(days=30))
    lines = list(OrderLine.objects.filter(order__in=orders).order_by("pk"))
    for _ in range(2):
        ClaimFactory.create(order_line=lines[0], state=ClaimState.APPROVED, decided_at=NOW)
    ClaimFactory.create(order_line=lines[1], state=ClaimState.REJECTED, decided_at=NOW)
    ClaimFactory.create(order_line=lines[2])
    delivered(lin, is_counted=True)
    delivered(lin, is_counted=False)
    delivered(lin, is_counted=True, at=NOW - timedelta(days=31))

    assert figures_of_leaders([lin], NOW)[lin.pk] == Figures(
        orders=4, buyers=3, lines=4, claimed_lines=1, deliveries=2, counted_in_time=1
    )


@pytest.mark.parametrize(
    "state", [OrderState.CANCELLED, OrderState.REFUNDED, OrderState.PENDING_PAYMENT]
)
def test_orders_that_were_given_back_or_never_paid_do_not_count(
    lin: Leader, state: OrderState
) -> None:
    sold_in_bulk(lin, 2, state=state)

    assert figures_of_leaders([lin], NOW) == {}


def test_every_leader_has_their_own_figures_in_two_queries(
    lin: Leader, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = LeaderFactory.create()
    sold_in_bulk(lin, 2)
    sold_in_bulk(other, 3)
    delivered(other, is_counted=True)

    with django_assert_num_queries(2):
        figures = figures_of_leaders([lin, other], NOW)

    assert (figures[lin.pk].orders, figures[lin.pk].deliveries) == (2, 0)
    assert (figures[other.pk].orders, figures[other.pk].deliveries) == (3, 1)


def test_the_standing_names_the_next_level_and_what_it_needs(lin: Leader) -> None:
    trial, formal, gold = ladder()
    sold_in_bulk(lin, 4)
    lin.level = formal

    standing = level_standing(lin, NOW)

    assert (standing.level, standing.next_level) == (formal, gold)
    assert standing.lacking_own is not None
    assert standing.lacking_own.is_nothing
    assert standing.lacking_next is not None
    assert (standing.lacking_next.orders, standing.lacking_next.buyers) == (2, 0)
    assert standing.levels == (trial, formal, gold)


def test_at_the_top_nothing_is_next(lin: Leader) -> None:
    lin.level = ladder()[2]

    standing = level_standing(lin, NOW)

    assert (standing.next_level, standing.lacking_next) == (None, None)
