"""P7 and P9, small: money that nobody tells of is found, and late money goes back."""

from datetime import timedelta

import pytest

from tests.simulation.late_money import Fate, fate_of, seconds_to_paid, verdict_due
from tests.simulation.town import FREEZE_AT, PAYMENTS_CLOSE_AT, town_create

pytestmark = pytest.mark.django_db

# Around the clock of payments, and after the freeze.
MOMENTS_S = (-1, 0, 1, 600)
DELAYS_S = (0, 90, 86_400)


@pytest.mark.parametrize("delay_s", DELAYS_S)
@pytest.mark.parametrize("moment_s", MOMENTS_S)
def test_a_notice_may_be_late_but_late_money_always_goes_back(moment_s: int, delay_s: int) -> None:
    paid_at = PAYMENTS_CLOSE_AT + timedelta(seconds=moment_s)
    told_after = timedelta(seconds=delay_s)

    fate = fate_of(town_create(), paid_at=paid_at, told_after=told_after, is_reachable=False)

    due = verdict_due(paid_at=paid_at, heard_at=paid_at + told_after)
    assert fate == Fate(verdict=due, violations=())


@pytest.mark.parametrize("moment_s", MOMENTS_S)
def test_who_asks_hears_of_money_in_time_although_its_notice_takes_a_day(moment_s: int) -> None:
    paid_at = PAYMENTS_CLOSE_AT + timedelta(seconds=moment_s)

    fate = fate_of(town_create(), paid_at=paid_at, told_after=timedelta(days=1), is_reachable=True)

    # The schedule asks between the payment and the freeze, if there is a between.
    heard_at = min(paid_at + timedelta(seconds=60), FREEZE_AT + timedelta(minutes=10))
    assert fate == Fate(verdict_due(paid_at=paid_at, heard_at=heard_at), violations=())


def test_without_any_notice_a_payment_is_known_within_a_few_minutes() -> None:
    waits_s = seconds_to_paid(town_create(), orders=5, every=timedelta(seconds=15))

    assert waits_s[0] >= 0
    assert waits_s[-1] < 300
