"""What may come back from the shelf, and which pieces go first."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.leftovers import (
    LeftoverBalance,
    Shelved,
    leftovers_for,
    may_be_sold_again,
)
from orders.domain.storage import StorageClass

TODAY = date(2026, 3, 12)

balances_strategy = st.lists(
    st.builds(
        LeftoverBalance,
        sku_id=st.integers(1, 4),
        origin_run_id=st.integers(1, 5),
        qty=st.integers(1, 40),
        age_days=st.integers(0, 4),
        is_usable=st.booleans(),
    ),
    max_size=15,
    unique_by=lambda balance: (balance.sku_id, balance.origin_run_id),
)
needs_strategy = st.dictionaries(st.integers(1, 5), st.integers(0, 60))


def shelved(
    age_days: int,
    *,
    storage: StorageClass = StorageClass.AMBIENT,
    is_catch_weight: bool = False,
    best_before: date | None = None,
) -> Shelved:
    return Shelved(
        age_days=age_days,
        storage=storage,
        is_catch_weight=is_catch_weight,
        best_before=best_before,
    )


@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        (shelved(0), True),
        (shelved(2), True),
        (shelved(3), False),
        (shelved(-1), False),
        (shelved(1, storage=StorageClass.CHILL), True),
        (shelved(2, storage=StorageClass.CHILL), False),
        (shelved(2, storage=StorageClass.FROZEN), True),
        (shelved(0, is_catch_weight=True), False),
        (shelved(1, best_before=TODAY), True),
        (shelved(1, best_before=TODAY - timedelta(days=1)), False),
    ],
)
def test_only_goods_that_are_still_good_are_sold_again(goods: Shelved, expected: bool) -> None:
    assert may_be_sold_again(goods, on=TODAY, max_age_days=2) is expected


def test_a_shorter_limit_of_the_operator_holds_for_chilled_goods_too() -> None:
    chilled = shelved(1, storage=StorageClass.CHILL)

    assert may_be_sold_again(chilled, on=TODAY, max_age_days=0) is False


def test_the_oldest_pieces_go_first_and_no_more_than_needed() -> None:
    older = LeftoverBalance(sku_id=1, origin_run_id=3, qty=4, age_days=2)
    newer = LeftoverBalance(sku_id=1, origin_run_id=7, qty=9, age_days=1)

    uses = leftovers_for({1: 6}, [newer, older])

    assert [(use.balance, use.qty) for use in uses] == [(older, 4), (newer, 2)]


@given(needs=needs_strategy, balances=balances_strategy)
def test_a_need_takes_what_is_usable_and_never_more(
    needs: dict[int, int], balances: list[LeftoverBalance]
) -> None:
    uses = leftovers_for(needs, balances)

    usable: Counter[int] = Counter()
    for balance in balances:
        usable[balance.sku_id] += balance.qty * balance.is_usable
    taken: Counter[int] = Counter()
    for use in uses:
        assert use.balance.is_usable
        assert 0 < use.qty <= use.balance.qty
        taken[use.balance.sku_id] += use.qty
    assert taken == {
        sku_id: min(need, usable[sku_id])
        for sku_id, need in needs.items()
        if min(need, usable[sku_id])
    }


@given(needs=needs_strategy, balances=balances_strategy)
def test_the_order_of_the_shelf_changes_nothing(
    needs: dict[int, int], balances: list[LeftoverBalance]
) -> None:
    assert leftovers_for(needs, balances) == leftovers_for(needs, balances[::-1])
