"""Distances and durations around a warehouse, from wherever the settings say."""

import hashlib
from pathlib import Path

from django.conf import settings

from fulfillment.integrations.travel_cache import TravelCache
from fulfillment.integrations.travel_roads import ROAD_SERVICES, Patience, RoadProvider
from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.travel import ESTIMATE, EstimateProvider, TravelProvider
from fulfillment.selectors.travel import travel_estimate

# A service that has failed is let alone for so long: a dispatcher who moves
# stops by hand must not wait for it at each of them.
REST_S = 60.0


def travel_provider(warehouse: Warehouse) -> TravelProvider:
    """Return what answers with the matrices of plans from `warehouse`.

    It may ask a service: never use it inside a transaction.
    """
    if settings.TRAVEL_PROVIDER == ESTIMATE:
        return EstimateProvider(travel_estimate(warehouse))
    table = ROAD_SERVICES[settings.TRAVEL_PROVIDER](
        settings.TRAVEL_URL,
        profile=settings.TRAVEL_PROFILE,
        block_size=settings.TRAVEL_TABLE_SIZE,
    )
    return RoadProvider(
        table=table,
        cache=TravelCache(_cache_path(warehouse), max_age_days=settings.TRAVEL_CACHE_DAYS),
        estimate=travel_estimate(warehouse),
        patience=Patience(
            timeout_s=settings.TRAVEL_TIMEOUT_S, total_s=settings.TRAVEL_TOTAL_S, rest_s=REST_S
        ),
    )


def _cache_path(warehouse: Warehouse) -> Path:
    """Where a warehouse's roads are kept; other roads at another address or for another profile."""
    source = (
        settings.TRAVEL_PROVIDER,
        settings.TRAVEL_URL,
        settings.TRAVEL_PROFILE,
        warehouse.code,
    )
    digest = hashlib.sha256("\n".join(source).encode()).hexdigest()[:16]
    folder: Path = settings.TRAVEL_CACHE_DIR
    return folder / f"{settings.TRAVEL_PROVIDER}-{digest}.npz"
