"""Substitutes on the papers: a line of their own, and the pieces agree everywhere."""

from datetime import datetime

import pytest
from django.utils import timezone, translation

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.papers import Paper
from fulfillment.selectors.books import books_check
from fulfillment.selectors.hand_out import hand_out_check, hand_out_lines
from fulfillment.selectors.leader_orders import order_of_leader
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.leader_packs import delivery_note, hand_out_list
from fulfillment.selectors.papers.sorting import check_list, master_list_content, sow_cards
from fulfillment.selectors.papers.stamping import Stamper
from fulfillment.services.papers import papers_refresh
from fulfillment.services.substitution import substitute_give
from leaders.models.leaders import Leader
from orders.domain.storage import StorageClass
from orders.models.orders import Order
from tests.builders import OPENS_AT
from tests.factories.leaders import UserFactory
from tests.factories.shortages import lose, sku_of
from tests.fulfillment.services.days import sharing

pytestmark = pytest.mark.django_db

NIGHT: datetime = OPENS_AT.replace(day=11, hour=4)


@pytest.fixture
def run() -> CutoffRun:
    """O3 at L1 ordered 3 tofu (K2): two are replaced by K1, one stays short."""
    return given(sharing())


def given(run: CutoffRun) -> CutoffRun:
    Order.objects.update(accepts_substitutes=True)
    lose(run, "K1", 1, at=NIGHT)
    substitute_give(
        run=run,
        short_sku_id=sku_of("K2").pk,
        substitute_sku_id=sku_of("K1").pk,
        actor=UserFactory.create(),
        reason="tofu came short",
        now=NIGHT,
    )
    return run


@pytest.fixture
def day(run: CutoffRun) -> PaperDay:
    return paper_day(run.pk)


@pytest.fixture
def stamper(day: PaperDay) -> Stamper:
    return Stamper(
        delivery_on=day.run.campaign.delivery_date,
        wave="A",
        revision=1,
        printed_at=timezone.localtime(NIGHT),
        printed_by="test",
    )


def test_a_substitute_is_a_line_of_its_own(day: PaperDay) -> None:
    lines = [line for line in day.lines if line.order_no.endswith("O3")]

    assert [
        (line.sku_id, line.ordered_qty, line.allocated_qty, line.replaces_sku_id) for line in lines
    ] == [(sku_of("K2").pk, 1, 0, None), (sku_of("K1").pk, 2, 2, sku_of("K2").pk)]


def test_the_note_and_the_check_list_name_what_it_is_given_for(
    day: PaperDay, stamper: Stamper
) -> None:
    drop = next(drop for drop in day.drops if drop.pickup_point.code == "L1")

    with translation.override("en"):
        note = delivery_note(day, stamper, drop)
        check = check_list(day, stamper, drop)

    marked = "商品1 500g (instead of 商品2 500g)"
    assert [(line.name, line.ordered_qty, line.shipped_qty) for line in note.lines] == [
        ("商品1 500g", 3, 3),
        ("商品2 500g", 5, 4),
        (marked, 2, 2),
    ]
    assert [(line.name, line.qty, line.short_qty) for line in check.lines] == [
        ("商品1 500g", 3, 0),
        ("商品2 500g", 4, 1),
        (marked, 2, 0),
    ]


def test_the_hand_out_list_gives_it_to_its_resident(day: PaperDay, stamper: Stamper) -> None:
    drop = next(drop for drop in day.drops if drop.pickup_point.code == "L1")

    listed = hand_out_list(day, stamper, drop)

    assert sum(line.qty for line in listed.lines) == listed.shipped_qty == drop.pieces == 9
    (substitute,) = [line for line in listed.lines if "+" in line.sku_code]
    assert (substitute.sku_code, substitute.qty, substitute.short_qty) == ("K1+K2", 2, 0)


def test_cards_and_master_list_count_it_with_the_goods_it_is(
    day: PaperDay, stamper: Stamper
) -> None:
    (wave,) = day.waves

    master = master_list_content(day, stamper, wave)
    cards = {card.sku_code: card for card in sow_cards(day, stamper, wave)[StorageClass.AMBIENT]}

    allocated = {row.sku_code: sum(row.route_qty) for row in master.rows}
    assert allocated == {"K1": 14, "K2": 6, "K3": 6}
    assert {code: card.allocated_qty for code, card in cards.items()} == allocated
    assert sum(row.need_qty for row in master.rows) == 27


def test_all_papers_show_the_pieces_that_are_handed_out() -> None:
    run = given(sharing(print_papers=True))

    papers_refresh(run=run, actor=None, now=NIGHT)

    newest = Paper.objects.filter(run=run, document="check_list").order_by("-revision")
    assert newest[0].pieces == 26
    assert [r.name for r in books_check() if r.violations] == []


def test_the_leader_sees_it_beside_what_stays_short(run: CutoffRun) -> None:
    leader = Leader.objects.get(code="L1")

    lines = hand_out_lines(leader, run)
    order = order_of_leader(leader, Order.objects.get(source_no="O3").pk)

    assert hand_out_check(leader, run, lines).is_equal
    assert [(line.sku_name, line.qty, line.short_qty, line.instead_of) for line in lines][-2:] == [
        ("商品2 500g", 0, 1, ""),
        ("商品1 500g", 2, 0, "商品2 500g"),
    ]
    assert order is not None
    (line,) = order.lines
    assert (line.allocated_qty, line.short_qty) == (0, 1)
    assert (line.substitute_name, line.substitute_qty) == ("商品1 500g", 2)
