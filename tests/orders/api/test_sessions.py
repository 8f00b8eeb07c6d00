"""A phone is proved by a code and gets a token; the token ends with the log-out."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.throttling import SimpleRateThrottle

from leaders.models.leaders import Leader, LeaderState
from orders.models.legal import RuleKind, RulePage
from orders.models.outbox import OutboxMessage, Topic
from orders.models.residents import Resident, ResidentToken
from tests.factories.leaders import LeaderFactory
from tests.factories.orders import ResidentFactory
from tests.orders.api.caller import ApiAnswer, ApiCaller

pytestmark = pytest.mark.django_db

PHONE = "19900001234"


@pytest.fixture(autouse=True)
def codes_stay_readable(settings: Settings) -> None:
    """A code is forgotten once it is sent, except where the page shows it."""
    settings.SHOW_LOGIN_CODES = True


def code_sent_to(phone: str) -> str:
    message = OutboxMessage.objects.filter(topic=Topic.LOGIN_CODE, phone=phone).latest("pk")
    return str(message.facts["code"])


def log_in(leader: Leader | None, **changes: str) -> ApiAnswer:
    ApiCaller().post("login-codes/", {"phone": PHONE})
    body = {
        "phone": PHONE,
        "code": code_sent_to(PHONE),
        "leader_code": leader.code if leader else "",
        "privacy_version": "1",
    }
    return ApiCaller().post("sessions/", body | changes)


def test_a_code_is_sent_to_any_mobile_phone() -> None:
    answer = ApiCaller().post("login-codes/", {"phone": "+86 199 0000 1234"})

    assert answer.status == 202
    assert answer.body == {"valid_for_s": 300}
    assert len(code_sent_to(PHONE)) == 6


def test_a_second_code_within_a_minute_is_told_when_to_come_again() -> None:
    ApiCaller().post("login-codes/", {"phone": PHONE})

    answer = ApiCaller().post("login-codes/", {"phone": PHONE})

    assert (answer.status, answer.code) == (429, "login_code_too_soon")
    assert 50 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.body["details"]["retry_s"] == int(answer.headers["Retry-After"])


@pytest.mark.parametrize(
    ("body", "code", "details"),
    [
        ({}, "invalid", {"phone"}),
        ({"phone": ["1"]}, "invalid", {"phone"}),
        ({"phone": "0371-1234567"}, "phone_not_mobile", set()),
        ([], "invalid", {"body"}),
    ],
)
def test_what_is_no_mobile_number_gets_no_code(body: object, code: str, details: set[str]) -> None:
    answer = ApiCaller().post("login-codes/", body)

    assert (answer.status, answer.code) == (422, code)
    assert set(answer.body["details"]) == details
    assert not OutboxMessage.objects.exists()


def test_the_first_log_in_binds_to_the_leader_and_opens_the_api() -> None:
    leader = LeaderFactory.create()

    answer = log_in(leader)

    assert answer.status == 201
    resident = Resident.objects.get()
    assert (resident.leader, resident.phone, resident.privacy_version) == (leader, PHONE, "1")
    assert answer.body["resident"]["leader"] == {"code": leader.code, "name": leader.name}
    caller = ApiCaller()
    caller.headers["Authorization"] = f"Bearer {answer.body['token']}"
    assert caller.get("me/").body["phone"] == PHONE


def test_a_resident_keeps_their_leader_whoevers_link_they_open() -> None:
    resident = ResidentFactory.create(phone=PHONE, phone_verified_at=datetime.now(UTC))

    answer = log_in(LeaderFactory.create())

    assert answer.body["resident"]["leader"]["code"] == resident.leader.code


def test_a_wrong_code_gives_no_token() -> None:
    answer = log_in(LeaderFactory.create(), code="x")

    assert (answer.status, answer.code) == (422, "login_code_wrong")
    assert not ResidentToken.objects.exists()


def test_a_stranger_without_a_leader_is_sent_to_a_link() -> None:
    answer = log_in(None)

    assert (answer.status, answer.code) == (409, "resident_without_leader")


def test_a_suspended_leader_takes_nobody_in() -> None:
    answer = log_in(LeaderFactory.create(state=LeaderState.SUSPENDED))

    assert (answer.status, answer.code) == (409, "leader_not_serving")


def test_an_unknown_leader_costs_no_code() -> None:
    answer = log_in(None, leader_code="NOBODY")

    assert (answer.status, answer.code) == (409, "leader_unknown")
    again = {"phone": PHONE, "code": code_sent_to(PHONE), "privacy_version": "1"}
    body = again | {"leader_code": LeaderFactory.create().code}
    assert ApiCaller().post("sessions/", body).status == 201


def test_only_the_notice_in_force_can_be_agreed_to() -> None:
    RulePage.objects.create(
        kind=RuleKind.PRIVACY,
        version="2",
        body="…",
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    leader = LeaderFactory.create()

    old = log_in(leader)

    assert (old.status, old.code) == (409, "privacy_notice_outdated")
    assert old.body["details"] == {"version": "2"}
    body = {
        "phone": PHONE,
        "code": code_sent_to(PHONE),
        "leader_code": leader.code,
        "privacy_version": "2",
    }
    assert ApiCaller().post("sessions/", body).status == 201


def test_a_log_out_ends_this_token_and_no_other() -> None:
    resident = ResidentFactory.create()
    phone, tablet = ApiCaller(resident), ApiCaller(resident)

    assert phone.delete("sessions/current/").status == 204

    refused = phone.get("me/")
    assert (refused.status, refused.code) == (401, "authentication_failed")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert tablet.get("me/").status == 200


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer ", "Bearer nonsense"])
def test_without_a_good_token_there_is_nothing_to_see(header: str) -> None:
    caller = ApiCaller()
    caller.headers["Authorization"] = header

    assert caller.get("me/").status == 401


def test_one_phone_number_can_be_tried_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = SimpleRateThrottle.THROTTLE_RATES | {"phone": "2/hour"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
    body = {"phone": PHONE, "code": "000000", "privacy_version": "1"}
    tries = [ApiCaller().post("sessions/", body).status for _ in range(3)]

    others = ApiCaller().post("sessions/", body | {"phone": "19900004321"}).status

    assert (tries, others) == ([422, 422, 429], 422)


@pytest.mark.parametrize(
    ("path", "scope"), [("login-codes/", "login_code"), ("sessions/", "sessions")]
)
def test_one_address_can_ask_so_often(
    path: str, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = SimpleRateThrottle.THROTTLE_RATES | {scope: "2/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)

    answers = [ApiCaller().post(path, {}) for _ in range(3)]

    assert [answer.status for answer in answers] == [422, 422, 429]
    assert answers[2].code == "throttled"
    assert answers[2].body["details"] == {"retry_s": int(answers[2].headers["Retry-After"])}
    cache.clear()


def test_nobody_escapes_the_count_by_writing_another_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rates = SimpleRateThrottle.THROTTLE_RATES | {"login_code": "1/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", rates)
    caller = ApiCaller()
    caller.headers["X-Forwarded-For"] = "203.0.113.1"
    caller.post("login-codes/", {})

    caller.headers["X-Forwarded-For"] = "203.0.113.2"

    assert caller.post("login-codes/", {}).status == 429
