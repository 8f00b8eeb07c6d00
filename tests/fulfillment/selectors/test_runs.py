"""Runs to choose from."""

from datetime import date

import pytest

from fulfillment.selectors.runs import runs_of_newest_days
from tests.factories.fulfillment import CutoffRunFactory

pytestmark = pytest.mark.django_db


def test_every_city_of_the_newest_days_can_be_chosen() -> None:
    for number, day in enumerate((9, 10, 10, 11, 11, 11)):
        CutoffRunFactory.create(
            campaign__code=f"C{number}", campaign__delivery_date=date(2026, 3, day)
        )

    codes = [run.campaign.code for run in runs_of_newest_days(2)]

    assert codes == ["C5", "C4", "C3", "C2", "C1"]
