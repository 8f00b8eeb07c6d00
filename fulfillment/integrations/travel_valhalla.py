"""Road matrices from Valhalla's time-distance matrix service."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from fulfillment.integrations.travel_cells import RoadCells, cells_read
from fulfillment.integrations.travel_http import RoadLine
from fulfillment.route_errors import TravelUnavailable
from leaders.domain.coordinates import Place

# Its service limits allow 2,500 pairs a question unless they were raised.
USUAL_BLOCK_SIZE = 50
_METRES_PER_KM = 1_000.0


class ValhallaTable:
    """Valhalla at `url`; `profile` is its costing, such as auto or truck."""

    def __init__(self, url: str, *, profile: str = "", block_size: int = 0) -> None:
        self._line = RoadLine(url)
        self._costing = profile or "auto"
        self._block_size = block_size or USUAL_BLOCK_SIZE

    @property
    def name(self) -> str:
        """`valhalla`."""
        return "valhalla"

    @property
    def block_size(self) -> int:
        """As many as its limits allow."""
        return self._block_size

    def block(
        self, sources: Sequence[Place], destinations: Sequence[Place], *, within_s: float
    ) -> RoadCells:
        """Return the cells between places, in metres although it speaks of kilometres."""
        answer = self._line.ask(
            "/sources_to_targets",
            body={
                "sources": _locations(sources),
                "targets": _locations(destinations),
                "costing": self._costing,
                "units": "kilometers",
            },
            within_s=within_s,
        )
        try:
            rows = answer["sources_to_targets"]
            return cells_read(
                [[cell["distance"] for cell in row] for row in rows],
                [[cell["time"] for cell in row] for row in rows],
                shape=(len(sources), len(destinations)),
                metres_per_unit=_METRES_PER_KM,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise TravelUnavailable(_("The road service's answer cannot be read.")) from error


def _locations(places: Sequence[Place]) -> list[dict[str, float]]:
    return [{"lat": round(place.lat, 6), "lon": round(place.lng, 6)} for place in places]
