"""The shortages of a night: before the sharing, after it, and what nobody has counted."""

from datetime import datetime
from typing import Any

import pytest

from fulfillment.domain.allocation import ShortageRule
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.receiving import ReceiptLineVoid
from fulfillment.selectors.shortage_board import (
    Phase,
    Uncounted,
    allocation_history,
    phase_of,
    shortage_board,
    shortage_of_sku,
)
from fulfillment.services.cutoff_run import RunOptions, run_advance
from fulfillment.services.play_day import arrivals_record
from fulfillment.services.shortages import shortage_choose, shortages_finalize
from tests.builders import OPENS_AT, tiny_day
from tests.factories.leaders import UserFactory
from tests.factories.shortages import sku_of
from tests.fulfillment.services.days import BUDGET, imported, sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=3)


def counting(*, close: bool = False) -> CutoffRun:
    """A run whose goods are counted, and the dock still open."""
    run = imported()
    run_advance(
        run=run,
        options=RunOptions(clock=lambda run, _step: run.campaign.freeze_at, plan=BUDGET),
    )
    arrivals_record(run=run, receipts=tiny_day().receipts, now=NIGHT)
    CutoffRun.objects.update(receiving_closed_at=NIGHT if close else None)
    run.refresh_from_db()
    return run


def uncount(sku_code: str) -> None:
    """Take the counts of a SKU back, so that nobody has counted it."""
    sku = sku_of(sku_code)
    actor = UserFactory.create()
    for line in sku.purchase_lines.all():
        for count in line.receipt_lines.all():
            ReceiptLineVoid.objects.create(
                receipt_line=count, reason="wrong pallet", voided_at=NIGHT, voided_by=actor
            )


def test_before_the_sharing_both_rules_stand_side_by_side() -> None:
    board = shortage_board(counting())

    (tofu,) = board.goods
    by_time, by_quota = tofu.previews
    assert board.phase is Phase.COUNTING
    assert (tofu.sku.code, tofu.need_qty, tofu.supply_qty, tofu.short_qty) == ("K2", 9, 6, 3)
    assert (tofu.short_percent, tofu.offered) == (34, ShortageRule.LEADER_QUOTA)
    assert (by_time.residents, by_time.leaders, by_time.worst_percent) == (1, 1, 43)
    assert (by_quota.residents, by_quota.leaders, by_quota.worst_percent) == (2, 2, 50)
    assert by_time.refund_fen == by_quota.refund_fen == 870
    assert [column.pieces for column in board.wave] == [3, 3]


def test_a_choice_is_shown_where_it_holds() -> None:
    run = counting()
    actor = UserFactory.create()
    shortage_choose(
        run=run,
        sku_id=sku_of("K2").pk,
        rule=ShortageRule.LEADER_QUOTA,
        actor=actor,
        now=NIGHT,
    )

    board = shortage_board(run)

    assert (board.goods[0].rule, board.goods[0].is_chosen) == (ShortageRule.LEADER_QUOTA, True)
    assert board.wave_rule is ShortageRule.PAID_TIME
    # The SKU keeps its own rule whichever is looked at for the others.
    assert [column.leaders for column in board.wave] == [2, 2]


def test_what_nobody_counted_is_not_entered_and_not_nothing() -> None:
    run = counting()
    uncount("K1")

    left_out = shortage_board(run)
    as_nothing = shortage_board(run, Uncounted.AS_NOTHING)
    as_expected = shortage_board(run, Uncounted.AS_EXPECTED)

    (waiting,) = left_out.not_entered
    assert (waiting.sku.code, waiting.need_qty, waiting.expected_qty) == ("K1", 12, 15)
    assert [goods.sku.code for goods in left_out.goods] == ["K2"]
    assert [(g.sku.code, g.short_qty) for g in as_nothing.goods] == [("K1", 12), ("K2", 3)]
    assert [goods.sku.code for goods in as_expected.goods] == ["K2"]
    assert as_nothing.not_entered == as_expected.not_entered == ()


def test_once_receiving_is_closed_nothing_is_expected_any_more() -> None:
    run = counting(close=True)
    uncount("K1")

    board = shortage_board(run)

    assert board.phase is Phase.CLOSED
    assert [(goods.sku.code, goods.short_qty) for goods in board.goods] == [("K1", 12), ("K2", 3)]


def test_after_the_sharing_it_says_who_goes_without() -> None:
    run = sharing()

    board = shortage_board(run)

    (tofu,) = board.goods
    (loss,) = tofu.losses
    assert board.phase is Phase.SHARED
    assert (tofu.previews, board.wave) == ((), ())
    assert (tofu.leader_names[loss.leader_key], loss.lost_qty, loss.ordered_qty) == ("团长1", 3, 7)
    (line,) = loss.lines
    assert (tofu.people[line.line_key].door, line.lost_qty) == ("3栋 1101", 3)
    assert (board.pieces, board.refund_fen, tofu.residents) == (3, 870, 1)


def test_the_end_is_shown_as_the_end() -> None:
    run = sharing()
    shortages_finalize(run=run, actor=None, now=NIGHT)
    run.refresh_from_db()

    assert phase_of(run) is Phase.FINAL


def test_a_sku_that_is_not_short_has_nothing_to_show() -> None:
    run = counting()

    assert shortage_of_sku(run, sku_of("K1").pk) is None
    found = shortage_of_sku(run, sku_of("K2").pk)
    assert found is not None
    assert found.short_qty == 3


def test_the_history_of_a_sku_holds_what_touched_it() -> None:
    run = sharing()

    assert [record.cause for record in allocation_history(run)] == ["first"]
    assert len(allocation_history(run, sku_of("K1").pk)) == 1


def test_the_board_takes_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    run = counting()
    uncount("K1")

    with django_assert_max_num_queries(14):
        shortage_board(run, Uncounted.AS_NOTHING)
