"""D9: what the leader signs for, twice."""

from dataclasses import replace

from django.utils import translation

from fulfillment.papers.delivery_note import render_delivery_notes
from fulfillment.papers.paper import Totes
from orders.domain.storage import StorageClass
from tests.fulfillment.papers.contents import STAMP, delivery_note, note_line
from tests.fulfillment.papers.reading import codes, page_texts, rows


def test_each_note_is_printed_for_the_leader_and_to_bring_back() -> None:
    paper = render_delivery_notes("f", [delivery_note(note_line("K1", 6, 4))])

    texts = page_texts(paper.pdf)
    assert ["Leader's copy" in text for text in texts] == [True, False]
    assert ["Return copy" in text for text in texts] == [False, True]
    assert (paper.pages, paper.lines, paper.pieces) == (2, 1, 4)


def test_a_line_shows_ordered_shipped_and_why_it_is_short() -> None:
    found = rows(render_delivery_notes("f", [delivery_note(note_line("K1", 6, 4))]).pdf)

    assert "1 K1 商品K1 份 6 4 short 2" in found
    assert "refunded" in found
    assert "Check: ordered 6 − short 2 = shipped 4 ✓" in found


def test_cold_goods_have_their_own_time_to_report_differences() -> None:
    note = delivery_note(note_line("K1", 6, 6))
    cold = replace(note, cold_until=note.claim_until.replace(hour=9))

    plain, timed = (render_delivery_notes("f", [one]).pdf for one in (note, cold))

    assert "Cold goods until" not in "".join(page_texts(plain))
    assert "Cold goods until" in "".join(page_texts(timed))
    assert "03-10 09:30" in " ".join(rows(timed))


def test_lines_stand_by_temperature_tote_and_code() -> None:
    note = delivery_note(
        note_line("K4", 1, 1, storage=StorageClass.CHILL),
        note_line("K10", 1, 1, tote="T10"),
        note_line("K2", 1, 1, tote="T9"),
        note_line("K11", 1, 1, tote="T9"),
    )

    found = rows(render_delivery_notes("f", [note]).pdf)

    order = [row.split()[1] for row in found if "商品" in row][:4]
    assert order == ["K2", "K11", "K10", "K4"]
    assert "Ambient T9 2 pieces" in found


def test_totes_are_counted_in_digits_and_on_chinese_paper_in_words() -> None:
    note = delivery_note(note_line("K1", 1, 1), totes=Totes(ambient=3, chill=1, frozen=1))

    with translation.override("zh-hans"):
        text = page_texts(render_delivery_notes("f", [note]).pdf)[0]

    assert "5 (伍)" in text


def test_a_drop_on_no_route_says_so_instead_of_a_time() -> None:
    note = delivery_note(note_line("K1", 1, 1), stop_seq=0, arrive_from=None, arrive_to=None)

    assert "not on a route" in page_texts(render_delivery_notes("f", [note]).pdf)[0]


def test_the_leaders_phone_is_masked() -> None:
    text = page_texts(render_delivery_notes("f", [delivery_note(note_line("K1", 1, 1))]).pdf)[0]

    assert "199****4838" in text
    assert "19900024838" not in text


def test_the_code_is_a_link_any_phone_opens() -> None:
    link = "https://tuanpei.example/c/D*0310A*3-07*1"
    note = delivery_note(note_line("K1", 1, 1), stamp=replace(STAMP, code=link))

    assert codes(render_delivery_notes("f", [note]).pdf, page=1) == {("QRCode", link)}


def test_the_totes_a_leader_has_are_printed_and_an_estimate_says_so() -> None:
    line = note_line("K001", 2, 2)

    estimated = page_texts(render_delivery_notes("t", [delivery_note(line)]).pdf)[0]
    sealed = page_texts(
        render_delivery_notes("t", [delivery_note(line, is_sealed=True, totes_before=4)]).pdf
    )[0]

    assert "Totes (estimated)" in estimated
    assert "Totes you had before" not in estimated
    assert "Totes (estimated)" not in sealed
    assert "Totes you had before" in sealed


def test_goods_sold_by_weight_say_what_they_weigh_together() -> None:
    note = delivery_note(note_line("K001", 5, 5, weight_g=8570), note_line("K002", 2, 2))

    text = page_texts(render_delivery_notes("t", [note]).pdf)[0]

    assert "weighs 8.570 kg" in text
    assert text.count("weighs") == 1
