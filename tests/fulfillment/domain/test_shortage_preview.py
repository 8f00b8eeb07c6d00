"""What each rule would do to whom, before anybody decides."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.allocation import LineDemand, ShortageRule, allocate
from fulfillment.domain.shortage_preview import (
    PreviewLine,
    ShortGoods,
    offered_rule,
    preview,
)

MORNING = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)


def line(key: str, leader: str, qty: int, minute: int, *, paid_fen: int = 0) -> PreviewLine:
    return PreviewLine(
        demand=LineDemand(
            line_key=key,
            point_code=leader,
            qty=qty,
            paid_at=MORNING + timedelta(minutes=minute),
        ),
        leader_key=leader,
        resident_key=f"resident of {key}",
        paid_fen=paid_fen or qty * 100,
    )


# Three leaders want 6, 6 and 2; the residents of A pay first. 10 are there.
SQUARE = ShortGoods(
    sku_key="K1",
    lines=(
        line("a1", "A", 2, 1),
        line("a2", "A", 3, 2),
        line("a3", "A", 1, 3),
        line("b1", "B", 4, 4),
        line("b2", "B", 2, 5),
        line("c1", "C", 1, 6),
        line("c2", "C", 1, 7),
    ),
    supply_qty=10,
)


def test_by_paid_time_few_leaders_lose_much() -> None:
    shown = preview([SQUARE], {}, ShortageRule.PAID_TIME)

    assert (shown.leaders, shown.residents, shown.pieces) == (2, 3, 4)
    assert shown.worst_percent == 100
    assert shown.refund_fen == 400
    assert [(loss.leader_key, loss.lost_qty, loss.ordered_qty) for loss in shown.losses] == [
        ("B", 2, 6),
        ("C", 2, 2),
    ]


def test_by_quota_every_leader_loses_a_little() -> None:
    shown = preview([SQUARE], {}, ShortageRule.LEADER_QUOTA)

    assert (shown.leaders, shown.residents, shown.pieces) == (3, 3, 4)
    assert shown.worst_percent == 50
    assert [(loss.leader_key, loss.lost_qty) for loss in shown.losses] == [
        ("B", 2),
        ("A", 1),
        ("C", 1),
    ]


def test_a_rule_chosen_for_a_sku_stays_whatever_is_looked_at_for_the_others() -> None:
    chosen = {"K1": ShortageRule.LEADER_QUOTA}

    assert preview([SQUARE], chosen, ShortageRule.PAID_TIME).leaders == 3


def test_a_resident_who_lacks_two_goods_counts_once() -> None:
    first = ShortGoods(sku_key="K1", lines=(line("o1", "A", 2, 1),), supply_qty=1)
    second = ShortGoods(sku_key="K2", lines=(line("o1", "A", 3, 1),), supply_qty=0)

    shown = preview([first, second], {}, ShortageRule.PAID_TIME)

    assert (shown.residents, shown.leaders, shown.pieces) == (1, 1, 4)
    assert shown.losses[0].ordered_qty == 5
    assert [loss.lost_qty for loss in shown.losses[0].lines] == [3, 1]


def test_nothing_short_touches_nobody() -> None:
    enough = ShortGoods(sku_key="K1", lines=SQUARE.lines, supply_qty=14)

    shown = preview([enough], {}, ShortageRule.PAID_TIME)

    assert (shown.losses, shown.worst_percent, shown.refund_fen) == ((), 0, 0)
    assert (enough.need_qty, enough.short_qty) == (14, 0)


def test_a_quota_is_offered_first_from_the_threshold_on() -> None:
    assert offered_rule(4, 100, 5) is ShortageRule.PAID_TIME
    assert offered_rule(5, 100, 5) is ShortageRule.LEADER_QUOTA
    assert offered_rule(0, 0, 5) is ShortageRule.PAID_TIME


@given(
    wanted=st.lists(
        st.tuples(st.sampled_from("ABCD"), st.integers(1, 6), st.integers(0, 5)), max_size=10
    ),
    data=st.data(),
    rule=st.sampled_from(ShortageRule),
)
def test_what_is_shown_is_what_happens(
    wanted: list[tuple[str, int, int]], data: st.DataObject, rule: ShortageRule
) -> None:
    lines = tuple(
        line(f"line-{number}", leader, qty, minute)
        for number, (leader, qty, minute) in enumerate(wanted)
    )
    supply = data.draw(st.integers(0, sum(own.demand.qty for own in lines)))
    goods = ShortGoods(sku_key="K1", lines=lines, supply_qty=supply)

    shown = preview([goods], {}, rule)

    happens = allocate([own.demand for own in lines], supply, rule).quantities
    lost = {loss.line_key: loss.lost_qty for leader in shown.losses for loss in leader.lines}
    assert lost == {
        own.demand.line_key: own.demand.qty - happens[own.demand.line_key]
        for own in lines
        if happens[own.demand.line_key] < own.demand.qty
    }
    assert shown.pieces == goods.short_qty
    assert shown.refund_fen == goods.short_qty * 100
    assert 0 <= shown.worst_percent <= 100
