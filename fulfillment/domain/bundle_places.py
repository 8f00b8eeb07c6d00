"""Places in a bundle: read, converted to WGS-84, and put right when they are swapped."""

from fulfillment.domain.bundle import Finding
from fulfillment.domain.bundle_cells import RowCells, excerpt
from fulfillment.domain.bundle_format import COORD_SYSTEMS
from leaders.domain.coordinates import CoordSystem, Place, looks_swapped, place_in_china
from leaders.errors import PlaceOutOfRange

NOWHERE = Place(0.0, 0.0)


def read_place(cells: RowCells) -> Place:
    """The place a row names by ``lng``, ``lat`` and ``coord_system``.

    Latitude and longitude of China never overlap, so an exchanged pair is
    certain: it is read the other way round and warned about. A pair that lies
    outside China either way is no place to send a van to: the row is refused.
    """
    system = cells.choice("coord_system", COORD_SYSTEMS)
    lng, lat = _degrees(cells, "lng"), _degrees(cells, "lat")
    if lng is None or lat is None or system not in COORD_SYSTEMS:
        return NOWHERE
    if looks_swapped(lng, lat):
        lng, lat = lat, lng
        cells.warn(Finding.COORDINATES_SWAPPED, lng=f"{lng:.6f}", lat=f"{lat:.6f}")
    try:
        return place_in_china(lng, lat, CoordSystem(system))
    except PlaceOutOfRange:
        cells.refuse(
            Finding.COORDINATES_OUTSIDE_CHINA,
            lng=cells.short("lng"),
            lat=cells.short("lat"),
        )
        return NOWHERE


def _degrees(cells: RowCells, column: str) -> float | None:
    text = cells.raw(column)
    try:
        return float(text)
    except ValueError:
        cells.refuse(Finding.COORDINATES_UNUSABLE, column=column, value=excerpt(text))
        return None
