"""D7, D8 and D9 follow the totes: estimated, sealed, and what was there before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from fulfillment.models.warehouse import Tote
from fulfillment.papers.paper import Freeze, Totes
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.leader_packs import delivery_note
from fulfillment.selectors.papers.routes import load_sheet_content, route_sheet_content
from fulfillment.selectors.papers.stamping import Stamper
from fulfillment.selectors.totes import Holder
from fulfillment.services.tote_ledger import Recount, tote_balance_correct
from tests.factories.docks import NIGHT, Dock, dock

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Dock:
    return dock()


def day_of(night: Dock) -> PaperDay:
    return paper_day(night.run.pk)


def stamper(night: Dock) -> Stamper:
    return Stamper(
        delivery_on=night.run.campaign.delivery_date,
        wave="A",
        revision=1,
        printed_at=timezone.localtime(NIGHT),
        printed_by="test",
    )


def test_a_load_sheet_shows_the_estimate_until_every_slot_is_sealed(night: Dock) -> None:
    night.seal(night.drops[0], ambient=1, frozen=2)

    sheet = load_sheet_content(day_of(night), stamper(night), night.trips[0])

    assert (sheet.is_sealed, sheet.stamp.freeze) == (False, Freeze.ROUTE_PLAN)
    assert [(stop.slot, stop.is_sealed, stop.totes) for stop in sheet.stops] == [
        ("1-01", True, Totes(ambient=1, frozen=2)),
        ("1-02", False, Totes(ambient=2, chill=1)),
    ]


def test_papers_of_a_sealed_trip_are_made_from_the_sealed_totes(night: Dock) -> None:
    night.seal(night.drops[0], ambient=4)
    night.seal(night.drops[1])
    day = day_of(night)

    load = load_sheet_content(day, stamper(night), night.trips[0])
    way = route_sheet_content(day, stamper(night), night.trips[0])

    assert (load.is_sealed, load.sealed_totes, load.stops[0].lane) == (True, 7, "1")
    assert load.stamp.freeze is way.stamp.freeze is Freeze.TOTES
    assert [stop.totes.total for stop in way.stops] == [4, 3]


def test_lost_totes_travel_on_no_paper(night: Dock) -> None:
    night.seal_all()
    night.load_all()
    Tote.objects.filter(pk=night.totes(night.drops[0])[0].pk).update(state="lost")

    load = load_sheet_content(day_of(night), stamper(night), night.trips[0])

    assert load.stops[0].totes == Totes(ambient=1, chill=1)


def test_a_note_names_the_totes_its_goods_are_in_as_their_labels_do(night: Dock) -> None:
    with translation.override("en"):
        before = delivery_note(day_of(night), stamper(night), night.drops[0])
        night.seal(night.drops[0])
        after = delivery_note(day_of(night), stamper(night), night.drops[0])

    assert {line.tote for line in before.lines} == {""}
    assert {line.name: line.tote for line in after.lines} == {
        "土豆 1kg": "1–2/3",
        "鸡蛋 30枚": "1–2/3",
        "鲜牛奶 950ml": "3/3",
    }
    assert (before.stamp.freeze, after.stamp.freeze) == (Freeze.ROUTE_PLAN, Freeze.TOTES)


def test_papers_open_with_the_totes_of_leader_and_driver(night: Dock) -> None:
    at = night.run.campaign.freeze_at.replace(year=2020)
    point = night.drops[0].pickup_point
    for holder, holder_id in (
        (Holder.LEADER, point.leader_id),
        (Holder.VEHICLE, night.trips[0].vehicle_id),
    ):
        tote_balance_correct(
            holder=holder,
            holder_id=holder_id,
            recount=Recount(counted=5, reason="first count", event_id=uuid4()),
            actor=night.worker,
            now=at,
        )
    day = day_of(night)

    note = delivery_note(day, stamper(night), night.drops[0])
    way = route_sheet_content(day, stamper(night), night.trips[0])

    assert note.totes_before == 5
    assert [stop.empties_due for stop in way.stops] == [5, 0]
    assert load_sheet_content(day, stamper(night), night.trips[0]).totes_before == 5


def test_a_note_says_until_when_differences_count_and_for_cold_goods_sooner(night: Dock) -> None:
    note = delivery_note(day_of(night), stamper(night), night.drops[0])

    assert note.arrive_to is not None
    assert note.claim_until == note.arrive_to + timedelta(hours=12)
    assert note.cold_until == note.arrive_to + timedelta(hours=2)
