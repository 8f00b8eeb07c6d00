"""The chain of a day: what explains a gap, and what does not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.day_close import DayChain, Link, day_chain
from fulfillment.domain.day_counts import Arrival, FoundCase, SkuSupply, SlotCounts
from fulfillment.domain.exceptions import Cause, Stage

TOMATO = 1
HERE, THERE = 11, 12
SUPPLY = SkuSupply(sku_id=TOMATO, ordered=10, accepted=10)
# Six of the ten go here and arrive.
SLOT = SlotCounts(
    point_id=HERE,
    sku_id=TOMATO,
    need=6,
    allocated=6,
    sorted=6,
    is_loaded=True,
    arrival=Arrival.TAKEN,
)


def found(
    stage: Stage,
    qty: int,
    *,
    case_id: int = 1,
    cause: Cause = Cause.SHORT,
    is_decided: bool = True,
) -> FoundCase:
    return FoundCase(
        case_id=case_id,
        stage=stage,
        cause=cause,
        sku_id=TOMATO,
        point_id=HERE,
        qty=qty,
        is_decided=is_decided,
    )


def of(slot: SlotCounts, *cases: FoundCase, supply: SkuSupply = SUPPLY) -> DayChain:
    return day_chain([supply], [slot], cases)


def test_a_day_where_all_arrived_has_no_gap() -> None:
    day = of(SLOT)

    assert day.is_explained
    assert day.gaps == ()
    row = day.by_sku[TOMATO]
    assert (row.need, row.ordered, row.accepted, row.allocated) == (6, 10, 10, 6)
    assert (row.sorted, row.loaded, row.delivered, row.spare) == (6, 6, 6, 4)


def test_a_count_that_is_not_entered_is_not_zero() -> None:
    day = of(replace(SLOT, sorted=None))

    row = day.by_sku[TOMATO]
    assert (row.sorted, row.loaded, row.delivered) == (None, None, None)
    assert (day.total.sorted, day.total.delivered) == (None, None)


def test_one_slot_without_a_count_leaves_the_sum_without_one() -> None:
    other = replace(SLOT, point_id=THERE, is_loaded=False, need=1, allocated=1, sorted=1)

    day = day_chain([SUPPLY], [SLOT, other], [])

    assert (day.total.sorted, day.total.loaded) == (7, None)


def test_what_is_short_is_explained_by_what_goes_back() -> None:
    short = replace(SLOT, need=9)

    assert [gap.link for gap in of(short).unexplained] == [Link.REFUND]
    assert of(replace(short, refunded=2)).unexplained[0].missing == 3
    assert of(replace(short, refunded=3)).is_explained
    assert of(replace(short, refunded=2, substituted=1)).is_explained
    assert of(replace(short, refunded=2, free_short=1)).is_explained


def test_more_money_back_than_pieces_are_short_is_a_gap() -> None:
    assert not of(replace(SLOT, refunded=1)).is_explained


def test_a_substitute_is_carried_under_its_own_goods() -> None:
    instead = SlotCounts(
        point_id=HERE,
        sku_id=2,
        need=0,
        allocated=0,
        given=2,
        sorted=2,
        is_loaded=True,
        arrival=Arrival.TAKEN,
    )
    short = replace(SLOT, need=8, substituted=2)

    day = day_chain(
        [SUPPLY, SkuSupply(sku_id=2, ordered=0, accepted=0, used=5)], [short, instead], []
    )

    assert day.is_explained
    assert (day.total.need, day.total.delivered) == (8, 8)
    assert day.by_sku[2].spare == 3


def test_pieces_lost_in_sorting_come_out_of_the_spare() -> None:
    day = of(SLOT, replace(found(Stage.SORT, 3), point_id=None))

    assert day.is_explained
    assert (day.by_sku[TOMATO].lost, day.by_sku[TOMATO].spare) == (3, 1)


def test_more_given_out_than_there_is_is_a_gap_of_the_supply() -> None:
    day = of(SLOT, replace(found(Stage.SORT, 5), point_id=None))

    assert [(gap.link, gap.missing, gap.explained) for gap in day.unexplained] == [
        (Link.SUPPLY, 1, 0)
    ]


def test_a_slot_may_miss_what_was_lost_and_could_not_be_taken_from_its_line() -> None:
    fixed = replace(SLOT, sorted=5)

    day = of(fixed, found(Stage.SORT, 5))

    assert day.is_explained
    assert {gap.link for gap in day.gaps} == {Link.SORT, Link.SUPPLY}


def test_a_slot_that_was_not_filled_although_there_is_spare_is_a_gap() -> None:
    day = of(replace(SLOT, sorted=5), found(Stage.SORT, 1))

    assert [(gap.link, gap.missing, gap.explained) for gap in day.unexplained] == [
        (Link.SORT, 1, 0)
    ]


def test_pieces_in_a_slot_that_nobody_gave_it_are_a_gap() -> None:
    assert [gap.missing for gap in of(replace(SLOT, sorted=7)).unexplained] == [-1]


def test_what_is_missing_at_the_load_and_at_the_door_is_off_the_figures() -> None:
    day = of(SLOT, found(Stage.LOAD, 2), found(Stage.HANDOVER, 1, case_id=2))

    row = day.by_sku[TOMATO]
    assert (row.sorted, row.loaded, row.delivered) == (6, 4, 3)
    assert day.is_explained
    assert [(gap.link, gap.missing, gap.case_ids) for gap in day.gaps] == [
        (Link.LOAD, 2, (1,)),
        (Link.HANDOVER, 1, (2,)),
    ]


def test_an_open_case_explains_nothing() -> None:
    day = of(SLOT, found(Stage.LOAD, 2, is_decided=False))

    assert day.by_sku[TOMATO].loaded == 4
    assert not day.is_explained
    assert (day.undecided, [gap.explained for gap in day.unexplained]) == ((1,), [0])


def test_cases_never_explain_more_than_the_gap() -> None:
    day = of(SLOT, found(Stage.LOAD, 7))

    assert day.by_sku[TOMATO].loaded == 0
    assert [(gap.missing, gap.explained) for gap in day.unexplained] == [(6, 7)]


def test_pieces_too_many_explain_nothing_missing() -> None:
    day = of(SLOT, found(Stage.HANDOVER, 2, cause=Cause.OVER))

    assert (day.by_sku[TOMATO].delivered, day.gaps) == (6, ())


def test_a_stop_that_was_refused_needs_a_case_for_every_piece() -> None:
    refused = replace(SLOT, arrival=Arrival.REFUSED)

    assert of(refused).by_sku[TOMATO].delivered == 0
    assert [gap.missing for gap in of(refused).unexplained] == [6]
    assert of(refused, found(Stage.HANDOVER, 6, cause=Cause.RETURNED)).is_explained


def test_a_case_that_names_no_drop_keeps_the_day_open() -> None:
    day = of(SLOT, replace(found(Stage.HANDOVER, 2), point_id=None))

    assert day.unplaced == (1,)
    assert not day.is_explained


def test_a_case_without_pieces_only_has_to_be_decided() -> None:
    tote = replace(found(Stage.LOAD, 0), sku_id=None)

    assert of(SLOT, tote).is_explained
    assert not of(SLOT, replace(tote, is_decided=False)).is_explained


def test_before_any_count_of_the_dock_nothing_is_overdrawn() -> None:
    uncounted = replace(SUPPLY, accepted=None)

    day = of(SLOT, supply=uncounted)

    assert day.gaps == ()
    assert (day.by_sku[TOMATO].accepted, day.by_sku[TOMATO].spare) == (None, None)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[SkuSupply], list[SlotCounts], list[FoundCase]]:
    """Days with up to three SKUs at up to three points, most of them not in order."""
    small = st.integers(0, 6)
    skus = range(1, draw(st.integers(1, 3)) + 1)
    supplies = [
        SkuSupply(sku_id=sku, ordered=20, accepted=draw(st.integers(0, 20)), used=draw(small))
        for sku in skus
    ]
    slots = [
        SlotCounts(
            point_id=point,
            sku_id=sku,
            need=draw(small),
            allocated=draw(small),
            substituted=draw(st.integers(0, 1)),
            given=draw(st.integers(0, 1)),
            refunded=draw(small),
            sorted=draw(st.none() | small),
            is_loaded=draw(st.booleans()),
            arrival=draw(st.sampled_from(Arrival)),
        )
        for sku in skus
        for point in (HERE, THERE)
    ]
    cases = [
        FoundCase(
            case_id=number,
            stage=draw(st.sampled_from(Stage)),
            cause=draw(st.sampled_from(Cause)),
            sku_id=draw(st.sampled_from([*skus, None])),
            point_id=draw(st.sampled_from([HERE, THERE, None])),
            qty=draw(st.integers(0, 4)),
            is_decided=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    return supplies, slots, cases


@given(days())
def test_counts_only_fall_after_sorting(
    day: tuple[list[SkuSupply], list[SlotCounts], list[FoundCase]],
) -> None:
    supplies, slots, cases = day

    for slot in day_chain(supplies, slots, cases).slots:
        if slot.loaded is not None and slot.counts.sorted is not None:
            assert 0 <= slot.loaded <= slot.counts.sorted
        if slot.delivered is not None and slot.loaded is not None:
            assert 0 <= slot.delivered <= slot.loaded


@given(days())
def test_an_explained_day_loses_no_piece(
    day: tuple[list[SkuSupply], list[SlotCounts], list[FoundCase]],
) -> None:
    """Sold = delivered + refunded + free + what decided cases say, over the whole day."""
    supplies, slots, cases = day
    chain = day_chain(supplies, slots, cases)
    replaced = sum(slot.substituted for slot in slots)
    given_instead = sum(slot.given for slot in slots)

    if chain.is_explained and chain.total.delivered is not None:
        lost = sum(gap.missing for gap in chain.gaps if gap.link in (Link.LOAD, Link.HANDOVER))
        in_sort = sum(gap.missing for gap in chain.gaps if gap.link is Link.SORT)
        assert chain.total.need == (
            chain.total.delivered
            + chain.total.refunded
            + chain.total.free_short
            + (replaced - given_instead)
            + in_sort
            + lost
        )


@given(days())
def test_the_sum_of_the_rows_is_the_total(
    day: tuple[list[SkuSupply], list[SlotCounts], list[FoundCase]],
) -> None:
    supplies, slots, cases = day
    chain = day_chain(supplies, slots, cases)

    assert chain.total.need == sum(slot.need for slot in slots)
    assert chain.total.allocated == sum(slot.planned for slot in slots)
    assert (chain.total.sorted is None) == any(slot.sorted is None for slot in slots)
