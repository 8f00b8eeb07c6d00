"""Contents of the dock's and the driver's papers: one load and one way per trip."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.arrival_window import arrival_window
from fulfillment.domain.sorting import parse_slot
from fulfillment.models.delivery import Stop, Trip, Vehicle
from fulfillment.models.warehouse import Drop
from fulfillment.papers.load_sheet import LoadSheetContent, LoadStop
from fulfillment.papers.numbering import Document
from fulfillment.papers.paper import Freeze, Totes
from fulfillment.papers.route_sheet import RouteSheetContent, RouteStop
from fulfillment.selectors.papers.day import PaperDay
from fulfillment.selectors.papers.stamping import Stamper

# Opens on any phone and says in which system the coordinates are.
MAP_LINK = "https://uri.amap.com/marker?position={lng:.6f},{lat:.6f}&coordinate=wgs84"


def drops_of_trip(day: PaperDay, trip: Trip) -> tuple[tuple[Stop, Drop], ...]:
    """The stops of a trip with their drops, in stop order."""
    found = [
        (stop, drop)
        for drop in day.drops
        for stop in day.parts.get(drop.pk, ())
        if stop.trip_id == trip.pk
    ]
    return tuple(sorted(found, key=lambda pair: pair[0].stop_seq))


def drops_counted(day: PaperDay, pairs: Sequence[tuple[Stop, Drop]]) -> tuple[Drop, ...]:
    """The drops whose goods a trip's papers count; a drop in parts counts with its first."""
    return tuple(drop for stop, drop in pairs if day.stops[drop.pk].pk == stop.pk)


def load_sheet_content(day: PaperDay, stamper: Stamper, trip: Trip) -> LoadSheetContent:
    """What goes into the vehicle."""
    pairs = drops_of_trip(day, trip)
    counted = drops_counted(day, pairs)
    quantities = day.quantities(counted)
    return LoadSheetContent(
        stamp=stamper.stamp(
            Document.LOAD_SHEET, str(trip), quantities, freeze=freeze_of(day, pairs)
        ),
        route=str(trip),
        plate=trip.vehicle.plate,
        vehicle=vehicle_words(trip.vehicle),
        driver="",
        capacity_g=trip.vehicle.capacity_g,
        capacity_totes=trip.vehicle.capacity_totes,
        departs_at=timezone.localtime(trip.departs_at),
        totes_before=day.opening.vehicles.get(trip.vehicle_id, 0),
        sealed_totes=sum(_sealed_totes(day, stop) for stop, _drop in pairs),
        stops=tuple(
            LoadStop(
                stop_seq=stop.stop_seq,
                slot=drop.slot_code,
                leader_name=drop.pickup_point.leader.name,
                point_name=drop.pickup_point.name,
                totes=day.totes_of(stop),
                bulky=bulky_pieces(day, drop) if drop in counted else 0,
                pieces=drop.pieces if drop in counted else 0,
                also_on=day.also_on(stop),
                weight_g=stop.weight_g,
                lane=str(parse_slot(drop.slot_code).route_no),
                is_sealed=drop.pk in day.sealed,
            )
            for stop, drop in pairs
        ),
    )


def route_sheet_content(day: PaperDay, stamper: Stamper, trip: Trip) -> RouteSheetContent:
    """The way of the vehicle."""
    pairs = drops_of_trip(day, trip)
    counted = drops_counted(day, pairs)
    quantities = day.quantities(counted)
    distance_m = sum(stop.distance_m for stop, _drop in pairs) + trip.return_distance_m
    return RouteSheetContent(
        stamp=stamper.stamp(
            Document.ROUTE_SHEET, str(trip), quantities, freeze=freeze_of(day, pairs)
        ),
        route=str(trip),
        plate=trip.vehicle.plate,
        vehicle=vehicle_words(trip.vehicle),
        driver="",
        warehouse=day.run.warehouse.name,
        departs_at=timezone.localtime(trip.departs_at),
        returns_at=timezone.localtime(trip.returns_at),
        distance_m=distance_m,
        service_phone=stamper.template(Document.ROUTE_SHEET).service_phone,
        stops=tuple(_route_stops(day, pairs, counted)),
    )


def freeze_of(day: PaperDay, pairs: Sequence[tuple[Stop, Drop]]) -> Freeze:
    """From which totes a trip's papers are made: the sealed ones once all its drops are sealed."""
    if pairs and all(drop.pk in day.sealed for _stop, drop in pairs):
        return Freeze.TOTES
    return Freeze.ROUTE_PLAN


def vehicle_words(vehicle: Vehicle) -> str:
    """The vehicle's kind in the reader's words; a kind nobody named stays as it is."""
    kinds = {
        "micro_van": _("micro van"),
        "van": _("van"),
        "light_truck": _("light truck"),
        "truck": _("truck"),
    }
    words = kinds.get(vehicle.kind, vehicle.kind)
    return f"{words} {_('chilled')}" if vehicle.is_chilled else words


def bulky_pieces(day: PaperDay, drop: Drop) -> int:
    """Pieces that fit no tote and are loaded loose."""
    return sum(
        share.allocated_qty
        for sku_id, share in day.shares[drop.pickup_point_id].items()
        if day.skus[sku_id].volume_ml > settings.TOTE_FILL_ML
    )


def _sealed_totes(day: PaperDay, stop: Stop) -> int:
    """How many totes are sealed for a stop; those of a part follow the sealing of its drop."""
    if len(day.parts[stop.drop_id]) > 1:
        return stop.totes if stop.drop_id in day.sealed else 0
    return day.sealed_totes.get(stop.drop_id, Totes()).total


def _route_stops(
    day: PaperDay, pairs: tuple[tuple[Stop, Drop], ...], counted: Sequence[Drop]
) -> Iterator[RouteStop]:
    for stop, drop in pairs:
        point = drop.pickup_point
        window = arrival_window(timezone.localtime(stop.start_at))
        totes = day.totes_of(stop)
        yield RouteStop(
            stop_seq=stop.stop_seq,
            slot=drop.slot_code,
            arrive_from=window.arrive_from,
            arrive_to=window.arrive_to,
            distance_m=stop.distance_m,
            leader_name=point.leader.name,
            point_name=point.name,
            address=point.address,
            phone=point.leader.phone,
            access_note=_("open %(opens)s–%(closes)s")
            % {"opens": f"{point.opens_at:%H:%M}", "closes": f"{point.closes_at:%H:%M}"},
            specials=_("cold goods on board") if totes.chill or totes.frozen else "",
            totes=totes,
            bulky=bulky_pieces(day, drop) if drop in counted else 0,
            pieces=drop.pieces if drop in counted else 0,
            also_on=day.also_on(stop),
            is_sealed=drop.pk in day.sealed,
            empties_due=max(0, day.opening.leaders.get(point.leader_id, 0)),
            map_link=MAP_LINK.format(lng=point.lng, lat=point.lat),
        )
