"""Rows around plans: drafts, served points, line hauls."""

from datetime import UTC, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.domain.plan_request import PlanRequest
from fulfillment.models.delivery import Linehaul
from fulfillment.models.plan_drafts import PlanDraft, PlanDraftState, PlanOrigin
from fulfillment.models.warehouse import ServedPoint
from tests.factories.fulfillment import CutoffRunFactory, VehicleFactory, WarehouseFactory
from tests.factories.leaders import PickupPointFactory


class PlanDraftFactory(DjangoModelFactory[PlanDraft]):
    """A what-if that is ready."""

    class Meta:
        model = PlanDraft

    cutoff_run = SubFactory(CutoffRunFactory)
    warehouse = SubFactory(WarehouseFactory)
    origin = PlanOrigin.WHAT_IF
    state = PlanDraftState.READY
    request = PlanRequest(max_vehicles=9).to_json()
    figures = {"cost_fen": 41_000}
    created_at = datetime(2026, 3, 10, 20, 45, tzinfo=UTC)


class ServedPointFactory(DjangoModelFactory[ServedPoint]):
    """A point that another warehouse than the run's delivers to."""

    class Meta:
        model = ServedPoint

    pickup_point = SubFactory(PickupPointFactory)
    warehouse = SubFactory(WarehouseFactory)


class LinehaulFactory(DjangoModelFactory[Linehaul]):
    """A truck that calls at a grid at half past two."""

    class Meta:
        model = Linehaul

    cutoff_run = SubFactory(CutoffRunFactory)
    warehouse = SubFactory(WarehouseFactory)
    vehicle = SubFactory(VehicleFactory)
    trip_no = 1
    stop_seq = Sequence(lambda n: n % 30_000 + 1)
    totes = 40
    weight_g = 480_000
    volume_ml = 1_600_000
    distance_m = 38_000
    leaves_at = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
    arrive_at = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)
    depart_at = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
