"""Levels in the admin: a buyer sets them and looks at their changes."""

import pytest
from django.test import Client

from leaders.models.levels import LeaderLevel
from tests.factories.leaders import LeaderFactory
from tests.factories.levels import LevelReviewFactory, ladder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_levels_are_listed_with_rate_and_leaders(buyer: Client) -> None:
    LeaderFactory.create(level=ladder()[1])

    html = buyer.get("/admin/leaders/leaderlevel/").content.decode()

    assert "正式" in html
    assert "10 %" in html


def test_a_buyer_changes_what_a_level_asks(buyer: Client) -> None:
    level = ladder()[2]

    response = buyer.post(
        f"/admin/leaders/leaderlevel/{level.pk}/change/",
        {
            "code": level.code,
            "name": level.name,
            "rank": level.rank,
            "commission_plan": level.commission_plan_id,
            "min_orders": 500,
            "min_buyers": 4,
        },
    )

    assert response.status_code == 302
    assert LeaderLevel.objects.get(pk=level.pk).min_orders == 500


def test_changes_of_level_are_only_shown(buyer: Client) -> None:
    trial, formal, _gold = ladder()
    review = LevelReviewFactory.create(from_level=formal, to_level=trial)
    place = "/admin/leaders/levelreview/"

    assert buyer.get(place).status_code == 200
    assert buyer.get(f"{place}{review.pk}/change/").status_code == 200
    assert buyer.get(f"{place}add/").status_code == 403
