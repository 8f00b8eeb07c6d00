"""Chains are understood as people mean them, and nothing they wrote is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.jielong.chain import Doubt
from orders.domain.jielong.lines import START, PassedOver
from orders.domain.jielong.parsing import parse
from orders.domain.jielong.text import clean
from tests.orders.domain.jielong.corpus import MARKET, SAMPLES, Case, Sample, cases, said, samples

WORDS = [
    *("#接龙", "#Group Note", "1.", "2.", "13、", "小满", "8栋阿木", "3-501", "7号楼2单元301", "A"),
    *(
        "B2",
        "a1",
        "+",
        "、",
        ",",
        "鸡蛋",
        "豆腐",
        "🥚",
        "2份",
        "x3",
        "两板",
        "半",
        "廿",
        "+1",
        "各",
    ),
    *(
        "退出",
        "改成",
        "再加",
        "同上",
        "谢谢",
        "：",
        "（",
        "）",
        "19.9元",
        "7:30",
        "「",
        "- - - - -",
    ),
    *("A鸡蛋 B豆腐", "小满 20:13", "\u200b", "🌸", "500g"),
]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_form_of_the_corpus_is_read_as_annotated(case: Case) -> None:
    entries = parse(case.text, MARKET).entries

    assert tuple(said(entry) for entry in entries) == case.entries


def test_the_corpus_covers_at_least_sixty_texts() -> None:
    assert len(cases()) >= 60


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.files[-1])
def test_real_samples_give_the_entries_and_items_a_person_counted(sample: Sample) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"the real samples are missing: {SAMPLES}")
    text = "\n".join((SAMPLES / name).read_text(encoding="utf-8") for name in sample.files)

    chain = parse(text, sample.goods)

    found: dict[str, int] = {}
    for entry in chain.entries:
        for item in entry.items:
            found[item.sku_code] = found.get(item.sku_code, 0) + item.qty
    assert len(chain.entries) == sample.entries
    assert tuple(sorted(found.items())) == sample.items
    assert not any(entry.is_clear for entry in chain.entries)


def test_letters_of_the_seller_count_where_no_header_gives_any() -> None:
    goods = [*MARKET[2:]]
    marked = [
        type(each)(sku_code=each.sku_code, name=each.name, unit=each.unit, mark=mark)
        for each, mark in zip(MARKET[:2], "AB", strict=True)
    ]

    (entry,) = parse("青石: A*2, B 一份", [*marked, *goods]).entries

    assert entry.nickname == "青石"
    assert entry.quantities == {"EGG": 2, "TOFU": 1}
    assert entry.is_clear


def test_a_known_name_settles_where_a_name_with_goods_in_it_ends() -> None:
    text = "#接龙\nA鸡蛋 B豆腐\n1. 豆腐 鸡蛋 A1"

    plain = parse(text, MARKET).entries[0]
    known = parse(text, MARKET, known_names=["豆腐 鸡蛋"]).entries[0]

    assert plain.nickname == "豆腐"
    assert (known.nickname, known.quantities) == ("豆腐 鸡蛋", {"EGG": 1})


def test_what_was_passed_over_is_listed_with_its_line_and_reason() -> None:
    text = "小满:\n「谷雨：鸡蛋2板」\n- - - - - - -\n鸡蛋1板 3-501\n收到"

    chain = parse(text, MARKET)

    assert [(each.line_no, each.why) for each in chain.passed] == [
        (1, PassedOver.SENDER),
        (2, PassedOver.QUOTE),
        (3, PassedOver.QUOTE),
        (5, PassedOver.CHATTER),
    ]


def test_a_declaration_keeps_letter_price_and_goods() -> None:
    chain = parse("#接龙\nA鸡蛋24.9 B:嫩豆腐400g 2.9元(限2) C菠萝 8\n", MARKET)

    assert [(each.mark, each.sku_code, each.price_fen) for each in chain.goods] == [
        ("A", "EGG", 2490),
        ("B", "TOFU", 290),
        ("C", "", 800),
    ]


def test_a_row_with_a_doubt_is_never_clear() -> None:
    for case in cases():
        for entry in parse(case.text, MARKET).entries:
            doubted = bool(entry.problems) or entry.operation is not None or not entry.items
            assert entry.is_clear == (not doubted)
            assert entry.confidence_bp >= 6_000 or doubted


def test_the_same_household_twice_is_doubted_from_the_second_row_on() -> None:
    chain = parse("#接龙\nA鸡蛋\n1. 小满 1-101 A1\n2. 小满 1-101 A1", MARKET)

    assert [entry.is_clear for entry in chain.entries] == [True, False]
    assert chain.entries[1].problems[-1].doubt is Doubt.TWICE_IN_LIST


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), max_size=12))
def test_no_line_is_ever_lost(soup: list[list[str]]) -> None:
    lines = [" ".join(words) for words in soup]

    chain = parse("\n".join(lines), MARKET)

    kept = [*chain.header, *(entry.raw for entry in chain.entries)]
    kept += [each.text for each in chain.passed]
    everything = "\n".join(clean(part) for text in kept for part in text.splitlines())
    for line in lines:
        title = START.match(clean(line))
        assert clean(line)[title.end() if title else 0 :].strip() in everything


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_can_be_read(text: str) -> None:
    chain = parse(text, MARKET)

    assert [entry.position for entry in chain.entries] == list(range(1, len(chain.entries) + 1))
