"""The weigh station's lists."""

from datetime import date
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from fulfillment.domain.catch_weight import Band, Verdict
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import SortTask
from fulfillment.models.weighing import Scale
from fulfillment.selectors.weigh_station import (
    Station,
    scales_verified,
    weigh_board,
    weigh_station,
)
from fulfillment.services.weighing import portion_undo
from orders.models.orders import Order
from tests.factories import weighing
from tests.factories.weighing import NOW, melon_day, melons
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> CutoffRun:
    return played(melon_day())


@pytest.fixture
def scale(run: CutoffRun) -> weighing.Station:
    return weighing.Station()


def station() -> Station:
    return weigh_station(SortTask.objects.select_related("sku", "wave").get(sku__code="K3"))


def test_before_anything_is_weighed_nothing_is_entered(
    run: CutoffRun, scale: weighing.Station
) -> None:
    (task,) = weigh_board(run)

    assert (task.sku.code, task.pieces, task.weighed, task.lines_open) == ("K3", 6, 0, 2)
    assert not task.is_done
    assert station().last is None


def test_portions_come_slot_by_slot_and_door_by_door(
    run: CutoffRun, scale: weighing.Station
) -> None:
    Order.objects.filter(source_no="O4").update(building="1栋")

    found = station()

    assert found.band == Band(1698, 1802)
    assert [(place.building, place.number) for place in found.missing] == [
        ("1栋", 1),
        *[("2栋", number) for number in range(1, 6)],
    ]
    assert len({place.slot for place in found.missing}) == 1
    assert found.total == 6


def test_what_is_weighed_leaves_the_list_with_its_verdict(
    run: CutoffRun, scale: weighing.Station
) -> None:
    scale.weigh(melons("O2"), 1600, 1750, 1850)

    found = station()

    verdicts = [(one.place.number, one.verdict, one.difference_g) for one in found.weighed]
    assert verdicts == [
        (3, Verdict.OVER, 100),
        (2, Verdict.WITHIN, 0),
        (1, Verdict.UNDER, -150),
    ]
    assert found.last is not None
    assert (found.last.net_g, found.last.weighed_by) == (1850, "周师傅")
    (task,) = weigh_board(run)
    assert (task.weighed, task.outside, task.lines_open) == (3, 2, 2)


def test_a_portion_that_is_undone_is_to_be_weighed_again(
    run: CutoffRun, scale: weighing.Station
) -> None:
    (portion,) = scale.weigh(melons("O4"), 1750)
    portion_undo(portion_id=portion.pk, event_id=uuid4(), actor=scale.weigher, now=NOW)

    found = station()

    assert found.weighed == ()
    assert len(found.missing) == 6


def test_another_place_than_the_next_can_be_asked_for(
    run: CutoffRun, scale: weighing.Station
) -> None:
    scale.weigh(melons("O4"), 1750)
    found = station()
    line = melons("O2")

    asked = found.place((line.pk, 3))
    gone = found.place((melons("O4").pk, 1))

    assert asked is not None
    assert asked.key == (line.pk, 3)
    assert gone == found.place(None) == found.missing[0]


def test_a_portion_of_a_piece_that_is_lost_has_to_be_undone(
    run: CutoffRun, scale: weighing.Station
) -> None:
    line = melons("O2")
    scale.weigh(line, 1750, 1750)
    line.allocated_qty = 1
    line.save()

    found = station()

    assert [one.place.number for one in found.unexpected] == [2]
    assert [one.is_expected for one in found.weighed] == [False, True]
    assert found.total == 2
    (task,) = weigh_board(run)
    assert task.lines_open == 2


def test_only_verified_scales_of_the_warehouse_weigh(
    run: CutoffRun, scale: weighing.Station
) -> None:
    weighing.ScaleFactory.create(code="OLD", verified_until=date(2026, 3, 10))
    weighing.ScaleFactory.create(code="OFF", is_active=False)
    weighing.ScaleFactory.create(code="FAR", warehouse__code="W9")
    Scale.objects.filter(pk=scale.scale.pk).update(warehouse=run.warehouse)
    Scale.objects.filter(code__in=["OLD", "OFF"]).update(warehouse=run.warehouse)

    assert list(scales_verified(run, date(2026, 3, 11))) == [scale.scale]


def test_the_board_takes_the_same_number_of_queries_however_much_is_weighed(
    run: CutoffRun,
    scale: weighing.Station,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    scale.weigh(melons("O2"), 1750, 1750, 1750)

    with django_assert_num_queries(4):
        weigh_board(run)
    with django_assert_num_queries(6):
        station()
