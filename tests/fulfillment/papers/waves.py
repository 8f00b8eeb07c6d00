"""Hypothesis strategies for waves: a few routes, points, goods and households of any kind."""

from hypothesis import strategies as st

from tests.factories.waves import Basket, Goods, RandomWave

STORAGES = ("ambient", "chill", "frozen")
# Names of goods and people as they come: long ones, rare characters, brackets.
NAME_LETTERS = "西兰花牛奶排骨豆腐鲜（冷）·𠮷ABkg《》"
LARGEST_QTY = 30

names = st.text(NAME_LETTERS, min_size=1, max_size=18).map(str.strip).filter(bool)
goods = st.builds(
    Goods,
    name=names,
    storage=st.sampled_from(STORAGES),
    weight_g=st.integers(50, 5000),
    volume_ml=st.integers(100, 60_000),
    pack_factor=st.integers(1, 24),
)


@st.composite
def baskets(draw: st.DrawFn, goods_count: int) -> Basket:
    """One order of one to all goods; any part of each line is allocated."""
    numbers = draw(st.sets(st.integers(0, goods_count - 1), min_size=1, max_size=goods_count))
    lines = {}
    for number in sorted(numbers):
        ordered = draw(st.integers(1, LARGEST_QTY))
        lines[number] = ordered, draw(st.integers(0, ordered) | st.just(ordered))
    return Basket(
        building=f"{draw(st.integers(1, 40))}栋",
        room=str(draw(st.integers(101, 2904))),
        name=draw(names),
        lines=lines,
    )


@st.composite
def waves(draw: st.DrawFn) -> RandomWave:
    """One or two routes of up to three points; at times a lane no route reaches."""
    kinds = draw(st.lists(goods, min_size=1, max_size=4))
    point = st.lists(baskets(len(kinds)), min_size=1, max_size=2).map(tuple)
    routes = st.lists(st.lists(point, min_size=1, max_size=3).map(tuple), min_size=1, max_size=2)
    return RandomWave(
        goods=tuple(kinds),
        routes=tuple(draw(routes)),
        unrouted=tuple(draw(st.lists(point, max_size=1))),
    )
