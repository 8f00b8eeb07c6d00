"""What papers say of goods sold by weight: what came, once all of it is weighed."""

from datetime import date, datetime

import pytest

from fulfillment.papers.delivery_note import NoteLine
from fulfillment.papers.hand_out_list import HandOutLine
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.leader_packs import delivery_note, hand_out_list
from fulfillment.selectors.papers.stamping import Stamper
from tests.builders import SHANGHAI
from tests.factories.weighing import Station, melon_day, melons
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

STAMPER = Stamper(
    delivery_on=date(2026, 3, 11),
    wave="A",
    revision=1,
    printed_at=datetime(2026, 3, 11, 5, 0, tzinfo=SHANGHAI),
    printed_by="test",
)


@pytest.fixture
def station() -> Station:
    """The melon day; five melons of O2 and one of O4 go to leader L2."""
    played(melon_day())
    return Station()


def day() -> PaperDay:
    return paper_day(melons("O2").run_id)


def melon_note() -> NoteLine:
    """The melons on the delivery note of L2."""
    found = day()
    (drop,) = [drop for drop in found.drops if drop.pickup_point.leader.code == "L2"]
    (line,) = [row for row in delivery_note(found, STAMPER, drop).lines if row.sku_code == "K3"]
    return line


def melon_hand_outs() -> list[HandOutLine]:
    """The melons on the hand-out list of L2, by building."""
    found = day()
    (drop,) = [drop for drop in found.drops if drop.pickup_point.leader.code == "L2"]
    lines = hand_out_list(found, STAMPER, drop).lines
    return sorted((line for line in lines if line.sku_code == "K3"), key=lambda line: line.building)


def test_before_all_is_weighed_no_weight_is_known(station: Station) -> None:
    station.weigh(melons("O2"), 1700, 1760, 1710, 1700)

    assert melon_note().weight_g is None
    assert [line.weight_g for line in melon_hand_outs()] == [None, None]


def test_a_resident_reads_the_weight_and_that_money_went_back(station: Station) -> None:
    station.weigh(melons("O4"), 1712)

    by_building = {line.building: line for line in melon_hand_outs()}

    assert by_building["2栋"].weight_g is None
    assert (by_building["4栋"].weight_g, by_building["4栋"].has_weight_refund) == (1712, True)


def test_the_note_sums_a_point_when_every_line_is_weighed(station: Station) -> None:
    station.weigh(melons("O4"), 1750)
    half = melon_note().weight_g
    station.weigh(melons("O2"), 1700, 1760, 1710, 1700, 1700)

    assert half is None
    assert melon_note().weight_g == 8570 + 1750
    assert [line.has_weight_refund for line in melon_hand_outs()] == [True, False]
