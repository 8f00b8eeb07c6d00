"""A plan that is stored after the goods were shared out again during its search."""

from collections.abc import Callable, Mapping
from datetime import datetime

import pytest

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.allocation import AllocationCause
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.books import books_check
from fulfillment.services import cutoff_run
from fulfillment.services.allocation import allocation_rerun
from fulfillment.services.delivery import run_plan
from tests.builders import OPENS_AT
from tests.factories.shortages import arrive, sku_of
from tests.fulfillment.services.days import BUDGET, sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=3)


def test_a_plan_carries_what_came_while_it_was_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    def plan_slowly(
        *, run: CutoffRun, budget: object, now: datetime
    ) -> Callable[[], Mapping[str, int | str]]:
        store = run_plan(run=run, budget=BUDGET, now=now)
        arrive(run, "K2", 2, at=NIGHT)
        allocation_rerun(
            run=run,
            sku_id=sku_of("K2").pk,
            cause=AllocationCause.RECOUNT,
            actor=None,
            now=NIGHT,
        )
        return store

    monkeypatch.setattr(cutoff_run, "run_plan", plan_slowly)

    run = sharing()

    drop = Drop.objects.get(pickup_point__code="L1")
    assert (drop.pieces, Stop.objects.get(drop=drop).weight_g) == (9, 4500)
    assert run.steps.get(name=Step.ROUTE).figures["stops"] == 2
    assert [result.name for result in books_check() if result.violations] == []
