"""Rights are borrowed with a reason, for minutes, by those who may."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from leaders.domain.elevations import MAY_BORROW, minutes_offered
from leaders.domain.role_permissions import PERMISSIONS_BY_ROLE
from leaders.errors import ElevationRefused, SecondPersonNeeded
from leaders.models.accounts import Role, User
from leaders.models.audit import AuditEvent
from leaders.selectors.access import elevation_of, roles_of
from leaders.services.countersignatures import countersignature_ask, countersignature_sign
from leaders.services.elevations import elevation_begin, elevations_end
from tests.factories.access import ElevationFactory
from tests.factories.leaders import UserFactory

pytestmark = pytest.mark.django_db

REASON = "调度员生病，今晚的线路要重排"


@pytest.fixture
def administrator() -> User:
    return UserFactory.create(role=Role.ADMINISTRATOR)


def test_rights_begin_at_once_and_end_by_themselves(administrator: User) -> None:
    now = timezone.now()

    elevation = elevation_begin(
        user=administrator, role=Role.DISPATCHER, reason=REASON, minutes=30, now=now
    )

    assert (elevation.begun_at, elevation.ends_at) == (now, now + timedelta(minutes=30))
    assert elevation_of(administrator) == elevation
    event = AuditEvent.objects.get(action="elevation.begun")
    assert (event.actor, event.reason) == (administrator, REASON)
    assert event.facts == {"role": "dispatcher", "minutes": 30}


@pytest.mark.parametrize("role", Role)
def test_only_what_the_table_says_is_borrowed(administrator: User, role: Role) -> None:
    if role in MAY_BORROW[Role.ADMINISTRATOR]:
        elevation_begin(
            user=administrator, role=role, reason=REASON, minutes=15, now=timezone.now()
        )
        assert role in roles_of(administrator)
        return
    with pytest.raises(ElevationRefused):
        elevation_begin(
            user=administrator, role=role, reason=REASON, minutes=15, now=timezone.now()
        )


def test_nobody_borrows_what_pays_out_watches_or_belongs_to_a_person() -> None:
    borrowable = {role for roles in MAY_BORROW.values() for role in roles}

    assert set(Role.values) - borrowable == {
        "administrator",
        "compliance",
        "driver",
        "finance",
        "helper",
        "leader",
    }
    paying = [name for name in PERMISSIONS_BY_ROLE["finance"] if "payout" in name]
    assert not [name for role in borrowable for name in paying if name in PERMISSIONS_BY_ROLE[role]]


@pytest.mark.parametrize("user", [{"role": Role.BUYER}, {"is_superuser": True}])
def test_nobody_else_borrows(user: dict[str, object]) -> None:
    with pytest.raises(ElevationRefused):
        elevation_begin(
            user=UserFactory.create(**user),
            role=Role.DISPATCHER,
            reason=REASON,
            minutes=15,
            now=timezone.now(),
        )


@pytest.mark.parametrize(
    ("reason", "minutes"),
    [
        pytest.param("  救急     ", 15, id="no_reason"),
        pytest.param(REASON, 45, id="length_nobody_offers"),
        pytest.param(REASON, 60, id="longer_than_the_setting"),
    ],
)
def test_a_wish_beyond_the_rules_is_refused(
    administrator: User, settings: Settings, reason: str, minutes: int
) -> None:
    settings.ELEVATION_MINUTES_MAX = 30

    with pytest.raises(ElevationRefused):
        elevation_begin(
            user=administrator,
            role=Role.BUYER,
            reason=reason,
            minutes=minutes,
            now=timezone.now(),
        )

    assert elevation_of(administrator) is None


def test_one_role_at_a_time(administrator: User) -> None:
    ElevationFactory.create(user=administrator)

    with pytest.raises(ElevationRefused):
        elevation_begin(
            user=administrator, role=Role.BUYER, reason=REASON, minutes=15, now=timezone.now()
        )


def test_what_is_given_back_is_gone_and_written_down(administrator: User) -> None:
    elevation = ElevationFactory.create(user=administrator)

    ended = elevations_end(user=administrator, actor=administrator, now=timezone.now())
    again = elevations_end(user=administrator, actor=administrator, now=timezone.now())

    assert (ended, again) == (1, 0)
    assert elevation_of(administrator) is None
    event = AuditEvent.objects.get(action="elevation.ended")
    assert event.object_id == str(elevation.pk)


def test_borrowed_rights_do_not_make_a_second_person(administrator: User) -> None:
    asked = countersignature_ask(
        deed="campaign.freeze",
        about=administrator,
        facts={},
        reason=REASON,
        actor=administrator,
        now=timezone.now(),
    )
    ElevationFactory.create(user=administrator, role=Role.BUYER)
    borrower = User.objects.get(pk=administrator.pk)

    with pytest.raises(SecondPersonNeeded):
        countersignature_sign(countersignature=asked, actor=borrower, now=timezone.now())


@pytest.mark.parametrize(
    ("most", "offered"), [(60, (15, 30, 60)), (30, (15, 30)), (20, (15,)), (5, (15,))]
)
def test_the_setting_cuts_the_longest_lengths(most: int, offered: tuple[int, ...]) -> None:
    assert minutes_offered(most) == offered
