"""The operator's page of who sells how much."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from fulfillment.selectors.concentration import sales_concentration
from leaders.models.accounts import Role
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.levels import sold_in_bulk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NOW = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)


def page(client: Client) -> str:
    with time_machine.travel(NOW, tick=False):
        return client.get("/concentration/").content.decode()


def test_the_largest_comes_first_with_its_share(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    small, large = LeaderFactory.create(code="L1"), LeaderFactory.create(code="L2")
    sold_in_bulk(small, 1)
    sold_in_bulk(large, 3)

    with django_assert_num_queries(1):
        shares = sales_concentration(NOW)

    assert [(row.code, row.share_bp, row.so_far_bp) for row in shares.rows] == [
        ("L2", 7500, 7500),
        ("L1", 2500, 10_000),
    ]
    assert shares.figures.top_leader_bp == 7500


def test_above_the_limits_the_operator_is_warned(buyer: Client, settings: Settings) -> None:
    sold_in_bulk(LeaderFactory.create(), 2)

    assert page(buyer).count('role="alert"') == 2

    settings.CONCENTRATION_TOP_LEADER_BP = settings.CONCENTRATION_TOP_TENTH_BP = 10_000
    assert 'role="alert"' not in page(buyer)


def test_without_sales_the_page_says_so(buyer: Client) -> None:
    assert "Nothing sold yet" in page(buyer)


@pytest.mark.parametrize("role", [Role.LEADER, Role.RECRUITER, Role.FINANCE])
def test_the_page_is_the_operators(client: Client, role: Role) -> None:
    client.force_login(UserFactory.create(role=role))

    assert client.get("/concentration/").status_code == 403
