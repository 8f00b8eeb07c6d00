"""A route at the dock: drops with their expected totes, allocated goods, a trip."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from fulfillment.domain.label_codes import LabelCode, Labelled
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.warehouse import Drop, Tote, Wave
from fulfillment.selectors.book_laws.totes import LAWS
from fulfillment.selectors.books import books_check
from fulfillment.services.loading import load_all, load_sign
from fulfillment.services.totes import drop_seal
from leaders.models.accounts import Role, User
from orders.domain.storage import StorageClass
from orders.models.catalogue import Sku
from tests.factories.fulfillment import (
    AllocationFactory,
    CutoffRunFactory,
    DeliveryRunFactory,
    DropFactory,
    StopFactory,
    ToteFactory,
    TripFactory,
    WaveFactory,
)
from tests.factories.leaders import UserFactory
from tests.factories.orders import OrderFactory, OrderLineFactory, SkuFactory

NIGHT = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


@dataclass
class Dock:
    """A run whose trips wait to be sealed and loaded.

    Every drop has two ambient totes and a chilled one expected, six potatoes
    (ambient), four eggs (ambient) and two milks (chilled) allocated.
    """

    run: CutoffRun
    plan: DeliveryRun
    trips: list[Trip]
    drops: list[Drop]
    skus: dict[str, Sku]
    worker: User

    def stop_of(self, drop: Drop) -> Stop:
        """The stop of a drop."""
        return Stop.objects.get(drop=drop)

    def seal(self, drop: Drop, **packed: int) -> None:
        """Seal a drop; without figures with two ambient totes and a chilled one."""
        figures = packed or {"ambient": 2, "chill": 1}
        drop_seal(
            drop_id=drop.pk,
            totes={StorageClass(name): number for name, number in figures.items()},
            event_key=uuid4(),
            actor=self.worker,
            now=NIGHT,
        )

    def seal_all(self) -> None:
        """Seal every drop as it was expected."""
        for drop in self.drops:
            self.seal(drop)

    def load_all(self) -> None:
        """Put every sealed tote onto its trip."""
        for drop in self.drops:
            load_all(
                stop_id=self.stop_of(drop).pk,
                count=sum(tote.state == "sealed" for tote in self.totes(drop)),
                event_key=uuid4(),
                device="",
                actor=self.worker,
                now=NIGHT,
            )

    def sign_all(self) -> None:
        """Sign for the full load of every trip."""
        for trip in self.trips:
            load_sign(
                trip_id=trip.pk,
                driver_name="李师傅",
                missing=None,
                event_key=uuid4(),
                actor=self.worker,
                now=NIGHT,
            )

    def totes(self, drop: Drop) -> list[Tote]:
        """The totes of a drop as they are in the database."""
        return list(Tote.objects.filter(drop=drop).order_by("storage", "seq"))


def in_parts(made: Dock, drop: Drop, *, trip: Trip, totes: tuple[int, int] = (2, 1)) -> Stop:
    """Let the last totes of a drop go with another trip, as its last stop; return that part."""
    first = made.stop_of(drop)
    Stop.objects.filter(pk=first.pk).update(totes=totes[0])
    stop_seq = trip.stops.count() + 1
    moment = trip.departs_at + timedelta(minutes=20 * stop_seq)
    return StopFactory.create(
        trip=trip,
        stop_seq=stop_seq,
        drop=drop,
        part_no=2,
        totes=totes[1],
        weight_g=3000,
        arrive_at=moment,
        start_at=moment,
        depart_at=moment + timedelta(minutes=5),
    )


def tote_laws_broken() -> list[str]:
    """Which laws of totes the rows break."""
    return [result.name for result in books_check(LAWS) if result.violations]


def label_of(tote: Tote) -> str:
    """The code on a tote's label."""
    return str(LabelCode(Labelled.TOTE, tote.pk))


def dock(*, trips: int = 1, stops: int = 2, campaign_code: str = "C1") -> Dock:
    """Trips R01 … with slots 1-01 … as a fresh run would leave them at the dock."""
    run = CutoffRunFactory.create(campaign__code=campaign_code)
    wave = WaveFactory.create(run=run, code=f"{campaign_code}-A")
    plan = DeliveryRunFactory.create(cutoff_run=run, run_no=f"D-{campaign_code}")
    skus = {
        "potato": SkuFactory.create(storage="ambient", name="土豆 1kg"),
        "egg": SkuFactory.create(storage="ambient", name="鸡蛋 30枚"),
        "milk": SkuFactory.create(storage="chill", name="鲜牛奶 950ml"),
    }
    worker = UserFactory.create(role=Role.WAREHOUSE)
    made = Dock(run=run, plan=plan, trips=[], drops=[], skus=skus, worker=worker)
    for route_no in range(1, trips + 1):
        trip = TripFactory.create(delivery_run=plan, route_no=route_no)
        made.trips.append(trip)
        for stop_seq in range(1, stops + 1):
            made.drops.append(_drop(made, wave, trip, stop_seq))
    return made


def _drop(made: Dock, wave: Wave, trip: Trip, stop_seq: int) -> Drop:
    drop = DropFactory.create(
        wave=wave, slot_code=f"{trip.route_no}-{stop_seq:02d}", pieces=12, weight_g=9000
    )
    for storage, seq in (("ambient", 1), ("ambient", 2), ("chill", 1)):
        ToteFactory.create(drop=drop, storage=storage, seq=seq)
    moment = trip.departs_at + timedelta(minutes=20 * stop_seq)
    StopFactory.create(
        trip=trip,
        stop_seq=stop_seq,
        drop=drop,
        totes=3,
        weight_g=9000,
        arrive_at=moment,
        start_at=moment,
        depart_at=moment + timedelta(minutes=5),
    )
    order = OrderFactory.create(
        campaign=made.run.campaign,
        pickup_point=drop.pickup_point,
        leader=drop.pickup_point.leader,
    )
    for name, qty in (("potato", 6), ("egg", 4), ("milk", 2)):
        line = OrderLineFactory.create(
            order=order, sku=made.skus[name], sku_name=made.skus[name].name, qty=qty
        )
        AllocationFactory.create(order_line=line, run=made.run)
    return drop
