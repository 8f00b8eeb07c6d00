"""D4: one SKU over the slots, in the order of the walk."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.papers.sow_cards import SowDrop, render_sow_cards, walk_order
from tests.fulfillment.papers.contents import sow_card, sow_drop
from tests.fulfillment.papers.reading import codes, page_texts, rows, words


def test_slots_stand_in_the_order_of_the_walk() -> None:
    drops = [sow_drop(slot, 1) for slot in ("2-01", "1-10", "1-02", "3-01", "2-03", "1-01")]

    walk = [drop.slot for drop in walk_order(drops)]

    assert walk == ["1-01", "1-02", "1-10", "2-03", "2-01", "3-01"]


def test_each_route_closes_with_its_subtotal_and_the_running_total() -> None:
    card = sow_card(sow_drop("1-01", 2), sow_drop("1-02", 3), sow_drop("2-01", 4))

    text = page_texts(render_sow_cards("cards", [card]).pdf)[0]

    assert "R01 = 5   running 5" in text
    assert "R02 = 4   running 9" in text


def test_a_slot_that_gets_nothing_stays_visible_as_short() -> None:
    card = sow_card(sow_drop("1-01", 2), sow_drop("1-02", 0, short_qty=2), accepted_qty=2)

    paper = render_sow_cards("cards", [card])

    found = rows(paper.pdf)
    assert any("1-02 short 2" in row for row in found)
    assert (paper.lines, paper.pieces) == (1, 2)


def test_the_foot_says_what_must_be_left_over() -> None:
    card = sow_card(sow_drop("1-01", 86), accepted_qty=90)

    found = rows(render_sow_cards("cards", [card]).pdf)

    assert "90 86 4 0" in found
    assert "Check: sum of the slots 86 = allocated 86 ✓" in found
    assert any("If left over is not 4, recount the last route" in row for row in found)


def test_what_is_gone_is_not_to_be_left_over() -> None:
    card = sow_card(sow_drop("1-01", 86), accepted_qty=90, gone_qty=3)

    found = rows(render_sow_cards("cards", [card]).pdf)

    assert "90 3 86 1 0" in found
    assert any("If left over is not 1, recount the last route" in row for row in found)


def test_goods_that_look_alike_are_named_in_a_frame() -> None:
    card = sow_card(sow_drop("1-01", 2), look_alikes=("K1044 冰淇淋西瓜 1个约7斤",))

    text = page_texts(render_sow_cards("cards", [card]).pdf)[0]

    assert "Looks alike: K1044 冰淇淋西瓜 1个约7斤" in text


def test_closed_cases_are_named_beside_their_slot() -> None:
    card = sow_card(replace(sow_drop("1-01", 41), cases=2), sow_drop("1-02", 19))

    text = page_texts(render_sow_cards("cards", [card]).pdf)[0]

    assert text.count("closed cases: 2") == 1


def test_a_card_says_where_its_goods_lie_and_that_they_are_weighed() -> None:
    card = sow_card(sow_drop("1-01", 2), place="A-12", is_weighed=True)

    text = page_texts(render_sow_cards("cards", [card]).pdf)[0]

    assert "A-12" in text
    assert "Weighed first" in text


def test_a_lane_is_summed_once_even_when_its_drops_changed_routes() -> None:
    card = sow_card(
        sow_drop("1-01", 2), replace(sow_drop("1-02", 3), route="R09"), sow_drop("1-03", 4)
    )

    text = page_texts(render_sow_cards("cards", [card]).pdf)[0]

    assert "R01 = 9   running 9" in text


def test_slot_codes_and_quantities_are_large_enough_to_read_while_walking() -> None:
    found = words(render_sow_cards("cards", [sow_card(sow_drop("12-07", 86))]).pdf)

    sizes = {word.text.strip(): word.size for word in found}
    assert sizes["12-07"] == 24
    assert min(word.size for word in found if word.text.strip() == "86" and word.x > 20) >= 15
    assert sizes["冰淇淋西瓜 1个约3.5斤"] == 24


def test_every_card_has_its_own_page_count_and_codes() -> None:
    many = [sow_drop(f"{route}-{stop:02d}", 3) for route in range(1, 61) for stop in range(1, 6)]

    paper = render_sow_cards("cards", [sow_card(*many), sow_card(sow_drop("1-01", 1))])

    texts = page_texts(paper.pdf)
    assert "page 1 / 4" in texts[0]
    assert "page 1 / 1" in texts[-1]
    assert codes(paper.pdf, page=paper.pages - 1) == {
        ("QRCode", "S*0310A*R03*1"),
        ("Code128", "S*0310A*R03*1"),
    }


def test_a_name_of_ten_thousand_characters_leaves_the_quantity_alone() -> None:
    card = sow_card(sow_drop("1-01", 86), name="超长商品名" * 2000)

    paper = render_sow_cards("cards", [card])

    assert paper.pages == 1
    assert any(word.text.strip() == "86" and word.size == 34 for word in words(paper.pdf))


drops = st.dictionaries(
    st.tuples(st.integers(1, 60), st.integers(1, 12)), st.integers(0, 120), min_size=1, max_size=200
).map(
    lambda found: [
        sow_drop(f"{route}-{stop:02d}", qty, 0 if qty else 1)
        for (route, stop), qty in found.items()
    ]
)


@settings(deadline=None, max_examples=20)
@given(drops)
def test_every_slot_is_printed_once_and_the_last_running_total_is_the_sum(
    wanted: list[SowDrop],
) -> None:
    paper = render_sow_cards("cards", [sow_card(*wanted)])

    found = words(paper.pdf)
    slots = [word.text.strip() for word in found if word.size == 24 and "-" in word.text]
    running = [word.text for word in found if "running" in word.text]
    assert sorted(slots) == sorted(drop.slot for drop in wanted)
    assert len(running) == len({drop.route for drop in wanted})
    assert int(running[-1].split()[-1]) == paper.pieces == sum(drop.qty for drop in wanted)
