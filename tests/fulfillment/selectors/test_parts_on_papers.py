"""A drop in two parts on D6, D7, D8 and D9: each trip its totes, the goods counted once."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from fulfillment.domain.label_codes import Labelled
from fulfillment.models.delivery import Stop, Vehicle
from fulfillment.papers.delivery_note import render_delivery_notes
from fulfillment.papers.fonts import register_fonts
from fulfillment.papers.labels.sizes import MEDIA, Printing
from fulfillment.papers.labels.tote_label import render_tote_labels
from fulfillment.papers.load_sheet import render_load_sheet
from fulfillment.papers.paper import Totes
from fulfillment.papers.route_sheet import render_route_sheet
from fulfillment.selectors.labels.choice import LabelChoice
from fulfillment.selectors.labels.targets import label_target
from fulfillment.selectors.labels.warehouse_labels import tote_labels
from fulfillment.selectors.papers.day import PaperDay, paper_day
from fulfillment.selectors.papers.leader_packs import delivery_note
from fulfillment.selectors.papers.routes import load_sheet_content, route_sheet_content
from fulfillment.selectors.papers.stamping import Stamper
from fulfillment.services.loading import tote_load
from tests.factories.docks import NIGHT, Dock, dock, in_parts, label_of
from tests.fulfillment.papers.reading import page_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    register_fonts(Path(settings.FONTS_DIR))


@pytest.fixture
def night() -> Dock:
    """Slot 1-01 goes with R01 (two totes) and R02 (one)."""
    made = dock(trips=2, stops=1)
    in_parts(made, made.drops[0], trip=made.trips[1])
    Stop.objects.filter(drop=made.drops[0], part_no=1).update(weight_g=6000)
    return made


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page_texts(pdf)).split())


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


def test_both_load_sheets_carry_their_totes_and_name_the_other(night: Dock) -> None:
    night.seal_all()
    day = day_of(night)

    first, second = (load_sheet_content(day, stamper(night), trip) for trip in night.trips)

    assert [(stop.slot, stop.totes.total, stop.pieces, stop.also_on) for stop in first.stops] == [
        ("1-01", 2, 12, "also on R02: 1 totes")
    ]
    assert [(stop.slot, stop.totes.total, stop.pieces, stop.also_on) for stop in second.stops] == [
        ("2-01", 3, 12, ""),
        ("1-01", 1, 0, "also on R01: 2 totes"),
    ]
    assert (first.sealed_totes, second.sealed_totes) == (2, 4)
    assert [stop.weight_g for stop in (*first.stops, *second.stops)] == [6000, 9000, 3000]


def test_cold_totes_go_where_they_stay_cold(night: Dock) -> None:
    Vehicle.objects.filter(pk=night.trips[1].vehicle_id).update(insulated_totes=1)
    day = day_of(night)

    first, second = (load_sheet_content(day, stamper(night), trip) for trip in night.trips)

    assert first.stops[0].totes == Totes(ambient=2)
    assert second.stops[1].totes == Totes(chill=1)


def test_both_route_sheets_stop_at_the_door(night: Dock) -> None:
    day = day_of(night)

    first, second = (route_sheet_content(day, stamper(night), trip) for trip in night.trips)

    assert first.stops[0].also_on == "also on R02: 1 totes"
    assert (second.stops[1].also_on, second.stops[1].pieces) == ("also on R01: 2 totes", 0)


def test_the_goods_of_the_day_are_counted_once(night: Dock) -> None:
    day = day_of(night)

    sheets = [load_sheet_content(day, stamper(night), trip) for trip in night.trips]

    assert sum(stop.pieces for sheet in sheets for stop in sheet.stops) == 24
    assert sum(stop.totes.total for sheet in sheets for stop in sheet.stops) == 6


def test_the_note_tells_the_leader_when_which_totes_come(night: Dock) -> None:
    note = delivery_note(day_of(night), stamper(night), night.drops[0])
    whole = delivery_note(day_of(night), stamper(night), night.drops[1])

    first, second = (
        timezone.localtime(stop.start_at).strftime("%H:%M")
        for stop in night.drops[0].stops.order_by("part_no")
    )
    assert note.also_on == f"R01 about {first}: 2 totes · R02 about {second}: 1 totes"
    assert note.totes.total == 3
    assert whole.also_on == ""


def test_the_papers_print_it(night: Dock) -> None:
    night.seal_all()
    day = day_of(night)

    load = text_of(render_load_sheet(load_sheet_content(day, stamper(night), night.trips[1])).pdf)
    way = text_of(render_route_sheet(route_sheet_content(day, stamper(night), night.trips[0])).pdf)
    note = text_of(
        render_delivery_notes("D9", [delivery_note(day, stamper(night), night.drops[0])]).pdf
    )

    assert "also on R01: 2 totes" in load
    assert "also on R02: 1 totes" in way
    assert "R02 about" in note


def test_a_label_names_every_trip_the_tote_may_go_with(night: Dock) -> None:
    night.seal_all()

    labels = tote_labels(night.run, LabelChoice(kind=Labelled.TOTE, slot="1-01"))

    assert [(label.stop_seq, label.stops, label.also_on) for label in labels] == [
        (1, 1, "+ R02")
    ] * 3
    printed = text_of(render_tote_labels("D6", labels, Printing(medium=MEDIA["80x60"])).pdf)
    assert "Stop 1/1 + R02" in printed


def test_a_loaded_tote_leads_to_the_trip_it_is_on(night: Dock) -> None:
    night.seal_all()
    tote = night.totes(night.drops[0])[0]
    tote_load(
        trip_id=night.trips[1].pk,
        code=label_of(tote),
        event_id=uuid4(),
        device="",
        actor=night.worker,
        now=NIGHT,
    )

    assert str(label_target(label_of(tote), night.worker)).endswith(f"/{night.trips[1].pk}/")
