"""Drivers with log-ins, and trips on the road."""

from datetime import UTC, datetime

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from fulfillment.models.delivery import DeliveryRun, Driver, Trip
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


def loaded_dock(*, trips: int = 1, stops: int = 3) -> Dock:
    """A published plan whose trips are loaded and signed for."""
    made = dock(trips=trips, stops=stops)
    publish(made)
    made.seal_all()
    made.load_all()
    made.sign_all()
    return made
