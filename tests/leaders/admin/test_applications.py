"""Applications in the admin: there to be read."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from leaders.models.applications import LeaderApplication, PointKind

pytestmark = pytest.mark.django_db

LIST = "/admin/leaders/leaderapplication/"


@pytest.fixture
def application() -> LeaderApplication:
    return LeaderApplication.objects.create(
        applicant_name="王小芳",
        phone="13800000001",
        community_name="阳光花园",
        address="文化路 8 号",
        point_kind=PointKind.SHOP,
        lng=113.66,
        lat=34.78,
        submitted_at=datetime(2026, 3, 9, 2, 0, tzinfo=UTC),
    )


def test_nobody_decides_here(buyer: Client, application: LeaderApplication) -> None:
    page = buyer.get(LIST).content.decode()

    assert 'name="action"' not in page


def test_the_list_masks_phones(buyer: Client, application: LeaderApplication) -> None:
    page = buyer.get(LIST).content.decode()

    assert "138****0001" in page
    assert application.phone not in page
