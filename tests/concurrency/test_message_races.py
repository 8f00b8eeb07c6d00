"""Two relays and one outbox; many hands and one log-in code."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.db.models import F
from pytest_django import Settings

from leaders.domain.crashpoints import crashpoint
from orders.errors import LoginCodeWrong
from orders.models.outbox import OutboxMessage, SubscriptionQuota, Topic
from orders.models.residents import LoginCode
from orders.services import login_codes, outbox_relay
from orders.services.login_codes import login_code_check, login_code_send
from orders.services.outbox import Message, messages_queue
from tests.concurrency.race import Runner, errors, race, values
from tests.factories.orders import ResidentFactory
from tests.orders.message_servers import (
    MessageServer,
    sms_running,
    sms_settings,
    wechat_running,
    wechat_settings,
)

NOW = datetime(2026, 3, 10, 15, 5, tzinfo=UTC)
PHONE = "19906912483"
MESSAGES = 60
FACTS = {"order_no": "O1", "amount_fen": 1250, "delivery_date": "2026-03-11", "place": "锦绣"}


@pytest.fixture
def sms(settings: Settings) -> Iterator[MessageServer]:
    with sms_running() as server:
        settings.SMS = sms_settings(server, order_paid="S1 no=order_no")
        settings.MESSAGE_CHANNELS = ["sms"]
        yield server


@pytest.fixture
def wechat(settings: Settings) -> Iterator[MessageServer]:
    with wechat_running() as server:
        settings.WECHAT_MESSAGES = wechat_settings(server, order_paid="T1 thing1=place")
        settings.MESSAGE_CHANNELS = ["wechat"]
        yield server


def queue(count: int, resident_id: int | None = None) -> None:
    messages_queue(
        messages=[
            Message(
                topic=Topic.ORDER_PAID,
                dedupe_key=f"O{number}",
                phone=PHONE,
                resident_id=resident_id,
                facts=FACTS,
            )
            for number in range(count)
        ],
        now=NOW,
    )


def relay(_runner: Runner) -> int:
    return outbox_relay.outbox_relay(now=NOW)["messages_sent"]


def take_without_lease(
    _now: datetime, _only: Sequence[int] | None, count: int
) -> list[OutboxMessage]:
    """What a relay would do that marks messages only when they are sent."""
    batch = list(
        OutboxMessage.objects.filter(done_at=None).select_related("resident").order_by("pk")[:count]
    )
    for message in batch:
        message.attempts += 1
    return batch


def test_four_relays_send_every_message_once(sms: MessageServer) -> None:
    queue(MESSAGES)

    sent = values(race(relay, processes=4, sleep_at={"relay.taken": 0.02}))

    times = Counter(asked["OutId"] for asked in sms.taken)
    assert sum(sent) == MESSAGES
    assert set(times.values()) == {1}
    assert len(times) == MESSAGES
    assert OutboxMessage.objects.filter(channel="sms", attempts=1).count() == MESSAGES


@pytest.mark.control
def test_without_leases_they_send_some_twice(sms: MessageServer) -> None:
    queue(MESSAGES)

    race(
        relay,
        processes=4,
        sleep_at={"relay.taken": 0.02},
        without=[patch.object(outbox_relay, "_take", take_without_lease)],
    )

    assert len(sms.taken) > MESSAGES


def test_the_last_consents_are_used_once_each(wechat: MessageServer) -> None:
    resident = ResidentFactory.create(openid="oResident")
    quota = SubscriptionQuota.objects.create(resident=resident, topic=Topic.ORDER_PAID, remaining=7)
    queue(MESSAGES, resident.pk)

    race(relay, processes=4, sleep_at={"relay.taken": 0.02})

    quota.refresh_from_db()
    assert (len(wechat.taken), quota.remaining) == (7, 0)


def guess_without_lock(number: str, digits: str, now: datetime) -> bool:
    """Look first, mark later."""
    newest = LoginCode.objects.filter(phone=number).first()
    crashpoint("login_code.looked")
    if newest is None or newest.used_at is not None:
        return False
    LoginCode.objects.filter(pk=newest.pk).update(used_at=now, tries=F("tries") + 1)
    return True


@pytest.fixture
def code() -> str:
    login_code_send(phone=PHONE, now=NOW)
    digits: str = OutboxMessage.objects.get().facts["code"]
    return digits


def test_a_code_lets_one_of_many_in(code: str) -> None:
    def log_in(runner: Runner) -> int:
        login_code_check(phone=PHONE, code=code, now=NOW)
        return runner.number

    outcomes = race(log_in, processes=5)

    assert len(values(outcomes)) == 1
    assert {type(error) for error in errors(outcomes)} == {LoginCodeWrong}


@pytest.mark.control
def test_a_code_that_is_looked_at_first_lets_several_in(code: str) -> None:
    def log_in(runner: Runner) -> int:
        login_code_check(phone=PHONE, code=code, now=NOW)
        return runner.number

    outcomes = race(
        log_in,
        processes=5,
        sleep_at={"login_code.looked": 0.2},
        without=[patch.object(login_codes, "_guess", guess_without_lock)],
    )

    assert len(values(outcomes)) > 1


def test_parallel_guesses_are_five_in_all(code: str) -> None:
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    def guess(_runner: Runner) -> None:
        login_code_check(phone=PHONE, code=wrong, now=NOW)

    race(guess, processes=5, rounds=3)

    assert LoginCode.objects.get().tries == 5


def test_parallel_requests_send_one_code() -> None:
    def ask(_runner: Runner) -> int:
        return login_code_send(phone=PHONE, now=NOW).pk

    outcomes = race(ask, processes=5)

    assert len(values(outcomes)) == 1
    assert OutboxMessage.objects.count() == 1
