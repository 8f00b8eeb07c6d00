"""The report pages: what they show, to whom, and with how many queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fulfillment.domain.kpi_parts import Parts, parts_to_json
from fulfillment.models.figures import CohortFigures
from leaders.models.accounts import Role
from orders.models.campaigns import Campaign
from orders.models.reconciliation import BillCheck, BillDifference
from tests.factories.figures import (
    CampaignFiguresFactory,
    LeaderFiguresFactory,
    PointFiguresFactory,
    SkuFiguresFactory,
    told_day,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import CampaignFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
YESTERDAY = date(2026, 3, 11)
PAGES = ("", "skus/", "leaders/", "refunds/", "delivery/", "cohorts/", "areas/")
# The log-in, cities, the newest day, then the report's own; a league counts its rows as well.
QUERIES = {"": 8, "skus/": 6, "leaders/": 6, "refunds/": 5, "delivery/": 5, "cohorts/": 5}


def campaign(number: int, *, on: date = YESTERDAY, city: str = "青石") -> Campaign:
    made: Campaign = CampaignFactory.create(code=f"F{number}", city=city, delivery_date=on)
    return made


def figures(number: int, parts: Parts, *, on: date = YESTERDAY, city: str = "青石") -> Campaign:
    """A campaign with these parts."""
    of = campaign(number, on=on, city=city)
    CampaignFiguresFactory.create(campaign=of, parts=parts_to_json(parts))
    return of


def page(client: Client, path: str = "", **asked: str) -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get(f"/reports/{path}", asked)
    assert response.status_code == 200
    return response.content.decode()


def test_a_tile_shows_figure_target_and_change_with_its_formula(buyer: Client) -> None:
    figures(1, Parts(orders=1, pieces=1_000, allocated_pieces=990))
    figures(2, Parts(orders=1, pieces=100, allocated_pieces=97), on=YESTERDAY - timedelta(days=1))

    shown = page(buyer, span="1")

    assert '<p class="kpi__value">99%</p>' in shown
    assert "Target at least 98.5%" in shown
    assert "+2.00 points to before" in shown
    assert "Allocated pieces ÷ paid pieces." in shown
    # Of what nobody knows a dash is shown.
    assert '<p class="kpi__value">—</p>' in shown


def test_the_newest_day_with_figures_ends_the_period(buyer: Client) -> None:
    figures(1, Parts(orders=1, paid_fen=100), on=date(2026, 2, 1))

    assert "2026-01-26 – 2026-02-01" in page(buyer)


def test_city_and_own_days_are_kept(buyer: Client) -> None:
    figures(1, Parts(orders=1, paid_fen=12_300))
    figures(2, Parts(orders=1, paid_fen=70_000), city="白水")

    shown = page(buyer, span="own", from_on="2026-03-01", until_on="2026-03-11", city="青石")

    assert "2026-03-01 – 2026-03-11" in shown
    assert "¥123.00" in shown
    assert "¥823.00" not in shown
    assert "¥823.00" in page(buyer)


@pytest.mark.parametrize(
    "asked",
    [
        {"span": "own"},
        {"span": "own", "from_on": "2026-03-11", "until_on": "2026-03-01"},
        {"span": "own", "from_on": "2020-01-01", "until_on": "2026-03-01"},
        {"span": "1000"},
        {"city": "nowhere"},
    ],
)
def test_what_makes_no_sense_shows_the_usual_week(buyer: Client, asked: dict[str, str]) -> None:
    shown = page(buyer, **asked)

    assert "The last 7 days are shown." in shown
    assert "2026-03-05 – 2026-03-11" in shown


def test_a_gap_to_the_bills_counts_what_is_not_cleared_up(buyer: Client) -> None:
    check = BillCheck.objects.create(
        provider="sandbox",
        bill_date=YESTERDAY,
        checked_at=NOW,
        payments=1,
        payments_fen=1,
        refunds=0,
        refunds_fen=0,
        fee_fen=0,
    )
    for number, (ours, theirs) in enumerate([(500, 700), (None, 100)]):
        BillDifference.objects.create(
            check_of=check,
            kind="payment_amount",
            number=str(number),
            ours_fen=ours,
            theirs_fen=theirs,
        )

    assert "¥3.00" in page(buyer)


def test_leagues_are_sorted_by_what_is_asked_for(buyer: Client) -> None:
    of = campaign(1)
    SkuFiguresFactory.create(campaign=of, sku__name="甲", paid_fen=900, claims=2, lines=4)
    SkuFiguresFactory.create(campaign=of, sku__name="乙", paid_fen=1_000, claims=1, lines=4)
    LeaderFiguresFactory.create(campaign=of, leader__name="丙", paid_fen=900, orders=9)
    LeaderFiguresFactory.create(campaign=of, leader__name="丁", paid_fen=1_000, orders=1)
    CampaignFiguresFactory.create(campaign=of)

    assert page(buyer, "skus/").index("乙") < page(buyer, "skus/").index("甲")
    by_claims = page(buyer, "skus/", sort="claim")
    assert by_claims.index("甲") < by_claims.index("乙")
    assert "50%" in by_claims
    by_orders = page(buyer, "leaders/", sort="orders")
    assert by_orders.index("丙") < by_orders.index("丁")
    assert "¥1.00" in by_orders


def test_refunds_and_claims_stand_with_their_shares(buyer: Client) -> None:
    figures(
        1,
        Parts(
            lines=200,
            paid_fen=100_000,
            refunded_fen=1_500,
            refunds_fen={"shortage": 1_000, "after_sales": 500},
            claims=3,
            claims_by_kind={"spoiled": 3},
        ),
    )

    shown = page(buyer, "refunds/")

    assert shown.index("Shortage") < shown.index("After-sales")
    assert '¥10.00</td><td class="qty">1%' in shown
    assert '3</td><td class="qty">1.5%' in shown


def test_delivery_costs_are_those_of_the_trips(buyer: Client) -> None:
    run = told_day().run
    CampaignFiguresFactory.create(campaign=run.campaign)

    shown = {by: page(buyer, "delivery/", by=by) for by in ("route", "driver", "vehicle")}

    assert ">R01<" in shown["route"]
    assert "V1 青A·T0001" in shown["vehicle"]
    # The same trips cost the same however they are looked at.
    costs = {text.split("<tfoot>")[1].split("</tfoot>")[0] for text in shown.values()}
    assert len(costs) == 1
    assert "24</td>" in costs.pop()


def test_cohorts_show_who_came_again(buyer: Client) -> None:
    figures(1, Parts(orders=1))
    for weeks_after, residents in ((0, 40), (1, 18)):
        CohortFigures.objects.create(
            city="青石",
            first_week=date(2026, 3, 2),
            weeks_after=weeks_after,
            residents=residents,
        )

    shown = page(buyer, "cohorts/")

    assert "2026-03-02" in shown
    assert 'heat--4">45%' in shown


def test_areas_add_up_their_points(buyer: Client) -> None:
    of = figures(1, Parts(orders=1))
    first = PointFiguresFactory.create(campaign=of, paid_fen=600)
    PointFiguresFactory.create(
        campaign=of, paid_fen=200, pickup_point__community=first.pickup_point.community
    )
    PointFiguresFactory.create(campaign=of, paid_fen=200)

    shown = page(buyer, "areas/")

    assert "¥8.00</td>" in shown
    assert "80%" in shown
    assert '"fen": 600' in shown


@pytest.mark.parametrize("path", QUERIES)
def test_pages_take_a_fixed_number_of_queries(
    buyer: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        of = figures(number, Parts(orders=2, paid_fen=500), on=YESTERDAY - timedelta(days=number))
        for made in (LeaderFiguresFactory, SkuFiguresFactory, PointFiguresFactory):
            made.create_batch(3, campaign=of)

    with django_assert_num_queries(QUERIES[path]):
        page(buyer, path)


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_report_says_so(buyer: Client, path: str) -> None:
    assert any(
        words in page(buyer, path)
        for words in ("No campaign was delivered on these days", "Nothing on these days")
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.FINANCE, 200), (Role.COMPLIANCE, 200), (Role.LEADER, 403), (Role.SERVICE, 403)],
)
def test_reports_open_to_buyers_finance_and_compliance(
    client: Client, role: Role, status: int
) -> None:
    client.force_login(UserFactory.create(role=role))

    assert {client.get(f"/reports/{path}").status_code for path in PAGES} == {status}
