"""Helpers of leaders, and rights borrowed for a while."""

from datetime import UTC, datetime

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from leaders.models.access import Elevation, PickupHelper
from leaders.models.accounts import Role
from tests.factories.leaders import LeaderFactory, UserFactory

# The database's clock decides when rights end, and no test moves it.
FAR_OFF = datetime(2999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class PickupHelperFactory(DjangoModelFactory[PickupHelper]):
    """Somebody who hands out goods for a leader."""

    class Meta:
        model = PickupHelper

    leader = SubFactory(LeaderFactory)
    user = SubFactory(UserFactory, role=Role.HELPER)
    since = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


class ElevationFactory(DjangoModelFactory[Elevation]):
    """An administrator who takes the place of the warehouse, without an end in sight."""

    class Meta:
        model = Elevation

    user = SubFactory(UserFactory, role=Role.ADMINISTRATOR)
    role = Role.WAREHOUSE
    reason = "仓库主管今晚请假，截单需要处理"
    begun_at = LONG_AGO
    ends_at = FAR_OFF
