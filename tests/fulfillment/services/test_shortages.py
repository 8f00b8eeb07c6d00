"""Who decides that somebody goes without, and when it is too late to decide."""

from datetime import datetime, timedelta

import pytest

from fulfillment.domain.allocation import ShortageRule
from fulfillment.domain.cutoff_run import Step
from fulfillment.errors import DayClosed, ShortagesFinal, StepOutOfOrder
from fulfillment.models.allocation import ShortageChoice
from fulfillment.models.cutoff_run import CutoffRun, StepState
from fulfillment.services.shortages import shortage_choose, shortages_finalize
from leaders.models.accounts import User
from tests.builders import OPENS_AT
from tests.factories.fulfillment import CutoffRunFactory, StepRecordFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT


@pytest.fixture
def run() -> CutoffRun:
    run: CutoffRun = CutoffRunFactory.create()
    StepRecordFactory.create(run=run, name=Step.ALLOCATE, state=StepState.DONE, finished_at=NIGHT)
    return run


@pytest.fixture
def supervisor() -> User:
    user: User = UserFactory.create()
    return user


def test_shortages_become_final_once(run: CutoffRun, supervisor: User) -> None:
    first = shortages_finalize(run=run, actor=supervisor, now=NIGHT)
    second = shortages_finalize(run=run, actor=supervisor, now=NIGHT + timedelta(minutes=1))

    assert (first, second) == (True, False)
    run.refresh_from_db()
    assert run.shortages_final_at == NIGHT


def test_nothing_is_final_before_the_goods_are_shared_out(supervisor: User) -> None:
    run = CutoffRunFactory.create()

    with pytest.raises(StepOutOfOrder):
        shortages_finalize(run=run, actor=supervisor, now=NIGHT)

    run.refresh_from_db()
    assert run.shortages_final_at is None


def test_a_closed_day_stays_as_it_is(run: CutoffRun, supervisor: User) -> None:
    CutoffRun.objects.update(day_closed_at=NIGHT, day_closed_by=supervisor)

    with pytest.raises(DayClosed):
        shortages_finalize(run=run, actor=supervisor, now=NIGHT)
    with pytest.raises(DayClosed):
        shortage_choose(
            run=run, sku_id=None, rule=ShortageRule.LEADER_QUOTA, actor=supervisor, now=NIGHT
        )


def test_the_last_choice_for_a_sku_or_for_the_wave_counts(run: CutoffRun, supervisor: User) -> None:
    sku = SkuFactory.create()

    for rule in (ShortageRule.LEADER_QUOTA, ShortageRule.PAID_TIME):
        shortage_choose(run=run, sku_id=sku.pk, rule=rule, actor=supervisor, now=NIGHT)
        shortage_choose(run=run, sku_id=None, rule=rule, actor=supervisor, now=NIGHT)

    assert set(ShortageChoice.objects.values_list("sku_id", "rule")) == {
        (sku.pk, "paid_time"),
        (None, "paid_time"),
    }


def test_no_rule_is_chosen_once_money_goes_back(run: CutoffRun, supervisor: User) -> None:
    shortages_finalize(run=run, actor=supervisor, now=NIGHT)

    with pytest.raises(ShortagesFinal):
        shortage_choose(
            run=run, sku_id=None, rule=ShortageRule.LEADER_QUOTA, actor=supervisor, now=NIGHT
        )
