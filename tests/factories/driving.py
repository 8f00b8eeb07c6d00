"""Drivers with log-ins, trips on the road, and the phone of a driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.db import transaction
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.domain.driving import EventKind, Reported, read_ending
from fulfillment.domain.trip_returns import StopResult
from fulfillment.models.delivery import DeliveryRun, Driver, Stop, Trip
from fulfillment.models.driving import DeliveryProof, ProofKind
from fulfillment.services.driving import EventAnswer, events_receive
from fulfillment.services.handover_codes import handover_code
from leaders.models.accounts import Role
from tests.factories.docks import Dock, dock
from tests.factories.leaders import UserFactory

PUBLISHED_AT = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
# The trips of a dock leave at 6:00 in Shanghai; their stops follow every 20 minutes.
LEAVES_AT = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)


class DriverFactory(DjangoModelFactory[Driver]):
    """A driver with a log-in."""

    class Meta:
        model = Driver

    code = Sequence(lambda n: f"DT{n:03d}")
    name = "李建国"
    phone = Sequence(lambda n: f"1990002{n:04d}")
    user = SubFactory(UserFactory, role=Role.DRIVER)


class DeliveryProofFactory(DjangoModelFactory[DeliveryProof]):
    """The row of a photo; no file lies behind it."""

    class Meta:
        model = DeliveryProof

    proof_id = LazyFunction(uuid4)
    kind = ProofKind.PHOTO
    picture = "proofs/2026/03/nobody-looks.jpg"
    device_at = LEAVES_AT
    received_at = LEAVES_AT
    actor = SubFactory(UserFactory, role=Role.DRIVER)


def publish(made: Dock) -> list[Driver]:
    """Publish the plan of a dock and give every trip a driver of its own."""
    DeliveryRun.objects.filter(pk=made.plan.pk).update(published_at=PUBLISHED_AT)
    drivers = []
    for trip in made.trips:
        driver = DriverFactory.create()
        Trip.objects.filter(pk=trip.pk).update(driver=driver)
        trip.driver = driver
        drivers.append(driver)
    return drivers


def loaded_dock(
    *, trips: int = 1, stops: int = 3, campaign_code: str = "C1", is_signed: bool = True
) -> Dock:
    """A published plan whose trips are loaded and signed for."""
    made = dock(trips=trips, stops=stops, campaign_code=campaign_code)
    publish(made)
    made.seal_all()
    made.load_all()
    if is_signed:
        made.sign_all()
    return made


@dataclass
class Phone:
    """A driver's phone on one trip; it makes ids and sends what it is told."""

    trip: Trip

    def road(self) -> Dock:
        """The dock as far as tests look at it from the phone."""
        worker = UserFactory.create(role=Role.WAREHOUSE)
        plan = self.trip.delivery_run
        return Dock(
            run=plan.cutoff_run, plan=plan, trips=[self.trip], drops=[], skus={}, worker=worker
        )

    def stop(self, nth: int) -> Stop:
        """The trip's stop, from 0, as it is in the database."""
        return self.trip.stops.order_by("stop_seq")[nth]

    def event(
        self,
        kind: EventKind,
        nth: int | None,
        body: dict[str, object] | None = None,
        *,
        at: datetime = LEAVES_AT + timedelta(hours=1),
    ) -> Reported:
        """An event at a stop, or of the whole trip, by a phone whose clock says `at`."""
        return Reported(
            event_id=uuid4(),
            kind=kind,
            stop_id=None if nth is None else self.stop(nth).pk,
            device_at=at,
            body=body or {},
        )

    def handed_over(
        self,
        nth: int,
        *,
        now: datetime,
        at: datetime | None = None,
        code: str = "",
        totes: int = 3,
        empties: int = 0,
    ) -> Reported:
        """A handover with the code that the leader's page shows at `now`."""
        body: dict[str, object] = {
            "method": "code",
            "code": code or handover_code(self.stop(nth), now),
            "totes": totes,
            "empties": empties,
        }
        return self.event(EventKind.HAND_OVER, nth, body, at=at or now)

    def partly(self, nth: int, made: Dock, *, now: datetime) -> Reported:
        """A handover without one tote, which was damaged and comes back with the milk in it."""
        cold = made.totes(self.stop(nth).drop)[-1]
        handed = self.handed_over(nth, now=now, totes=2, empties=1)
        difference = {"sku": made.skus["milk"].pk, "qty": 2, "cause": "damaged"}
        more = {"back": [cold.pk], "differences": [difference], "note": "leaking"}
        return replace(handed, body={**handed.body, **more})

    def left(self, nth: int, *, at: datetime) -> Reported:
        """Goods left behind the door; their photo is still to come."""
        body = {"method": "left", "totes": 3, "proof": str(uuid4()), "note": "behind the door"}
        return self.event(EventKind.HAND_OVER, nth, body, at=at)

    def failed(self, nth: int, *, at: datetime) -> Reported:
        """Nobody was there; the photo of it is still to come."""
        body: dict[str, object] = {"reason": "absent", "proof": str(uuid4())}
        return self.event(EventKind.FAIL, nth, body, at=at)

    def undo(self, event: Reported, *, at: datetime | None = None) -> Reported:
        """What takes an event back."""
        return Reported(
            event_id=uuid4(),
            kind=EventKind.UNDO,
            stop_id=event.stop_id,
            device_at=at or event.device_at + timedelta(minutes=1),
            body={"event": str(event.event_id)},
        )

    def send(self, *events: Reported, now: datetime) -> list[EventAnswer]:
        """Let the server have events, in this order and as one batch."""
        driver = self.trip.driver
        assert driver is not None
        assert driver.user is not None
        return events_receive(
            driver=driver, trip_id=self.trip.pk, events=events, actor=driver.user, now=now
        )

    def proof(self, event: Reported, *, stop: Stop | None = None) -> DeliveryProof:
        """Let the picture that an event names arrive."""
        assert event.stop_id is not None
        return DeliveryProofFactory.create(
            proof_id=event.body["proof"], stop=stop or Stop.objects.get(pk=event.stop_id)
        )

    def result(self, event: Reported, *, note: str = "") -> StopResult:
        """What the papers would say instead of an ending."""
        result = read_ending(event).result
        return replace(result, note=note) if note else result

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """Do something and let the database forget it."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
