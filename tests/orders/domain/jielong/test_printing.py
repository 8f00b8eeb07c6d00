"""A chain that is written out reads back as the same chain."""

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.jielong.chain import Chain, Entry, Item
from orders.domain.jielong.headers import price_list
from orders.domain.jielong.parsing import parse
from orders.domain.jielong.printing import print_chain
from tests.orders.domain.jielong.corpus import MARKET, cases

MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NAMES = ["鸡蛋", "嫩豆腐", "脆桃", "沙糖桔", "贡柑", "土豆", "胡萝卜", "白萝卜", "纯牛奶"]
FIRST = ["小满", "谷雨", "8栋阿木", "甲✡️nick🫧", "Aa.BCD", "user_007", "2077", "🌸小花🌸", "竹子"]
LATER = ["", " Lin", " 石", " 🌿", " J. B."]


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """A chain as a leader would collect it: letters for goods, one clear row per household."""
    sold = draw(st.lists(st.integers(0, len(NAMES) - 1), min_size=2, max_size=9, unique=True))
    marks = draw(st.permutations(MARKS))[: len(sold)]
    header = (" ".join(f"{mark}{NAMES[at]} {at}.90" for mark, at in zip(marks, sold, strict=True)),)
    households = draw(
        st.lists(st.tuples(st.sampled_from(FIRST), st.sampled_from(LATER)), max_size=8, unique=True)
    )
    entries = []
    for position, (first, later) in enumerate(households, start=1):
        building = draw(st.integers(1, 99))
        room = draw(st.integers(101, 3399))
        picked = draw(
            st.lists(st.sampled_from(range(len(sold))), min_size=1, max_size=4, unique=True)
        )
        items = []
        for at in picked:
            qty = draw(st.integers(1, 99))
            items.append(Item(MARKET[sold[at]].sku_code, qty, f"{marks[at]}{qty}"))
        said = f"{first}{later} {building}-{room} " + " ".join(item.raw for item in items)
        entries.append(
            Entry(
                position=position,
                number=position,
                raw=f"{position}. {said}",
                nickname=f"{first}{later}",
                building=str(building),
                room=str(room),
                items=tuple(items),
                operation=None,
                confidence_bp=10_000,
                problems=(),
            )
        )
    goods = price_list(header, MARKET).declared
    return Chain(header=header, goods=goods, entries=tuple(entries))


@settings(max_examples=100, deadline=None)
@given(chains())
def test_reading_what_was_printed_gives_the_same_chain(chain: Chain) -> None:
    assert parse(print_chain(chain), MARKET) == chain


def test_printing_a_printed_chain_changes_nothing() -> None:
    for case in cases():
        once = print_chain(parse(case.text, MARKET))

        assert print_chain(parse(once, MARKET)) == once
