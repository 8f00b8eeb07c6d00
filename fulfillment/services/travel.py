"""Distances, durations and traffic of a warehouse, from wherever the settings say."""

import hashlib
from pathlib import Path

from django.conf import settings

from fulfillment.integrations.travel_cache import TravelCache
from fulfillment.integrations.travel_roads import ROAD_SERVICES, RoadProvider
from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.rules import Traffic
from fulfillment.routing.travel import ESTIMATE, EstimateProvider, TravelProvider
from fulfillment.selectors.travel import newest_calibration, travel_estimate


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
        timeout_s=settings.TRAVEL_TIMEOUT_S,
        total_s=settings.TRAVEL_TOTAL_S,
    )


def day_traffic(warehouse: Warehouse) -> Traffic | None:
    """Return how driving times change with the hour there, or None while nothing is measured."""
    calibration = newest_calibration(warehouse)
    if calibration is None or not calibration.hour_percents:
        return None
    return Traffic(tuple((start_s, percent) for start_s, percent in calibration.hour_percents))


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
