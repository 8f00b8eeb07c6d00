"""Who logs in, and whose group they order in."""

from datetime import UTC, datetime

import pytest

from leaders.models.leaders import Leader, LeaderState
from orders.errors import LeaderNotServing, RebindWithoutReason, ResidentWithoutLeader
from orders.models.residents import BindingSource, Resident, ResidentBinding
from orders.services.residents import (
    neighbour_of_leader,
    resident_address_keep,
    resident_change_leader,
    resident_log_in,
    resident_rebind,
)
from tests.factories.leaders import LeaderFactory, UserFactory
from tests.factories.orders import ResidentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
PHONE = "19906912483"


@pytest.fixture
def leader() -> Leader:
    return LeaderFactory.create()


def sources_of(resident: Resident) -> list[str]:
    rows = ResidentBinding.objects.filter(resident=resident).order_by("pk")
    return list(rows.values_list("source", flat=True))


def test_the_first_log_in_makes_a_resident_of_the_leader(leader: Leader) -> None:
    resident = resident_log_in(phone="199 0691 2483", leader=leader, now=NOW)

    assert (resident.phone, resident.leader, resident.phone_verified_at) == (PHONE, leader, NOW)
    assert sources_of(resident) == [BindingSource.FIRST_VISIT]


def test_the_next_log_in_finds_the_same_resident_whoevers_link_it_comes_from(
    leader: Leader,
) -> None:
    first = resident_log_in(phone=PHONE, leader=leader, now=NOW)

    again = resident_log_in(phone=PHONE, leader=LeaderFactory.create(), now=NOW)

    assert (again.pk, again.leader) == (first.pk, leader)
    assert sources_of(again) == [BindingSource.FIRST_VISIT]


def test_a_resident_the_leader_knows_is_claimed_with_name_and_door(leader: Leader) -> None:
    known = ResidentFactory.create(leader=leader, phone=PHONE, name="毛海燕", room="1202")

    resident = resident_log_in(phone=PHONE, leader=leader, now=NOW)

    assert (resident.pk, resident.name, resident.room) == (known.pk, "毛海燕", "1202")
    assert resident.phone_verified_at == NOW


def test_nobody_is_claimed_who_belongs_to_another_leader(leader: Leader) -> None:
    stranger = ResidentFactory.create(phone=PHONE)

    resident = resident_log_in(phone=PHONE, leader=leader, now=NOW)

    assert resident.pk != stranger.pk


def test_nobody_is_claimed_where_two_share_a_phone(leader: Leader) -> None:
    shared = ResidentFactory.create_batch(2, leader=leader, phone=PHONE)

    resident = resident_log_in(phone=PHONE, leader=leader, now=NOW)

    assert resident.pk not in {row.pk for row in shared}


def test_the_privacy_notice_agreed_to_is_kept_with_its_moment(leader: Leader) -> None:
    resident_log_in(phone=PHONE, leader=leader, now=NOW, privacy_version="2026-1")

    resident = resident_log_in(phone=PHONE, leader=None, now=NOW)

    assert (resident.privacy_version, resident.privacy_agreed_at) == ("2026-1", NOW)


def test_without_a_leader_only_those_known_get_in(leader: Leader) -> None:
    with pytest.raises(ResidentWithoutLeader):
        resident_log_in(phone=PHONE, leader=None, now=NOW)

    resident_log_in(phone=PHONE, leader=leader, now=NOW)

    assert resident_log_in(phone=PHONE, leader=None, now=NOW).leader == leader


def test_a_leader_who_takes_no_orders_gets_no_new_residents() -> None:
    suspended = LeaderFactory.create(state=LeaderState.SUSPENDED)

    with pytest.raises(LeaderNotServing):
        resident_log_in(phone=PHONE, leader=suspended, now=NOW)

    assert not Resident.objects.exists()


def test_a_change_by_the_resident_is_recorded_once(leader: Leader) -> None:
    resident = resident_log_in(phone=PHONE, leader=LeaderFactory.create(), now=NOW)

    assert resident_change_leader(resident=resident, leader=leader, now=NOW)
    assert not resident_change_leader(resident=resident, leader=leader, now=NOW)

    assert Resident.objects.get(pk=resident.pk).leader == leader
    assert sources_of(resident) == [BindingSource.FIRST_VISIT, BindingSource.RESIDENT]


def test_a_change_to_a_leader_who_does_not_serve_is_refused(leader: Leader) -> None:
    resident = resident_log_in(phone=PHONE, leader=leader, now=NOW)

    with pytest.raises(LeaderNotServing):
        resident_change_leader(
            resident=resident, leader=LeaderFactory.create(state=LeaderState.QUIT), now=NOW
        )

    assert Resident.objects.get(pk=resident.pk).leader == leader


def test_staff_say_why_and_are_named(leader: Leader) -> None:
    resident = ResidentFactory.create()
    user = UserFactory.create()

    resident_rebind(resident=resident, leader=leader, user=user, reason=" 搬家 ", now=NOW)

    binding = ResidentBinding.objects.get(resident=resident)
    assert (binding.source, binding.changed_by, binding.reason) == ("staff", user, "搬家")


def test_staff_without_a_reason_are_refused(leader: Leader) -> None:
    resident = ResidentFactory.create()

    with pytest.raises(RebindWithoutReason):
        resident_rebind(
            resident=resident, leader=leader, user=UserFactory.create(), reason=" ", now=NOW
        )

    assert not ResidentBinding.objects.exists()


def test_name_and_door_are_kept_for_the_next_order() -> None:
    resident = ResidentFactory.create()

    resident_address_keep(resident=resident, name=" 毛海燕 ", building="6栋", room=" 1202")

    kept = Resident.objects.get(pk=resident.pk)
    assert (kept.name, kept.building, kept.room) == ("毛海燕", "6栋", "1202")


def test_a_neighbour_is_known_again_by_phone(leader: Leader) -> None:
    door = {"building": "3栋", "room": "501"}
    first = neighbour_of_leader(leader=leader, name="陈奶奶", phone=PHONE, **door)

    again = neighbour_of_leader(leader=leader, name="陈", phone=PHONE, building="", room="")

    assert again.pk == first.pk
    assert first.phone_verified_at is None


def test_a_neighbour_without_a_phone_is_known_again_by_name_and_door(leader: Leader) -> None:
    first = neighbour_of_leader(leader=leader, name="陈奶奶", phone="", building="3栋", room="501")

    again = neighbour_of_leader(leader=leader, name="陈奶奶", phone="", building="3栋", room="501")
    other = neighbour_of_leader(leader=leader, name="陈奶奶", phone="", building="3栋", room="502")

    assert again.pk == first.pk
    assert other.pk != first.pk
