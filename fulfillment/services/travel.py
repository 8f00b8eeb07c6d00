"""Distances and durations around a warehouse, from wherever the settings say.

What is estimated is learned from the legs that drivers have driven
(`fulfillment.domain.calibration`).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from fulfillment.domain.calibration import Calibration, DrivenLeg, calibrate
from fulfillment.integrations.travel_cache import TravelCache
from fulfillment.integrations.travel_roads import ROAD_SERVICES, Patience, RoadProvider
from fulfillment.models.plan_drafts import TravelCalibration
from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.travel import ESTIMATE, EstimateProvider, TravelProvider
from fulfillment.selectors.driven_legs import LegBetween, driven_legs
from fulfillment.selectors.travel import travel_estimate
from leaders.models.accounts import User

# A service that has failed is let alone for so long: a dispatcher who moves
# stops by hand must not wait for it at each of them.
REST_S = 60.0
# Drives of the last four weeks say what roads are like now: each weekday
# four times, and road works that are over are forgotten.
MEASURED = timedelta(weeks=4)
# Where a road service knows fewer pairs, its lengths would mostly be estimates.
_LEAST_ROADS = 0.9


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


def travel_measure(*, warehouse: Warehouse, now: datetime) -> Calibration:
    """Return what the drives of the last four weeks say; nothing is written.

    It may ask a service: never use it inside a transaction.

    Raises
    ------
    CalibrationNotPossible
        If too few legs were driven.
    """
    legs = driven_legs(warehouse, since=now - MEASURED, until=now)
    return calibrate(
        _with_roads(legs, travel_provider(warehouse)),
        road_factor_percent=round(travel_estimate(warehouse).road_factor * 100),
    )


def travel_calibrate(
    *, warehouse: Warehouse, actor: User | None, now: datetime
) -> TravelCalibration:
    """Measure, and let every plan from now on go by what was measured.

    Raises
    ------
    CalibrationNotPossible
        If too few legs were driven.
    """
    measured = travel_measure(warehouse=warehouse, now=now)
    return TravelCalibration.objects.create(
        warehouse=warehouse,
        road_factor_percent=measured.road_factor_percent,
        speed_m_per_h=measured.speed_m_per_h,
        hour_percents=[list(pair) for pair in measured.hour_percents],
        legs=measured.legs,
        measured_from=timezone.localdate(now - MEASURED),
        measured_until=timezone.localdate(now),
        applied_at=now,
        applied_by=actor,
    )


def _with_roads(legs: Sequence[LegBetween], provider: TravelProvider) -> list[DrivenLeg]:
    """Add what a road service says about each leg, if it is the service that says it."""
    places = list(dict.fromkeys(place for leg in legs for place in (leg.here, leg.there)))
    roads = provider.matrices(places)
    pairs = len(places) * (len(places) - 1)
    if roads.source == ESTIMATE or roads.estimated_pairs > (1 - _LEAST_ROADS) * pairs:
        return [leg.leg for leg in legs]
    index_of = {place: index for index, place in enumerate(places)}
    return [
        replace(
            leg.leg,
            road_m=int(roads.distance_m[index_of[leg.here], index_of[leg.there]]),
            road_s=int(roads.duration_s[index_of[leg.here], index_of[leg.there]]),
        )
        for leg in legs
    ]


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
