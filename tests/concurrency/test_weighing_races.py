"""Two scales and one portion: it stands once, and its money goes back once."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from fulfillment.errors import PortionNotExpected
from fulfillment.models.allocation import Allocation
from fulfillment.models.weighing import Scale, WeighedPortion
from fulfillment.selectors.weighing import portions_standing
from fulfillment.services.weighing import portion_undo, portion_weigh
from orders.models.payments import Refund, RefundReason
from tests.concurrency.race import Outcome, Runner, errors, race, values
from tests.factories.weighing import NOW, Station, melon_day, melons
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db(transaction=True)

PAUSE_S = 1.0
SERVICE = "fulfillment.services.weighing"
Patches = Sequence[AbstractContextManager[object]]


@pytest.fixture
def station() -> Station:
    played(melon_day())
    return Station()


def scale_slowly(scale_id: int, _now: datetime) -> Scale:
    """The scale, and a pause between looking at the line and writing to it."""
    time.sleep(PAUSE_S)
    return Scale.objects.get(pk=scale_id)


def slow() -> Patches:
    return [patch(f"{SERVICE}._scale", scale_slowly)]


def unlocked() -> Patches:
    """The line is read, and nobody waits for anybody."""

    def allocation_read(allocation_id: int) -> Allocation:
        rows = Allocation.objects.select_related("run", "order_line__sku", "order_line__order")
        return rows.get(pk=allocation_id)

    return [*slow(), patch(f"{SERVICE}._allocation_locked", allocation_read)]


def both_weigh(
    station: Station, without: Patches, event_id: UUID | None = None
) -> list[Outcome[int]]:
    """Two processes weigh the only melon of O4: 1,700 g and 1,701 g."""
    line = melons("O4")
    weighings = [station.weighing(line, 1, 1700 + number, event_id=event_id) for number in range(2)]

    def weigh(runner: Runner) -> int:
        weighing = weighings[runner.number]
        return portion_weigh(weighing=weighing, actor=station.weigher, now=NOW).pk

    return race(weigh, processes=2, without=without)


def refunds() -> int:
    return Refund.objects.filter(reason=RefundReason.SHORT_WEIGHT).count()


def test_a_portion_on_two_scales_stands_once(station: Station) -> None:
    outcomes = both_weigh(station, slow())

    assert len(values(outcomes)) == 1
    assert [type(error) for error in errors(outcomes)] == [PortionNotExpected]
    assert portions_standing().count() == 1
    assert refunds() == 1


@pytest.mark.control
def test_without_the_lock_it_stands_twice(station: Station) -> None:
    outcomes = both_weigh(station, unlocked())

    assert len(values(outcomes)) == 2
    assert portions_standing().count() == 2


def test_one_event_sent_twice_at_once_is_one_portion_for_both(station: Station) -> None:
    outcomes = both_weigh(station, slow(), uuid4())

    assert len(set(values(outcomes))) == 1
    assert errors(outcomes) == []
    assert WeighedPortion.objects.count() == 1


@pytest.mark.control
def test_without_the_lock_the_second_sending_fails(station: Station) -> None:
    outcomes = both_weigh(station, unlocked(), uuid4())

    assert [type(error) for error in errors(outcomes)] == [IntegrityError]


def both_undo(station: Station, without: Patches) -> list[Outcome[int]]:
    """Two processes undo one weighing of 1,700 g, slowly."""
    (portion,) = station.weigh(melons("O4"), 1700)
    event_ids = [uuid4(), uuid4()]
    create = WeighedPortion.objects.create

    def create_slowly(**row: object) -> WeighedPortion:
        time.sleep(PAUSE_S)
        return create(**row)

    def undo(runner: Runner) -> int:
        event_id = event_ids[runner.number]
        return portion_undo(
            portion_id=portion.pk, event_id=event_id, actor=station.weigher, now=NOW
        ).pk

    slowly = patch.object(WeighedPortion.objects, "create", create_slowly)
    return race(undo, processes=2, without=[slowly, *without])


def test_a_portion_undone_by_two_is_undone_once(station: Station) -> None:
    outcomes = both_undo(station, [])

    assert len(values(outcomes)) == 1
    assert [type(error) for error in errors(outcomes)] == [PortionNotExpected]
    assert WeighedPortion.objects.count() == 2
    assert refunds() == 1


@pytest.mark.control
def test_without_the_lock_the_second_undoing_only_sees_the_database_refuse(
    station: Station,
) -> None:
    outcomes = both_undo(station, unlocked())

    assert [type(error) for error in errors(outcomes)] == [IntegrityError]
