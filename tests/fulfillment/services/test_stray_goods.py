"""Goods nobody ordered: a case, and no figure of the night."""

from uuid import uuid4

import pytest
from pytest_django import Settings

from fulfillment.domain.receiving import StrayOutcome
from fulfillment.errors import CountNotPossible, DayClosed
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, Stage
from fulfillment.services.exceptions import NOTE_LENGTH
from fulfillment.services.stray_goods import StrayGoods, stray_goods_record
from leaders.models.accounts import User
from tests.factories.fulfillment import CutoffRunFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def run() -> CutoffRun:
    run: CutoffRun = CutoffRunFactory.create()
    return run


@pytest.fixture
def receiver() -> User:
    user: User = UserFactory.create()
    return user


def pears(description: str = "Pears 5 kg", qty: int = 4) -> StrayGoods:
    return StrayGoods(
        description=description, qty=qty, outcome=StrayOutcome.RETURNED, brought_by="S1 Fruit"
    )


def test_goods_nobody_ordered_are_a_case_that_the_supplier_bears(
    run: CutoffRun, receiver: User
) -> None:
    event_id = uuid4()
    for _time in range(2):
        stray_goods_record(
            run=run, goods=pears(), event_id=event_id, actor=receiver, now=run.created_at
        )

    case = ExceptionCase.objects.get()
    assert (case.stage, case.cause, case.qty, case.sku) == (Stage.RECEIVE, Cause.WRONG, 4, None)
    assert case.proposed_bearer == Bearer.SUPPLIER
    assert case.note == "S1 Fruit · Pears 5 kg · Given back to the driver"


def test_a_long_description_is_cut_and_the_outcome_is_kept(run: CutoffRun, receiver: User) -> None:
    case = stray_goods_record(
        run=run, goods=pears("x" * 300), event_id=uuid4(), actor=receiver, now=run.created_at
    )

    assert len(case.note) == NOTE_LENGTH
    assert case.note.endswith("x · Given back to the driver")


@pytest.mark.parametrize("goods", [pears(description="  "), pears(qty=0)])
def test_goods_are_described_and_counted(run: CutoffRun, receiver: User, goods: StrayGoods) -> None:
    with pytest.raises(CountNotPossible):
        stray_goods_record(
            run=run, goods=goods, event_id=uuid4(), actor=receiver, now=run.created_at
        )


def test_nothing_is_noted_after_the_day(run: CutoffRun, receiver: User) -> None:
    CutoffRun.objects.update(day_closed_at=run.created_at, day_closed_by=receiver)

    with pytest.raises(DayClosed):
        stray_goods_record(
            run=run, goods=pears(), event_id=uuid4(), actor=receiver, now=run.created_at
        )
