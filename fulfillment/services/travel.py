"""Distances, durations and traffic of a warehouse, from wherever the settings say."""

from fulfillment.models.warehouse import Warehouse
from fulfillment.routing.rules import Traffic
from fulfillment.routing.travel import EstimateProvider, TravelProvider
from fulfillment.selectors.travel import newest_calibration, travel_estimate


def travel_provider(warehouse: Warehouse) -> TravelProvider:
    """Return what answers with the matrices of plans from `warehouse`.

    It may ask a service: never use it inside a transaction.
    """
    return EstimateProvider(travel_estimate(warehouse))


def day_traffic(warehouse: Warehouse) -> Traffic | None:
    """Return how driving times change with the hour there, or None while nothing is measured."""
    calibration = newest_calibration(warehouse)
    if calibration is None or not calibration.hour_percents:
        return None
    return Traffic(tuple((start_s, percent) for start_s, percent in calibration.hour_percents))
