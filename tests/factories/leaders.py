"""Rows of the leaders app."""

from datetime import UTC, datetime, time

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory, Password

from leaders.models.accounts import Role, User
from leaders.models.applications import LeaderApplication, PointKind
from leaders.models.commission_plans import CommissionPlan
from leaders.models.communities import Community
from leaders.models.leaders import Leader, LeaderState
from leaders.models.pickup_points import PickupPoint

PASSWORD = "let-me-in-to-test"


class UserFactory(DjangoModelFactory[User]):
    """A leader's log-in with the password `PASSWORD`."""

    class Meta:
        model = User

    username = Sequence(lambda n: f"user{n:04d}")
    role = Role.LEADER
    password = Password(PASSWORD)


class CommissionPlanFactory(DjangoModelFactory[CommissionPlan]):
    """The standard plan: 10 %, held for 3 days; one row however often asked for."""

    class Meta:
        model = CommissionPlan
        django_get_or_create = ("code",)

    code = "STANDARD"
    name = "标准方案"
    rate_bp = 1000
    hold_days = 3


class LeaderFactory(DjangoModelFactory[Leader]):
    """An active leader with a log-in."""

    class Meta:
        model = Leader

    code = Sequence(lambda n: f"LT{n:04d}")
    user = SubFactory(UserFactory)
    name = "林秀英"
    phone = Sequence(lambda n: f"1990000{n:04d}")
    state = LeaderState.ACTIVE
    commission_plan = SubFactory(CommissionPlanFactory)
    joined_at = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


class CommunityFactory(DjangoModelFactory[Community]):
    """A community of 800 households."""

    class Meta:
        model = Community

    name = Sequence(lambda n: f"青石苑{n}期")
    district = "中原"
    households = 800


class PickupPointFactory(DjangoModelFactory[PickupPoint]):
    """A pickup point in Zhengzhou, open from 7 to 10."""

    class Meta:
        model = PickupPoint

    code = Sequence(lambda n: f"PT{n:04d}")
    leader = SubFactory(LeaderFactory)
    community = SubFactory(CommunityFactory)
    name = LazyAttribute(lambda point: f"{point.community.name}自提点")
    address = "建设路 12 号"
    lng = Sequence(lambda n: 113.60 + n % 100 * 0.001)
    lat = Sequence(lambda n: 34.75 + n % 100 * 0.001)
    opens_at = time(7, 0)
    closes_at = time(10, 0)
    unload_minutes = 4


class LeaderApplicationFactory(DjangoModelFactory[LeaderApplication]):
    """An application that nobody has reviewed yet."""

    class Meta:
        model = LeaderApplication

    applicant_name = "陈晓梅"
    phone = Sequence(lambda n: f"1991111{n:04d}")
    community_name = "桃园里"
    district = "金水"
    address = "花园路 8 号 3 号楼底商"
    point_kind = PointKind.SHOP
    lng = 113.68
    lat = 34.79
    submitted_at = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def login_of(leader: Leader) -> User:
    """The log-in of a leader who has one."""
    assert leader.user is not None
    return leader.user
