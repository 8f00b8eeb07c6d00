"""Scales and portions in the admin."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from fulfillment.admin.weighing import ScaleAdmin
from fulfillment.models.weighing import Scale, WeighedPortion
from tests.factories.fulfillment import WarehouseFactory
from tests.factories.weighing import ScaleFactory, WeighedPortionFactory

pytestmark = pytest.mark.django_db


def test_a_buyer_enters_a_scale_with_its_verification(buyer: Client) -> None:
    answer = buyer.post(
        "/admin/fulfillment/scale/add/",
        {
            "code": "SC1",
            "warehouse": WarehouseFactory.create().pk,
            "is_active": "on",
            "certificate_no": "豫计检字 2026-0117",
            "verified_until": "2027-01-16",
        },
    )

    assert answer.status_code == 302
    assert Scale.objects.get().verified_until == date(2027, 1, 16)


def test_a_scale_weighs_until_the_last_day_of_its_verification() -> None:
    page = ScaleAdmin(Scale, admin.site)
    today = timezone.localdate()

    weighs = [
        page.may_weigh(ScaleFactory.create(verified_until=today)),
        page.may_weigh(ScaleFactory.create(verified_until=today - timedelta(days=1))),
        page.may_weigh(ScaleFactory.create(verified_until=today, is_active=False)),
    ]

    assert weighs == [True, False, False]


def test_the_list_shows_which_portions_count(buyer: Client) -> None:
    standing = WeighedPortionFactory.create()
    wrong = WeighedPortionFactory.create(scale=standing.scale)
    WeighedPortionFactory.create(
        allocation=wrong.allocation, undoes=wrong, scale=wrong.scale, event_id=uuid4()
    )

    html = buyer.get("/admin/fulfillment/weighedportion/").content.decode()

    assert html.count('alt="True"') == 1
    assert html.count('alt="False"') == 2
    assert WeighedPortion.objects.count() == 3


def test_nobody_changes_a_portion(buyer: Client) -> None:
    portion = WeighedPortionFactory.create()

    page = f"/admin/fulfillment/weighedportion/{portion.pk}/"

    assert buyer.get(f"{page}change/").status_code == 200
    assert buyer.post(f"{page}change/", {"gross_g": 1}).status_code == 403
    assert buyer.get("/admin/fulfillment/weighedportion/add/").status_code == 403
