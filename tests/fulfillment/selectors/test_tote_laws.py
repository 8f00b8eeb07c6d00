"""The laws of totes: clean after a whole night, and no planted lie stays unseen."""

import pytest
from django.db import connection

from fulfillment.models.warehouse import Tote
from fulfillment.selectors.book_laws.goods import LAWS as GOODS_LAWS
from fulfillment.selectors.books import books_check
from fulfillment.services.trip_returns import trip_return_rest
from tests.factories.docks import NIGHT, dock, tote_laws_broken
from tests.fulfillment.selectors.tote_lies import LIES_ABOUT_TOTES

pytestmark = pytest.mark.django_db

STOPS_LAW = [law for law in GOODS_LAWS if law.name == "stops"]


@pytest.mark.parametrize(("law", "lie"), LIES_ABOUT_TOTES)
def test_a_lie_about_totes_is_found_by_the_law_it_breaks(law: str, lie: str) -> None:
    night = dock(trips=2)
    night.seal_all()
    night.load_all()
    night.sign_all()
    for trip in night.trips:
        trip_return_rest(
            trip_id=trip.pk,
            empties={stop.pk: 1 for stop in trip.stops.all()},
            empties_in=2,
            actor=night.worker,
            now=NIGHT,
        )
    assert tote_laws_broken() == []

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(lie)

    assert law in tote_laws_broken()


def test_a_stop_is_held_to_the_estimate_whatever_was_packed() -> None:
    night = dock()
    night.seal(night.drops[0], ambient=4, frozen=1)

    assert books_check(STOPS_LAW)[0].violations == 0
    Tote.objects.create(drop=night.drops[0], storage="chill", seq=9)
    assert books_check(STOPS_LAW)[0].offenders == (f"drop {night.drops[0].pk}",)
