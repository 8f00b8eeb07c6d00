"""Small towns whose drops wait for a plan: points around a warehouse, a fleet, a day."""

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.warehouse import Drop, ServedPoint, Tote, Warehouse, Wave
from fulfillment.services.delivery import PlanBudget, run_plan
from leaders.models.pickup_points import PickupPoint
from orders.models.catalogue import Storage
from tests.factories.fulfillment import (
    CutoffRunFactory,
    DropFactory,
    VehicleFactory,
    WarehouseFactory,
    WaveFactory,
)
from tests.factories.leaders import CommunityFactory, LeaderFactory, PickupPointFactory

QUICK = PlanBudget(seconds=1, seed=1, engine="savings")
TOTES_OF_A_DROP = (2, 6)
KG_OF_A_TOTE = 12


def town(
    *, stops: int = 15, vehicles: int = 4, seed: int = 1, warehouse: Warehouse | None = None
) -> CutoffRun:
    """A run whose drops lie within some 8 km of the warehouse, with micro vans to spare."""
    run: CutoffRun = CutoffRunFactory.create(warehouse=warehouse or WarehouseFactory.create())
    wave = WaveFactory.create(run=run, code=f"{run.campaign.code}-A")
    fleet(run.warehouse, vehicles)
    points = points_around(run.warehouse, stops, seed)
    for point in points:
        goods_for(wave, point, random.Random(f"{seed} {point.code}"))
    return run


def fleet(warehouse: Warehouse, vehicles: int) -> None:
    """Micro vans V01 … of the warehouse, from 05:30 to 12:30."""
    for number in range(1, vehicles + 1):
        VehicleFactory.create(code=f"{warehouse.code}-V{number:02d}", warehouse=warehouse)


def points_around(warehouse: Warehouse, number: int, seed: int) -> list[PickupPoint]:
    """Points of one leader, open from 06:00 to 08:00, at places the seed decides."""
    dice = random.Random(f"{seed} places {warehouse.code}")
    leader, community = LeaderFactory.create(user=None), CommunityFactory.create()
    return [
        PickupPointFactory.create(
            code=f"{warehouse.code}-P{nth:03d}",
            leader=leader,
            community=community,
            lng=warehouse.lng + dice.uniform(-0.08, 0.08),
            lat=warehouse.lat + dice.uniform(-0.06, 0.06),
            opens_at=time(6, 0),
            closes_at=time(8, 0),
        )
        for nth in range(1, number + 1)
    ]


def goods_for(wave: Wave, point: PickupPoint, dice: random.Random) -> Drop:
    """A drop of some ambient totes and a chilled one, 12 kg each."""
    totes = dice.randint(*TOTES_OF_A_DROP)
    drop: Drop = DropFactory.create(
        wave=wave,
        pickup_point=point,
        pieces=totes * 10,
        weight_g=totes * KG_OF_A_TOTE * 1000,
        volume_ml=totes * 40_000,
    )
    Tote.objects.create(drop=drop, storage=Storage.CHILL, seq=1)
    Tote.objects.bulk_create(
        Tote(drop=drop, storage=Storage.AMBIENT, seq=seq) for seq in range(1, totes)
    )
    return drop


def night_of(run: CutoffRun) -> datetime:
    """04:45 on the delivery day, when routes are planned."""
    return timezone.make_aware(datetime.combine(run.campaign.delivery_date, time(4, 45)))


def planned(run: CutoffRun, budget: PlanBudget = QUICK) -> DeliveryRun:
    """Plan and store the first plans of a run; return that of its own warehouse."""
    store: Callable[[], Mapping[str, int | str]] = run_plan(
        run=run, budget=budget, now=night_of(run)
    )
    with transaction.atomic():
        store()
    return DeliveryRun.objects.get(cutoff_run=run, warehouse=run.warehouse)


def planned_town(
    *, stops: int = 15, vehicles: int = 4, seed: int = 1, budget: PlanBudget = QUICK
) -> DeliveryRun:
    """A town with its first plan."""
    return planned(town(stops=stops, vehicles=vehicles, seed=seed), budget)


def next_day(run: CutoffRun, *, seed: int, left_out: float = 0.1) -> CutoffRun:
    """The same town a day later: other loads, and some points order nothing."""
    day: date = run.campaign.delivery_date + timedelta(days=1)
    later: CutoffRun = CutoffRunFactory.create(warehouse=run.warehouse, campaign__delivery_date=day)
    wave = WaveFactory.create(run=later, code=f"{later.campaign.code}-A")
    for point in PickupPoint.objects.filter(drops__wave__run=run).order_by("code"):
        dice = random.Random(f"{seed} {point.code}")
        if dice.random() >= left_out:
            goods_for(wave, point, dice)
    return later


def second_warehouse(run: CutoffRun, *, stops: int = 4, hub: Warehouse | None = None) -> Warehouse:
    """Another warehouse with its own points and vans, whose drops are in the same run."""
    warehouse: Warehouse = WarehouseFactory.create(
        code="W2", name="新密网格仓", lng=113.39, lat=34.53, hub=hub
    )
    fleet(warehouse, 2)
    wave = Wave.objects.get(run=run)
    for point in points_around(warehouse, stops, seed=2):
        ServedPoint.objects.create(pickup_point=point, warehouse=warehouse)
        goods_for(wave, point, random.Random(point.code))
    return warehouse
