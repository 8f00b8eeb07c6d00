"""Road matrices from OSRM's table service (osrm-routed, HTTP API v1)."""

from collections.abc import Sequence
from urllib.parse import quote

from django.utils.translation import gettext as _

from fulfillment.integrations.travel_cells import NO_ROAD, RoadCells, cells_read
from fulfillment.integrations.travel_http import RoadLine
from fulfillment.route_errors import TravelUnavailable
from leaders.domain.coordinates import Place

# osrm-routed answers tables of 100 by 100 unless it was started with another
# --max-table-size.
USUAL_BLOCK_SIZE = 100
# Servers and proxies take addresses of 8 kB; a place needs up to 27 characters
# of it, with its number among the sources or destinations.
_MOST_BLOCK_SIZE = 145
# OSRM moves every place to the nearest road it knows, however far. Farther
# than this, its map does not cover the place.
_FARTHEST_ROAD_M = 1_000


class OsrmTable:
    """OSRM at `url`; `profile` is what its data were prepared for, such as driving."""

    def __init__(self, url: str, *, profile: str = "", block_size: int = 0) -> None:
        self._line = RoadLine(url)
        self._profile = quote(profile or "driving", safe="")
        self._block_size = min(block_size or USUAL_BLOCK_SIZE, _MOST_BLOCK_SIZE)

    @property
    def name(self) -> str:
        """`osrm`."""
        return "osrm"

    @property
    def block_size(self) -> int:
        """As many as its table and an address hold."""
        return self._block_size

    def block(
        self, sources: Sequence[Place], destinations: Sequence[Place], *, within_s: float
    ) -> RoadCells:
        """Return the cells between places; those off its map have no road."""
        number_of = {
            place: number for number, place in enumerate(dict.fromkeys([*sources, *destinations]))
        }
        coordinates = ";".join(f"{place.lng:.6f},{place.lat:.6f}" for place in number_of)
        answer = self._line.ask(
            f"/table/v1/{self._profile}/{coordinates}"
            f"?sources={_numbers(sources, number_of)}"
            f"&destinations={_numbers(destinations, number_of)}"
            "&annotations=duration,distance&generate_hints=false",
            within_s=within_s,
        )
        try:
            cells = cells_read(
                answer["distances"],
                answer["durations"],
                shape=(len(sources), len(destinations)),
            )
            for table in (cells.distance_m, cells.duration_s):
                table[_off_map(answer["sources"]), :] = NO_ROAD
                table[:, _off_map(answer["destinations"])] = NO_ROAD
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise TravelUnavailable(_("The road service's answer cannot be read.")) from error
        return cells


def _numbers(places: Sequence[Place], number_of: dict[Place, int]) -> str:
    return ";".join(str(number_of[place]) for place in places)


def _off_map(waypoints: Sequence[dict[str, float]]) -> list[bool]:
    return [waypoint["distance"] > _FARTHEST_ROAD_M for waypoint in waypoints]
