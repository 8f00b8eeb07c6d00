"""Closing a day: refused until it is explained, and then for good."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from fulfillment.domain.day_counts import Counted
from fulfillment.domain.exceptions import Stage as Found
from fulfillment.errors import DayClosed, DayNotExplained, DeclarationNotPossible
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.day_close import UnrecordedCount
from fulfillment.models.delivery import Stop, StopState, Trip
from fulfillment.models.exceptions import Bearer, Cause, Stage
from fulfillment.models.leftovers import LeftoverMovement
from fulfillment.models.papers import Document, Paper
from fulfillment.models.sorting import RouteBlock, SortEvent, SortStage
from fulfillment.models.warehouse import Drop, SortTask
from fulfillment.selectors.day_close import day_counts
from fulfillment.services.day_close import (
    Declaration,
    closing_papers_print,
    count_declare_unrecorded,
    day_close,
)
from fulfillment.services.exceptions import (
    CaseDraft,
    case_decide,
    case_open,
    cases_decide_as_proposed,
)
from leaders.models.accounts import Role, User
from orders.models.catalogue import Sku
from orders.models.orders import Order
from tests.factories.fulfillment import (
    DropFactory,
    HandoverFactory,
    SortTaskFactory,
    TripFactory,
)
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def supervisor() -> User:
    user: User = UserFactory.create(role=Role.WAREHOUSE)
    return user


@pytest.fixture
def run(supervisor: User) -> CutoffRun:
    """27 pieces sold, three of K2 short and refunded; nothing entered after the dock."""
    run = played()
    cases_decide_as_proposed(run_id=run.pk, stage=Stage.RECEIVE, note="", actor=supervisor, now=NOW)
    return run


def declare_all(run: CutoffRun, actor: User) -> None:
    """Say of every missing count that nobody will enter it."""
    for missing in day_counts(run).missing:
        assert missing.counted is not None
        assert missing.pk is not None
        declare(run, Stage(missing.stage), missing.counted, missing.pk, actor)


def declare(run: CutoffRun, stage: Stage, counted: Counted, pk: int, actor: User) -> None:
    count_declare_unrecorded(
        run=run,
        declaration=Declaration(stage=stage, counted=counted, pk=pk, reason="全程纸质"),
        actor=actor,
        now=NOW,
    )


def opened(run: CutoffRun, stage: Stage, qty: int, code: str = "K1") -> int:
    drop = Drop.objects.filter(wave__run=run).order_by("pk").first()
    assert drop is not None
    draft = CaseDraft(
        stage=stage,
        cause=Cause.SHORT,
        qty=qty,
        sku_id=Sku.objects.get(code=code).pk,
        drop_id=drop.pk,
    )
    return case_open(run_id=run.pk, draft=draft, actor=None, now=NOW).pk


def test_a_played_day_lists_every_count_nobody_entered(run: CutoffRun) -> None:
    counts = day_counts(run)

    assert [(missing.what, missing.label) for missing in counts.missing] == [
        ("card", "K1"),
        ("card", "K2"),
        ("card", "K3"),
        ("load", "R01"),
        ("stops", "R01"),
    ]
    assert counts.chain.is_explained
    assert not counts.is_explained
    total = counts.chain.total
    assert (total.need, total.allocated, total.refunded) == (27, 24, 3)
    assert (total.sorted, total.loaded, total.delivered) == (None, None, None)


def test_a_day_with_missing_counts_stays_open(run: CutoffRun, supervisor: User) -> None:
    with pytest.raises(DayNotExplained) as refused:
        day_close(run=run, actor=supervisor, now=NOW)

    assert refused.value.details == {"missing": 5, "gaps": 0, "undecided": 0}
    run.refresh_from_db()
    assert run.day_closed_at is None


def test_a_day_on_paper_is_closed_once_somebody_says_so(run: CutoffRun, supervisor: User) -> None:
    declare_all(run, supervisor)

    closed = day_close(run=run, actor=supervisor, now=NOW)

    assert (closed.day_closed_at, closed.day_closed_by) == (NOW, supervisor)
    total = day_counts(run).chain.total
    assert (total.sorted, total.loaded, total.delivered) == (24, 24, 24)
    assert set(UnrecordedCount.objects.values_list("reason", flat=True)) == {"全程纸质"}


def test_closing_keeps_the_spare_on_the_shelf(run: CutoffRun, supervisor: User) -> None:
    declare_all(run, supervisor)
    spare = {sku_id: row.spare for sku_id, row in day_counts(run).chain.by_sku.items() if row.spare}

    day_close(run=run, actor=supervisor, now=NOW)

    assert spare
    assert dict(LeftoverMovement.objects.values_list("sku_id", "qty")) == spare


def test_a_day_is_closed_once(run: CutoffRun, supervisor: User) -> None:
    declare_all(run, supervisor)
    day_close(run=run, actor=supervisor, now=NOW)

    with pytest.raises(DayClosed):
        day_close(run=run, actor=supervisor, now=NOW + timedelta(minutes=1))
    with pytest.raises(DayClosed):
        declare_all_again(run, supervisor)
    run.refresh_from_db()
    assert run.day_closed_at == NOW


def declare_all_again(run: CutoffRun, actor: User) -> None:
    trip = Trip.objects.get(delivery_run__cutoff_run=run)
    declare(run, Stage.LOAD, Counted.TRIP, trip.pk, actor)


def test_an_open_exception_keeps_the_day_open(run: CutoffRun, supervisor: User) -> None:
    declare_all(run, supervisor)
    case_id = opened(run, Stage.LOAD, 2)

    with pytest.raises(DayNotExplained) as refused:
        day_close(run=run, actor=supervisor, now=NOW)
    case_decide(case_id=case_id, bearer=Bearer.WAREHOUSE, note="", actor=supervisor, now=NOW)
    day_close(run=run, actor=supervisor, now=NOW)

    assert refused.value.details == {"missing": 0, "gaps": 1, "undecided": 1}
    total = day_counts(run).chain.total
    assert (total.sorted, total.loaded, total.delivered) == (24, 22, 22)


def test_a_refused_stop_needs_a_case_for_its_goods(run: CutoffRun, supervisor: User) -> None:
    declare_all(run, supervisor)
    stop = Stop.objects.filter(trip__delivery_run__cutoff_run=run).order_by("pk").first()
    assert stop is not None
    Stop.objects.filter(pk=stop.pk).update(state=StopState.REFUSED)

    unexplained = day_counts(run).chain.unexplained

    assert {gap.point_id for gap in unexplained} == {stop.drop.pickup_point_id}
    assert sum(gap.missing for gap in unexplained) == stop.drop.pieces


def test_an_entered_card_counts_what_lies_in_the_slots(run: CutoffRun, supervisor: User) -> None:
    declare_all(run, supervisor)
    task = SortTask.objects.get(wave__run=run, sku__code="K1")
    drop = Drop.objects.filter(wave__run=run).order_by("pk").first()
    assert drop is not None
    SortEvent.objects.create(
        sort_task=task, stage=SortStage.SLOT, drop=drop, qty=1, sorter_name="老李", at=NOW
    )
    RouteBlock.objects.create(
        sort_task=task, stage=SortStage.SLOT, route_no=1, sorter_name="老李", entered_at=NOW
    )

    row = day_counts(run).chain.by_sku[task.sku_id]

    assert row.sorted == 1
    assert {gap.link for gap in day_counts(run).chain.unexplained} == {"sort"}


def test_an_entered_handover_needs_no_declaration(run: CutoffRun, supervisor: User) -> None:
    for stop in Stop.objects.filter(trip__delivery_run__cutoff_run=run):
        HandoverFactory.create(stop=stop)

    assert [missing.what for missing in day_counts(run).missing] == ["card", "card", "card", "load"]


def test_a_count_is_declared_once_with_its_reason(run: CutoffRun, supervisor: User) -> None:
    declare_all(run, supervisor)
    declare_all_again(run, supervisor)

    assert UnrecordedCount.objects.filter(stage=Stage.LOAD).count() == 1
    with pytest.raises(DeclarationNotPossible):
        count_declare_unrecorded(
            run=run,
            declaration=Declaration(stage=Stage.LOAD, counted=Counted.TRIP, pk=1, reason=" "),
            actor=supervisor,
            now=NOW,
        )


@pytest.mark.parametrize("stage", [Stage.SORT, Stage.LOAD, Stage.RECEIVE])
@pytest.mark.parametrize("counted", list(Counted))
def test_only_counts_of_this_day_can_be_declared(
    run: CutoffRun, supervisor: User, stage: Stage, counted: Counted
) -> None:
    others = {
        Counted.CARD: SortTaskFactory.create().pk,
        Counted.TRIP: TripFactory.create().pk,
        Counted.DROP: DropFactory.create().pk,
    }

    with pytest.raises(DeclarationNotPossible):
        declare(run, stage, counted, others[counted], supervisor)


def test_a_drop_without_a_trip_is_declared_by_itself(run: CutoffRun, supervisor: User) -> None:
    stop = Stop.objects.filter(trip__delivery_run__cutoff_run=run).order_by("pk").first()
    assert stop is not None
    stop.delete()

    first = [missing for missing in day_counts(run).missing if missing.what == "unrouted"]
    declare_all(run, supervisor)
    second = [missing for missing in day_counts(run).missing if missing.what == "unrouted"]
    declare_all(run, supervisor)

    assert [(row.pk, row.stage) for row in first] == [(stop.drop_id, Found.LOAD)]
    assert [(row.pk, row.stage) for row in second] == [(stop.drop_id, Found.HANDOVER)]
    assert day_counts(run).is_explained


def test_the_closing_papers_are_printed_after_the_commit(
    supervisor: User,
    settings: LazySettings,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.PAPERS_ROOT = tmp_path
    run = played(print_papers=True)
    cases_decide_as_proposed(run_id=run.pk, stage=Stage.RECEIVE, note="", actor=supervisor, now=NOW)
    declare_all(run, supervisor)
    closing_papers_print(run=run, actor=supervisor, now=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        day_close(run=run, actor=supervisor, now=NOW)

    papers = Paper.objects.filter(document__in=[Document.DAY_CLOSE, Document.EXCEPTION_SHEET])
    assert {(paper.document, paper.revision) for paper in papers} == {
        (Document.DAY_CLOSE, 1),
        (Document.DAY_CLOSE, 2),
        (Document.EXCEPTION_SHEET, 1),
    }


def test_the_need_is_what_residents_paid_for(run: CutoffRun) -> None:
    sold = sum(
        line.qty for order in Order.objects.all() for line in order.lines.filter(is_void=False)
    )

    assert day_counts(run).chain.total.need == sold
