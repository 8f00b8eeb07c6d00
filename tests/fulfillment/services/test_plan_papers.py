"""A plan that changes replaces the papers of the trips it touches, and no others."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fulfillment.domain.plan_board import Board, board_read, board_written
from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.papers import Document, Paper
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.selectors.paper_basis import papers_stale
from fulfillment.selectors.plan_drafts import accepted_duties
from fulfillment.services.papers import papers_keep_up
from fulfillment.services.plan_acceptance import draft_accept
from tests.builders import leader, order, receipt, tiny_day
from tests.factories.fulfillment import VehicleFactory
from tests.fulfillment.services.days import sharing

pytestmark = pytest.mark.django_db

LEADERS = range(1, 7)
NEXT_PRINT = {
    (Document.LOAD_SHEET, "R02"): 2,
    (Document.LOAD_SHEET, "R03"): 1,
    (Document.ROUTE_SHEET, "R02"): 2,
    (Document.ROUTE_SHEET, "R03"): 1,
}


def printed_night() -> CutoffRun:
    """A printed night with one trip to six leaders, and two vans at home."""
    run = sharing(
        replace(
            tiny_day(),
            leaders=tuple(leader(number) for number in LEADERS),
            orders=tuple(
                order(number, leader_code=f"L{number}", lines={"K1": 2}, minute=number)
                for number in LEADERS
            ),
            receipts=(receipt("K1", supplier_code="S1", arrived=30, rejected=0),),
        ),
        print_papers=True,
    )
    for code in ("V8", "V9"):
        VehicleFactory.create(code=code, warehouse=run.warehouse)
    return run


def changed(
    run: CutoffRun, change: Callable[[Board], dict[str, tuple[tuple[str, ...], ...]]]
) -> None:
    """Accept a plan that is changed by hand."""
    plan = DeliveryRun.objects.get(cutoff_run=run)
    board = board_read(accepted_duties(plan))
    draft = PlanDraft.objects.create(
        cutoff_run=run,
        warehouse=plan.warehouse,
        origin=PlanOrigin.BOARD,
        state=PlanDraftState.READY,
        based_on_revision=plan.revision,
        request=PlanRequest().to_json(),
        duties=board_written(Board(change(board))),
        created_at=run.campaign.freeze_at,
    )
    draft_accept(draft_id=draft.pk, actor=None, now=run.campaign.freeze_at)


def revisions(run: CutoffRun) -> dict[tuple[str, str], int]:
    rows = Paper.objects.filter(run=run).order_by("revision")
    return {(row.document, row.scope): row.revision for row in rows}


def half_away(board: Board) -> dict[str, tuple[tuple[str, ...], ...]]:
    ((code, (trip,)),) = board.days.items()
    return {code: (trip[:3],), "V8": (trip[3:],)}


def last_away(board: Board) -> dict[str, tuple[tuple[str, ...], ...]]:
    (trip,) = board.days["V8"]
    return {**board.days, "V8": (trip[:-1],), "V9": (trip[-1:],)}


def test_only_the_papers_of_the_trips_that_changed_are_drawn_again() -> None:
    run = printed_night()
    changed(run, half_away)
    papers_keep_up(now=run.campaign.freeze_at)
    before = revisions(run)
    kept = {
        str(n)
        for n in DeliveryRun.objects.get()
        .trips.get(route_no=1)
        .stops.values_list("drop__pickup_point__leader__code", flat=True)
    }

    changed(run, last_away)
    drawn = papers_keep_up(now=run.campaign.freeze_at)

    after = revisions(run)
    new = {key: revision for key, revision in after.items() if before.get(key) != revision}
    notes = {key: new.pop(key) for key in list(new) if key[0] == Document.DELIVERY_NOTE}
    assert new == NEXT_PRINT
    assert not kept & {scope for _document, scope in notes}
    assert drawn == len(new) + len(notes)


def test_new_sheets_say_what_they_replace_and_nothing_is_drawn_twice() -> None:
    run = printed_night()
    assert not papers_stale(run)

    changed(run, half_away)
    stale = papers_stale(run)
    papers_keep_up(now=run.campaign.freeze_at)

    assert stale
    assert not papers_stale(run)
    assert papers_keep_up(now=run.campaign.freeze_at) == 0
    assert revisions(run)[Document.LOAD_SHEET, "R01"] == 2
    assert Paper.objects.filter(document=Document.LOAD_SHEET, scope="R01").count() == 2
