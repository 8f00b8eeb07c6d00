"""Totes per pickup point and storage class."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.domain.totes import PointGoods, PointTotes, ToteSpec, count_totes, totes_for
from fulfillment.errors import CountNegative
from orders.domain.storage import StorageClass

AMBIENT, CHILL, FROZEN = StorageClass


def goods(
    point: str, storage: StorageClass, qty: int, *, weight_g: int, volume_ml: int
) -> PointGoods:
    return PointGoods(
        point_code=point,
        storage=storage,
        qty=qty,
        unit_weight_g=weight_g,
        unit_volume_ml=volume_ml,
    )


def total(totes: PointTotes) -> int:
    return totes.ambient + totes.chill + totes.frozen


goods_strategy = st.lists(
    st.builds(
        goods,
        st.sampled_from(["L01", "L02"]),
        st.sampled_from(StorageClass),
        st.integers(min_value=0, max_value=60),
        weight_g=st.integers(min_value=0, max_value=12_000),
        volume_ml=st.integers(min_value=0, max_value=30_000),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("volume_ml", "weight_g", "expected"),
    [
        pytest.param(0, 0, 0, id="nothing"),
        pytest.param(1, 1, 1, id="a_little"),
        pytest.param(48_000, 20_000, 1, id="just_full"),
        pytest.param(48_001, 20_000, 2, id="a_millilitre_too_much"),
        pytest.param(48_000, 20_001, 2, id="a_gram_too_much"),
        pytest.param(100_000, 90_000, 5, id="weight_decides"),
        pytest.param(200_000, 90_000, 5, id="both_ask_for_five"),
        pytest.param(241_000, 90_000, 6, id="volume_decides"),
    ],
)
def test_volume_and_weight_each_ask_and_the_larger_wins(
    volume_ml: int, weight_g: int, expected: int
) -> None:
    assert totes_for(volume_ml=volume_ml, weight_g=weight_g) == expected


def test_storage_classes_never_share_a_tote() -> None:
    totes = count_totes(
        [
            goods("L01", AMBIENT, 20, weight_g=2_500, volume_ml=4_000),
            goods("L01", CHILL, 3, weight_g=400, volume_ml=600),
            goods("L01", FROZEN, 1, weight_g=500, volume_ml=900),
            goods("L02", CHILL, 2, weight_g=400, volume_ml=600),
        ]
    )

    assert totes == {
        "L01": PointTotes(ambient=3, chill=1, frozen=1, weight_g=51_700, volume_ml=82_700),
        "L02": PointTotes(ambient=0, chill=1, frozen=0, weight_g=800, volume_ml=1_200),
    }


def test_goods_of_one_class_share_totes_whatever_their_sku() -> None:
    halves = [goods("L01", AMBIENT, 1, weight_g=100, volume_ml=24_000) for _ in range(2)]

    assert count_totes(halves)["L01"].ambient == 1


def test_a_point_with_nothing_allocated_has_no_totes_at_all() -> None:
    assert count_totes([goods("L01", AMBIENT, 0, weight_g=100, volume_ml=100)]) == {}


def test_goods_without_a_size_take_no_tote_but_their_point_is_listed() -> None:
    totes = count_totes([goods("L01", AMBIENT, 5, weight_g=0, volume_ml=0)])

    assert totes == {"L01": PointTotes(ambient=0, chill=0, frozen=0, weight_g=0, volume_ml=0)}


@given(own_goods=goods_strategy)
def test_all_goods_find_room(own_goods: list[PointGoods]) -> None:
    for point, totes in count_totes(own_goods).items():
        own = [item for item in own_goods if item.point_code == point]
        volume_ml = sum(item.qty * item.unit_volume_ml for item in own)
        weight_g = sum(item.qty * item.unit_weight_g for item in own)

        assert (totes.volume_ml, totes.weight_g) == (volume_ml, weight_g)
        assert total(totes) * 48_000 >= volume_ml
        assert total(totes) * 20_000 >= weight_g


@given(
    volume_ml=st.integers(min_value=0, max_value=10**7),
    weight_g=st.integers(min_value=0, max_value=10**7),
)
def test_one_tote_fewer_would_be_too_few(volume_ml: int, weight_g: int) -> None:
    totes = totes_for(volume_ml=volume_ml, weight_g=weight_g)

    assert totes * 48_000 >= volume_ml
    assert totes * 20_000 >= weight_g
    fewer = totes - 1
    assert fewer < 0 or fewer * 48_000 < volume_ml or fewer * 20_000 < weight_g


@given(own_goods=goods_strategy, more=goods_strategy)
def test_more_goods_never_need_fewer_totes(
    own_goods: list[PointGoods], more: list[PointGoods]
) -> None:
    after = count_totes([*own_goods, *more])

    for point, totes in count_totes(own_goods).items():
        assert total(after[point]) >= total(totes)


def test_figures_below_zero_are_refused() -> None:
    with pytest.raises(CountNegative):
        goods("L01", AMBIENT, -1, weight_g=1, volume_ml=1)
    with pytest.raises(CountNegative):
        ToteSpec(fill_ml=0)
