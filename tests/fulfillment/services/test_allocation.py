"""Goods shared out, shared out again, and given by hand.

The tiny day: tofu (K2) was sold as O2 2, O1 4, O3 3 in the order of payment,
O2 at point L2 and the others at L1; 6 of the 9 pieces were accepted.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fulfillment.domain.allocation import ShortageRule
from fulfillment.errors import (
    AllocationFixed,
    AllocationNotPossible,
    DayClosed,
    LockedExceedsAccepted,
    ShortagesFinal,
)
from fulfillment.models.allocation import (
    Allocation,
    AllocationCause,
    AllocationChange,
    AllocationRun,
)
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop, Vehicle
from fulfillment.models.warehouse import Drop, SortTask, Tote
from fulfillment.selectors.books import books_check
from fulfillment.services.allocation import allocation_override, allocation_rerun
from fulfillment.services.shortages import shortage_choose, shortages_finalize
from leaders.models.accounts import User
from orders.models.campaigns import Offer
from tests.builders import OPENS_AT, receipt, tiny_day
from tests.factories.leaders import UserFactory
from tests.factories.shortages import arrive, lose, sku_of, sow
from tests.fulfillment.services.days import imported, sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=3)


@pytest.fixture
def run() -> CutoffRun:
    return sharing()


@pytest.fixture
def supervisor() -> User:
    user: User = UserFactory.create()
    return user


def tofu() -> dict[str, int]:
    return pieces("K2")


def pieces(sku_code: str) -> dict[str, int]:
    lines = Allocation.objects.filter(order_line__sku__code=sku_code)
    return dict(lines.values_list("order_line__order__source_no", "allocated_qty"))


def again(run: CutoffRun, sku_code: str = "K2", **changes: Any) -> AllocationRun | None:
    asked: dict[str, Any] = {
        "run": run,
        "sku_id": sku_of(sku_code).pk,
        "cause": AllocationCause.RECOUNT,
        "actor": None,
        "now": NIGHT,
    }
    return allocation_rerun(**(asked | changes))


def line_of(order: str, sku_code: str = "K2") -> Allocation:
    return Allocation.objects.get(
        order_line__sku__code=sku_code, order_line__order__source_no=order
    )


def give(order: str, qty: int, actor: User, reason: str = "promised by phone") -> AllocationRun:
    return allocation_override(
        allocation_id=line_of(order).pk, qty=qty, reason=reason, actor=actor, now=NIGHT
    )


def violations() -> list[str]:
    goods = {"allocation", "drops", "sort_tasks", "stops", "loads"}
    return [result.name for result in books_check() if result.violations and result.name in goods]


def test_the_first_sharing_is_noted_with_the_lines_that_got_less(run: CutoffRun) -> None:
    first = AllocationRun.objects.get()

    assert (first.run, first.seq, first.sku, first.cause) == (run, 1, None, AllocationCause.FIRST)
    assert (first.rule, first.gained_qty, first.lost_qty) == (ShortageRule.PAID_TIME, 0, 3)
    change = first.changes.get()
    assert (change.allocation, change.before_qty, change.after_qty) == (line_of("O3"), 3, 0)


def test_a_rule_chosen_for_a_sku_beats_the_one_of_the_wave(supervisor: User) -> None:
    run = imported()
    sku_id = sku_of("K2").pk
    shortage_choose(
        run=run, sku_id=None, rule=ShortageRule.PAID_TIME, actor=supervisor, now=OPENS_AT
    )
    shortage_choose(
        run=run, sku_id=sku_id, rule=ShortageRule.LEADER_QUOTA, actor=supervisor, now=OPENS_AT
    )

    sharing()

    assert tofu() == {"O2": 1, "O1": 4, "O3": 1}


def test_a_rule_chosen_for_the_wave_beats_the_campaigns(supervisor: User) -> None:
    run = imported()
    shortage_choose(
        run=run, sku_id=None, rule=ShortageRule.LEADER_QUOTA, actor=supervisor, now=OPENS_AT
    )

    sharing()

    assert tofu() == {"O2": 1, "O1": 4, "O3": 1}
    assert AllocationRun.objects.get().rule == ShortageRule.LEADER_QUOTA


def test_goods_that_come_late_go_to_who_lacks_some(run: CutoffRun) -> None:
    arrive(run, "K2", 2, at=NIGHT)

    record = again(run)

    assert record is not None
    assert tofu() == {"O2": 2, "O1": 4, "O3": 2}
    assert (record.seq, record.gained_qty, record.lost_qty) == (2, 2, 0)
    assert record.changes.get().after_qty == 2
    assert violations() == []


def test_nothing_to_change_leaves_no_trace(run: CutoffRun) -> None:
    assert again(run) is None

    assert AllocationRun.objects.count() == 1


def test_before_the_first_sharing_there_is_nothing_to_share_again() -> None:
    run = imported()

    assert again(run) is None
    assert not AllocationRun.objects.exists()


def test_a_loss_in_sorting_is_taken_from_who_paid_last(run: CutoffRun) -> None:
    lose(run, "K2", 1, at=NIGHT)

    record = again(run, cause=AllocationCause.SORT_GAP)

    assert record is not None
    assert tofu() == {"O2": 2, "O1": 3, "O3": 0}
    assert (record.gained_qty, record.lost_qty) == (0, 1)
    assert violations() == []


def test_a_sorted_piece_is_never_taken_back(run: CutoffRun) -> None:
    sow(run, "K2", "L1", 4, at=NIGHT)
    lose(run, "K2", 1, at=NIGHT)

    again(run, cause=AllocationCause.SORT_GAP)

    # O1 paid later than O2, but all its pieces lie in the slot.
    assert tofu() == {"O2": 1, "O1": 4, "O3": 0}


def test_less_than_is_sorted_must_be_counted_again(run: CutoffRun) -> None:
    sow(run, "K2", "L1", 4, at=NIGHT)
    sow(run, "K2", "L2", 2, at=NIGHT)
    lose(run, "K2", 1, at=NIGHT)

    with pytest.raises(LockedExceedsAccepted):
        again(run)

    assert tofu() == {"O2": 2, "O1": 4, "O3": 0}


def test_drops_cards_stops_and_totes_follow(run: CutoffRun) -> None:
    before = Drop.objects.get(pickup_point__code="L1")
    arrive(run, "K2", 3, at=NIGHT)

    again(run)

    drop = Drop.objects.get(pickup_point__code="L1")
    task = SortTask.objects.get(sku__code="K2")
    stop = Stop.objects.get(drop=drop)
    assert (before.pieces, drop.pieces) == (7, 10)
    assert (drop.weight_g, drop.volume_ml) == (5000, 20_000)
    assert (stop.weight_g, stop.volume_ml, stop.totes) == (5000, 20_000, drop.totes.count())
    assert (task.pieces, task.drops) == (9, 2)
    assert violations() == []


def test_totes_are_estimated_again_while_none_is_sealed(run: CutoffRun, settings: Any) -> None:
    settings.TOTE_FILL_ML = 7_000
    arrive(run, "K2", 3, at=NIGHT)

    again(run)

    # 20 l in totes of 7 l.
    assert Tote.objects.filter(drop__pickup_point__code="L1").count() == 3
    assert violations() == []


def test_sealed_totes_stay_as_they_are(run: CutoffRun, settings: Any) -> None:
    settings.TOTE_FILL_ML = 7_000
    Tote.objects.filter(drop__pickup_point__code="L1").update(state="sealed")
    arrive(run, "K2", 3, at=NIGHT)

    again(run)

    assert Tote.objects.filter(drop__pickup_point__code="L1").count() == 1
    assert violations() == []


def test_a_point_that_had_nothing_gets_a_slot_of_its_own_without_a_route() -> None:
    day = tiny_day()
    only_tofu_at_l1 = tuple(
        replace(order, lines=tuple(line for line in order.lines if line.sku_code == "K2"))
        if order.leader_code == "L1"
        else order
        for order in day.orders
    )
    nothing = receipt("K2", supplier_code="S1", arrived=2, rejected=0)
    receipts = tuple(nothing if r.sku_code == "K2" else r for r in day.receipts)
    run = sharing(replace(day, orders=only_tofu_at_l1, receipts=receipts))
    assert not Drop.objects.filter(pickup_point__code="L1").exists()
    arrive(run, "K2", 3, at=NIGHT)

    again(run)

    drop = Drop.objects.get(pickup_point__code="L1")
    assert (drop.pieces, drop.slot_code, drop.unserved_reason) == (3, "2-01", "added_later")
    assert SortTask.objects.get(sku__code="K2").drops == 2
    assert violations() == []


def test_a_sku_nobody_got_gets_its_card_with_the_first_pieces() -> None:
    day = tiny_day()
    nothing = receipt("K3", supplier_code="S2", arrived=0, rejected=0)
    receipts = tuple(nothing if r.sku_code == "K3" else r for r in day.receipts)
    run = sharing(replace(day, receipts=receipts))
    assert not SortTask.objects.filter(sku__code="K3").exists()
    arrive(run, "K3", 4, at=NIGHT)

    again(run, "K3")

    task = SortTask.objects.get(sku__code="K3")
    assert (task.pieces, task.drops) == (4, 1)
    assert violations() == []


def test_a_line_that_comes_whole_leaves_its_pieces_to_the_next() -> None:
    imported()
    # O1 asks for 4 tofu; with 5 accepted only 3 are left after O2.
    Offer.objects.filter(sku__code="K2").update(is_all_or_nothing=True)
    day = tiny_day()
    five = receipt("K2", supplier_code="S1", arrived=5, rejected=0)

    sharing(replace(day, receipts=tuple(five if r.sku_code == "K2" else r for r in day.receipts)))

    assert tofu() == {"O2": 2, "O1": 0, "O3": 3}
    assert violations() == []


def test_nobody_gains_once_shortages_are_final_but_a_line_may_lose(run: CutoffRun) -> None:
    shortages_finalize(run=run, actor=None, now=NIGHT)
    arrive(run, "K2", 3, at=NIGHT)
    assert again(run) is None

    lose(run, "K2", 5, at=NIGHT)
    again(run, cause=AllocationCause.SORT_GAP)

    assert tofu() == {"O2": 2, "O1": 2, "O3": 0}
    assert violations() == []


def test_a_closed_day_shares_nothing_again(run: CutoffRun, supervisor: User) -> None:
    CutoffRun.objects.update(day_closed_at=NIGHT, day_closed_by=supervisor)

    with pytest.raises(DayClosed):
        again(run)
    with pytest.raises(DayClosed):
        give("O3", 1, supervisor)


def test_an_override_takes_from_who_would_go_without(run: CutoffRun, supervisor: User) -> None:
    record = give("O3", 2, supervisor)

    assert tofu() == {"O2": 2, "O1": 2, "O3": 2}
    assert (record.reason, record.made_by) == ("promised by phone", supervisor)
    assert (record.gained_qty, record.lost_qty) == (2, 2)
    assert set(record.changes.values_list("before_qty", "after_qty")) == {(0, 2), (4, 2)}
    assert line_of("O3").is_fixed
    assert violations() == []


def test_a_line_fixed_by_hand_is_left_alone_by_later_runs(run: CutoffRun, supervisor: User) -> None:
    give("O1", 1, supervisor, reason="resident cancelled the rest")
    assert tofu() == {"O2": 2, "O1": 1, "O3": 3}
    arrive(run, "K2", 3, at=NIGHT)

    assert again(run) is None
    assert violations() == []


def test_a_fixed_line_gives_only_when_nobody_else_can(run: CutoffRun, supervisor: User) -> None:
    give("O3", 3, supervisor)
    lose(run, "K2", 4, at=NIGHT)

    again(run)

    assert tofu() == {"O2": 0, "O1": 0, "O3": 2}


def test_what_lies_in_the_slot_is_not_overridden(run: CutoffRun, supervisor: User) -> None:
    sow(run, "K2", "L1", 3, at=NIGHT)

    with pytest.raises(AllocationFixed):
        give("O1", 2, supervisor)
    give("O1", 3, supervisor)

    assert tofu() == {"O2": 2, "O1": 3, "O3": 1}


@pytest.mark.parametrize("qty", [4, -1])
def test_no_line_is_given_what_it_did_not_order(run: CutoffRun, supervisor: User, qty: int) -> None:
    with pytest.raises(AllocationNotPossible):
        give("O3", qty, supervisor)

    assert not line_of("O3").is_fixed


def test_nobody_is_given_what_others_have_in_their_slots(run: CutoffRun, supervisor: User) -> None:
    sow(run, "K2", "L1", 4, at=NIGHT)
    sow(run, "K2", "L2", 1, at=NIGHT)

    with pytest.raises(AllocationNotPossible):
        give("O3", 2, supervisor)
    give("O3", 1, supervisor)

    assert tofu() == {"O2": 1, "O1": 4, "O3": 1}


def test_an_override_says_why(run: CutoffRun, supervisor: User) -> None:
    with pytest.raises(AllocationNotPossible):
        give("O3", 1, supervisor, reason="  ")


def test_a_set_is_given_whole_or_not_at_all(run: CutoffRun, supervisor: User) -> None:
    Offer.objects.filter(sku__code="K2").update(is_all_or_nothing=True)

    with pytest.raises(AllocationNotPossible):
        give("O3", 2, supervisor)
    give("O3", 3, supervisor)

    assert tofu() == {"O2": 2, "O1": 0, "O3": 3}


def test_after_the_end_an_override_only_takes(run: CutoffRun, supervisor: User) -> None:
    shortages_finalize(run=run, actor=None, now=NIGHT)

    with pytest.raises(ShortagesFinal):
        give("O3", 1, supervisor)
    give("O1", 3, supervisor)

    assert tofu() == {"O2": 2, "O1": 3, "O3": 0}
    assert violations() == []


def test_a_line_kept_as_it_is_may_still_be_fixed(run: CutoffRun, supervisor: User) -> None:
    record = give("O1", 4, supervisor)

    assert not AllocationChange.objects.filter(allocation_run=record).exists()
    assert line_of("O1").is_fixed


def test_an_estimate_never_fills_a_vehicle_beyond_its_totes(run: CutoffRun, settings: Any) -> None:
    settings.TOTE_FILL_ML = 1_000
    Vehicle.objects.update(capacity_totes=4)
    arrive(run, "K2", 3, at=NIGHT)

    again(run)

    assert Tote.objects.count() == 4
    assert violations() == []


def test_late_goods_go_only_where_a_vehicle_has_room(run: CutoffRun) -> None:
    on_board_g = sum(Stop.objects.values_list("weight_g", flat=True))
    Vehicle.objects.update(capacity_g=on_board_g + 1100)  # two pieces of 500 g
    arrive(run, "K2", 3, at=NIGHT)

    again(run)

    assert tofu() == {"O2": 2, "O1": 4, "O3": 2}
    assert violations() == []


def test_nobody_is_given_by_hand_what_his_vehicle_cannot_take(
    run: CutoffRun, supervisor: User
) -> None:
    Vehicle.objects.update(capacity_g=sum(Stop.objects.values_list("weight_g", flat=True)))
    arrive(run, "K2", 3, at=NIGHT)

    with pytest.raises(AllocationNotPossible):
        give("O3", 1, supervisor)

    assert again(run) is None
    assert violations() == []
