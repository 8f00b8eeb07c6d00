"""The laws of catch weight: clean after any weighing, and no planted lie stays unseen."""

from uuid import uuid4

import pytest
from django.db import connection

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.book_laws.weights import LAWS
from fulfillment.selectors.books import books_check
from fulfillment.services.weighing import portion_undo
from tests.factories.weighing import NOW, Station, melon_day, melons
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

INSERT = """
    INSERT INTO fulfillment_weighedportion
        (event_id, allocation_id, portion_no, nominal_g, gross_g, tare_g, undoes_id,
         approval_note, scale_id, weighed_by_id, weighed_at)
    SELECT gen_random_uuid(), allocation_id, portion_no, nominal_g, {gross}, tare_g, {undoes},
           '', scale_id, weighed_by_id, weighed_at
      FROM fulfillment_weighedportion WHERE undoes_id IS NULL AND portion_no = 1
"""
LIES = [
    pytest.param(law, lie, id=f"{law}-{nth}")
    for nth, (law, lie) in enumerate(
        [
            ("portions", INSERT.format(gross="gross_g", undoes="NULL")),
            ("portions", INSERT.format(gross="gross_g + 1", undoes="id")),
            ("short_weights", "UPDATE orders_refundline SET amount_fen = amount_fen + 1"),
            ("short_weights", "UPDATE orders_refundline SET amount_fen = amount_fen - 1"),
            ("short_weights", "UPDATE orders_refund SET reason = 'after_sales'"),
            ("short_weights", "UPDATE fulfillment_weighedportion SET tare_g = tare_g - 10"),
            ("short_weights", "UPDATE fulfillment_weighedportion SET gross_g = gross_g + 10"),
            ("short_weights", "UPDATE fulfillment_weighedportion SET nominal_g = nominal_g + 10"),
            ("short_weights", "DELETE FROM fulfillment_weighedportion WHERE portion_no = 5"),
            ("short_weights", "DELETE FROM fulfillment_weighedportion"),
            ("short_weights", "UPDATE orders_orderline SET unit_price_fen = unit_price_fen - 100"),
        ],
        start=1,
    )
]


def tell(lie: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(lie)


def broken() -> list[str]:
    return [result.name for result in books_check(LAWS) if result.violations]


@pytest.fixture
def station() -> Station:
    """A played day on which the five melons of O2 are light."""
    played(melon_day())
    station = Station()
    station.weigh(melons("O2"), 1700, 1760, 1710, 1700, 1700)
    return station


def test_the_books_of_a_weighed_day_agree(station: Station) -> None:
    assert broken() == []


def test_they_agree_when_portions_are_undone_and_weighed_again(station: Station) -> None:
    line = melons("O4")
    (light,) = station.weigh(line, 1700)
    portion_undo(portion_id=light.pk, event_id=uuid4(), actor=station.weigher, now=NOW)

    undone = broken()
    station.weigh(line, 1740)

    assert undone == []
    assert broken() == []


def test_a_heavier_portion_explains_no_more_than_it_ever_owed(station: Station) -> None:
    line = melons("O4")
    (light,) = station.weigh(line, 1700)
    portion_undo(portion_id=light.pk, event_id=uuid4(), actor=station.weigher, now=NOW)
    station.weigh(line, 1740)

    tell(
        """
        UPDATE orders_refundline SET amount_fen = amount_fen + 1
         WHERE id = (SELECT max(id) FROM orders_refundline)
        """
    )

    assert broken() == ["short_weights"]


def test_a_higher_minimum_does_not_judge_a_closed_day(station: Station) -> None:
    station.weigh(melons("O4"), 1735)
    CutoffRun.objects.update(day_closed_at=NOW)

    assert broken() == []


@pytest.mark.parametrize(("law", "lie"), LIES)
def test_a_lie_is_found_by_the_law_it_breaks(law: str, lie: str, station: Station) -> None:
    tell(lie)

    assert law in broken()


def test_every_law_of_weights_has_a_lie() -> None:
    assert {str(param.values[0]) for param in LIES} == {law.name for law in LAWS}
