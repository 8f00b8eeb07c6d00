"""Residents see and change themselves, and say which messages they accept."""

import pytest
from pytest_django import DjangoAssertNumQueries

from leaders.models.leaders import LeaderState
from orders.models.outbox import SubscriptionQuota, Topic
from orders.models.residents import BindingSource, ResidentBinding
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import ResidentFactory
from tests.orders.api.caller import ApiCaller

pytestmark = pytest.mark.django_db


def test_me_is_the_holder_of_the_token(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    resident = ResidentFactory.create()
    caller = ApiCaller(resident)

    with django_assert_num_queries(2):
        answer = caller.get("me/")

    assert answer.body == {
        "code": resident.code,
        "name": "陈海燕",
        "phone": resident.phone,
        "building": "3栋",
        "room": "501",
        "leader": {"code": resident.leader.code, "name": resident.leader.name},
    }


def test_a_change_keeps_what_it_does_not_name() -> None:
    resident = ResidentFactory.create()

    answer = ApiCaller(resident).patch("me/", {"room": "1203"})

    assert (answer.status, answer.body["room"], answer.body["building"]) == (200, "1203", "3栋")
    resident.refresh_from_db()
    assert (resident.name, resident.building, resident.room) == ("陈海燕", "3栋", "1203")


def test_the_phone_of_a_resident_is_changed_by_no_request() -> None:
    resident = ResidentFactory.create()

    answer = ApiCaller(resident).patch("me/", {"phone": "19900000000", "code": "R1"})

    assert (answer.body["phone"], answer.body["code"]) == (resident.phone, resident.code)


@pytest.mark.parametrize("body", [{"name": ""}, {"name": "陈" * 61}, {"room": "1" * 31}])
def test_a_name_or_door_that_fits_no_paper_is_refused(body: dict[str, str]) -> None:
    answer = ApiCaller(ResidentFactory.create()).patch("me/", body)

    assert (answer.status, answer.code) == (422, "invalid")
    assert set(answer.body["details"]) == set(body)


def test_consents_add_up_by_topic() -> None:
    resident = ResidentFactory.create()
    caller = ApiCaller(resident)
    arrived = {"consents": [{"topic": "arrived", "count": 2}, {"topic": "order_paid"}]}

    assert caller.post("subscriptions/", arrived).status == 204
    assert caller.post("subscriptions/", {"consents": [{"topic": "arrived"}]}).status == 204

    counts = dict(SubscriptionQuota.objects.values_list("topic", "remaining"))
    assert counts == {Topic.ARRIVED: 3, Topic.ORDER_PAID: 1}


def test_nobody_hoards_consents_without_end() -> None:
    resident = ResidentFactory.create()
    SubscriptionQuota.objects.create(resident=resident, topic=Topic.ARRIVED, remaining=95)

    ApiCaller(resident).post("subscriptions/", {"consents": [{"topic": "arrived", "count": 10}]})

    assert SubscriptionQuota.objects.get().remaining == 100


@pytest.mark.parametrize(
    ("consents", "path"),
    [
        ([], "consents"),
        ([{"topic": "login_code"}], "consents.0.topic"),
        ([{"topic": "arrived", "count": 11}], "consents.0.count"),
        ([{"topic": "arrived"}, {"topic": "arrived"}], "consents"),
    ],
)
def test_consents_that_make_no_sense_are_refused(consents: object, path: str) -> None:
    answer = ApiCaller(ResidentFactory.create()).post("subscriptions/", {"consents": consents})

    assert (answer.status, set(answer.body["details"])) == (422, {path})
    assert not SubscriptionQuota.objects.exists()


def test_a_resident_may_change_to_another_leader() -> None:
    resident, other = ResidentFactory.create(), LeaderFactory.create()
    caller = ApiCaller(resident)

    answer = caller.patch("me/", {"leader": other.code})

    assert (answer.status, answer.body["leader"]["code"]) == (200, other.code)
    assert caller.get("me/").body["leader"]["code"] == other.code
    binding = ResidentBinding.objects.get(resident=resident)
    assert (binding.leader, binding.source) == (other, BindingSource.RESIDENT)


@pytest.mark.parametrize(
    ("code", "status", "refusal"),
    [("NOBODY", 409, "leader_unknown"), ("RESTING", 409, "leader_not_serving")],
)
def test_nobody_changes_to_a_leader_who_takes_no_orders(
    code: str, status: int, refusal: str
) -> None:
    LeaderFactory.create(code="RESTING", state=LeaderState.SUSPENDED)

    answer = ApiCaller(ResidentFactory.create()).patch("me/", {"leader": code, "room": "9"})

    assert (answer.status, answer.code) == (status, refusal)
