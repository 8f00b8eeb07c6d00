"""Exceptions typed in by hand: about something, and shared again where goods are gone."""

import pytest
from django.utils import timezone

from fulfillment.errors import CaseNotPlaced
from fulfillment.models.allocation import Allocation, AllocationRun
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.exceptions import Cause, ExceptionCase, Stage
from fulfillment.models.warehouse import Drop
from fulfillment.services.exception_entry import case_enter
from fulfillment.services.exceptions import CaseDraft
from leaders.models.accounts import Role, User
from orders.models.catalogue import Sku
from tests.factories.fulfillment import DropFactory
from tests.factories.leaders import UserFactory
from tests.factories.orders import SkuFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def run() -> CutoffRun:
    return played()


@pytest.fixture
def supervisor() -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    return user


def slot(run: CutoffRun) -> int:
    drop = Drop.objects.filter(wave__run=run).order_by("pk").first()
    assert drop is not None
    return drop.pk


def sku(code: str) -> int:
    return Sku.objects.get(code=code).pk


def entered(run: CutoffRun, actor: User, draft: CaseDraft) -> ExceptionCase:
    return case_enter(run_id=run.pk, draft=draft, actor=actor, now=NOW)


def test_pieces_gone_in_sorting_are_taken_from_those_who_go_without(
    run: CutoffRun, supervisor: User
) -> None:
    before = sum(Allocation.objects.values_list("allocated_qty", flat=True))

    entered(
        run,
        supervisor,
        CaseDraft(stage=Stage.SORT, cause=Cause.DAMAGED, qty=2, sku_id=sku("K2")),
    )

    after = sum(Allocation.objects.values_list("allocated_qty", flat=True))
    assert before - after == 2
    assert AllocationRun.objects.filter(cause="sort_gap", lost_qty=2).count() == 1


def test_pieces_too_many_change_nobodys_share(run: CutoffRun, supervisor: User) -> None:
    entered(run, supervisor, CaseDraft(stage=Stage.SORT, cause=Cause.OVER, qty=2, sku_id=sku("K2")))

    assert not AllocationRun.objects.filter(cause="sort_gap").exists()


def test_a_case_of_the_way_names_goods_and_slot(run: CutoffRun, supervisor: User) -> None:
    case = entered(
        run,
        supervisor,
        CaseDraft(
            stage=Stage.HANDOVER, cause=Cause.SHORT, qty=1, sku_id=sku("K1"), drop_id=slot(run)
        ),
    )

    assert (case.proposed_bearer, case.found_by) == ("driver", supervisor)


def test_goods_nobody_ordered_are_described(run: CutoffRun, supervisor: User) -> None:
    case = entered(
        run, supervisor, CaseDraft(stage=Stage.RECEIVE, cause=Cause.WRONG, qty=3, note="榴莲一箱")
    )

    assert (case.sku, case.note) == (None, "榴莲一箱")


def test_a_case_that_says_nothing_of_its_place_is_refused(run: CutoffRun, supervisor: User) -> None:
    drop_id, k1 = slot(run), sku("K1")
    for draft in (
        CaseDraft(stage=Stage.RECEIVE, cause=Cause.WRONG, qty=1),
        CaseDraft(stage=Stage.SORT, cause=Cause.SHORT, qty=1, note="某物"),
        CaseDraft(stage=Stage.LOAD, cause=Cause.SHORT, qty=1, sku_id=k1),
        CaseDraft(stage=Stage.HANDOVER, cause=Cause.SHORT, qty=1, drop_id=drop_id),
        CaseDraft(
            stage=Stage.LOAD,
            cause=Cause.SHORT,
            qty=1,
            sku_id=SkuFactory.create().pk,
            drop_id=drop_id,
        ),
        CaseDraft(
            stage=Stage.LOAD, cause=Cause.SHORT, qty=1, sku_id=k1, drop_id=DropFactory.create().pk
        ),
    ):
        with pytest.raises(CaseNotPlaced):
            entered(run, supervisor, draft)
