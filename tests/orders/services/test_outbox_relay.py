"""The relay: every message out once, by the first channel that takes it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from leaders.domain.crashpoints import armed
from orders.domain.messages import ATTEMPTS_MAX
from orders.models.outbox import OutboxMessage, SubscriptionQuota, Topic
from orders.services.login_codes import login_code_hurry, login_code_send
from orders.services.outbox import Message, messages_queue
from orders.services.outbox_relay import LEASE, message_hurry, message_retry, outbox_relay
from tests.factories.orders import ResidentFactory
from tests.orders.message_servers import (
    MessageServer,
    sms_running,
    sms_settings,
    wechat_running,
    wechat_settings,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 5, tzinfo=UTC)
PHONE = "19906912483"
FACTS = {
    "order_no": "O1",
    "amount_fen": 1250,
    "delivery_date": "2026-03-11",
    "place": "锦绣花园",
}
NOTHING = {"messages_sent": 0, "messages_put_off": 0, "messages_given_up": 0}
SENT = NOTHING | {"messages_sent": 1}
PUT_OFF = NOTHING | {"messages_put_off": 1}
GIVEN_UP = NOTHING | {"messages_given_up": 1}


@pytest.fixture
def wechat(settings: Settings) -> Iterator[MessageServer]:
    with wechat_running() as server:
        settings.WECHAT_MESSAGES = wechat_settings(server, order_paid="T1 thing1=place")
        yield server


@pytest.fixture
def sms(settings: Settings) -> Iterator[MessageServer]:
    with sms_running() as server:
        settings.SMS = sms_settings(server, order_paid="S1 no=order_no", login_code="S2 code=code")
        yield server


@pytest.fixture
def both(settings: Settings, wechat: MessageServer, sms: MessageServer) -> None:
    settings.MESSAGE_CHANNELS = ["wechat", "sms"]


def queued(*, openid: str = "oResident", consents: int = 1, key: str = "O1") -> OutboxMessage:
    """One message about a paid order, waiting."""
    resident = ResidentFactory.create(phone=PHONE, openid=openid)
    if consents:
        SubscriptionQuota.objects.create(
            resident=resident, topic=Topic.ORDER_PAID, remaining=consents
        )
    message = Message(
        topic=Topic.ORDER_PAID,
        dedupe_key=key,
        resident_id=resident.pk,
        phone=PHONE,
        facts=FACTS,
    )
    messages_queue(messages=[message], now=NOW)
    return OutboxMessage.objects.get(dedupe_key=key)


def consents_left() -> int:
    return SubscriptionQuota.objects.get().remaining


@pytest.mark.usefixtures("both")
def test_wechat_comes_first_and_uses_up_a_consent(
    wechat: MessageServer, sms: MessageServer
) -> None:
    message = queued(consents=2)

    counts = outbox_relay(now=NOW)

    message.refresh_from_db()
    assert counts == SENT
    assert (message.channel, message.done_at, message.error) == ("wechat", NOW, "")
    assert (len(wechat.taken), len(sms.taken), consents_left()) == (1, 0, 1)


@pytest.mark.usefixtures("both")
def test_what_was_sent_is_not_sent_again(wechat: MessageServer) -> None:
    queued()

    assert [outbox_relay(now=NOW), outbox_relay(now=NOW + timedelta(days=1))] == [SENT, NOTHING]
    assert len(wechat.taken) == 1


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(("openid", "consents"), [("", 1), ("oResident", 0)])
def test_without_openid_or_consent_a_text_message_goes_out(
    wechat: MessageServer, sms: MessageServer, openid: str, consents: int
) -> None:
    message = queued(openid=openid, consents=consents)

    outbox_relay(now=NOW)

    message.refresh_from_db()
    assert message.channel == "sms"
    assert (len(wechat.taken), len(sms.taken)) == (0, 1)


@pytest.mark.usefixtures("both")
def test_a_resident_who_refuses_is_not_asked_again(
    wechat: MessageServer, sms: MessageServer
) -> None:
    queued(consents=3)
    wechat.answers = [{"errcode": 43101, "errmsg": "user refuse to accept the msg"}]

    assert outbox_relay(now=NOW) == SENT
    assert (len(sms.taken), consents_left()) == (1, 0)


@pytest.mark.usefixtures("both")
def test_a_refusal_that_used_nothing_gives_the_consent_back(
    wechat: MessageServer, sms: MessageServer
) -> None:
    queued(consents=3)
    wechat.answers = [{"errcode": 40037, "errmsg": "invalid template_id"}]

    assert outbox_relay(now=NOW) == SENT
    assert (len(sms.taken), consents_left()) == (1, 3)


@pytest.mark.usefixtures("both")
def test_a_channel_that_is_busy_is_waited_for_twice_and_then_passed_by(
    wechat: MessageServer, sms: MessageServer
) -> None:
    message = queued()
    wechat.answers = [{"errcode": -1, "errmsg": "busy"}] * 3

    ends = [
        outbox_relay(now=NOW),
        outbox_relay(now=NOW + timedelta(seconds=14)),
        outbox_relay(now=NOW + timedelta(seconds=15)),
        outbox_relay(now=NOW + timedelta(seconds=45)),
    ]

    message.refresh_from_db()
    assert ends == [PUT_OFF, NOTHING, PUT_OFF, SENT]
    assert (message.channel, message.attempts, consents_left()) == ("sms", 3, 1)


def test_a_service_that_stays_down_is_given_up_with_its_error(
    settings: Settings, sms: MessageServer
) -> None:
    settings.MESSAGE_CHANNELS = ["sms"]
    message = queued()
    sms.answers = [{"Code": "isp.SYSTEM_ERROR", "Message": "down"}] * ATTEMPTS_MAX
    now = NOW

    ends = []
    for _attempt in range(ATTEMPTS_MAX + 1):
        ends.append(outbox_relay(now=now))
        now += timedelta(hours=1)

    message.refresh_from_db()
    assert ends == [PUT_OFF] * (ATTEMPTS_MAX - 1) + [GIVEN_UP, NOTHING]
    assert (message.channel, message.attempts) == ("", ATTEMPTS_MAX)
    assert "isp.SYSTEM_ERROR" in message.error


def test_what_no_channel_can_carry_is_given_up_at_once_and_can_be_tried_again(
    settings: Settings, sms: MessageServer
) -> None:
    settings.MESSAGE_CHANNELS = ["sms"]
    sms.answers = [{"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "no"}]
    message = queued()
    assert outbox_relay(now=NOW) == GIVEN_UP

    again = message_retry(message_id=message.pk, now=NOW)

    assert again
    assert outbox_relay(now=NOW) == SENT
    assert not message_retry(message_id=message.pk, now=NOW)


def test_a_message_that_cannot_be_worded_does_not_stop_the_next() -> None:
    broken = queued(key="O1")
    OutboxMessage.objects.filter(pk=broken.pk).update(facts={})
    messages_queue(
        messages=[
            Message(topic=Topic.ORDER_PAID, dedupe_key="O2", phone=PHONE, facts=FACTS),
        ],
        now=NOW,
    )

    counts = outbox_relay(now=NOW)

    broken.refresh_from_db()
    assert counts == NOTHING | {"messages_sent": 1, "messages_put_off": 1}
    assert broken.error.startswith("KeyError")


def test_a_leased_message_is_left_alone_until_the_lease_ends() -> None:
    message = queued()
    OutboxMessage.objects.filter(pk=message.pk).update(lease_token=uuid4(), lease_until=NOW + LEASE)

    assert [outbox_relay(now=NOW), outbox_relay(now=NOW + LEASE)] == [NOTHING, SENT]


@pytest.mark.parametrize(("dies_at", "times_sent"), [("relay.taken", 1), ("relay.sent", 2)])
def test_what_a_killed_relay_left_goes_out_under_the_same_key(
    settings: Settings, sms: MessageServer, dies_at: str, times_sent: int
) -> None:
    settings.MESSAGE_CHANNELS = ["sms"]
    queued()

    def die(name: str) -> None:
        if name == dies_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), armed(die):
        outbox_relay(now=NOW)

    assert [outbox_relay(now=NOW), outbox_relay(now=NOW + LEASE)] == [NOTHING, SENT]
    assert [asked["OutId"] for asked in sms.taken] == ["order_paid:O1"] * times_sent


def test_the_limit_is_kept() -> None:
    messages_queue(
        messages=[
            Message(topic=Topic.ORDER_PAID, dedupe_key=f"O{no}", phone=PHONE, facts=FACTS)
            for no in range(45)
        ],
        now=NOW,
    )

    assert outbox_relay(now=NOW, limit=42)["messages_sent"] == 42
    assert outbox_relay(now=NOW)["messages_sent"] == 3


def test_a_code_is_sent_at_once_and_then_forgotten(settings: Settings, sms: MessageServer) -> None:
    settings.MESSAGE_CHANNELS = ["sms"]
    code = login_code_send(phone=PHONE, now=NOW)

    login_code_hurry(code=code, now=NOW)

    message = OutboxMessage.objects.get()
    assert message.channel == "sms"
    assert "code" not in message.facts
    assert len(sms.taken) == 1


def test_a_code_whose_time_is_over_is_not_sent() -> None:
    login_code_send(phone=PHONE, now=NOW)

    counts = outbox_relay(now=NOW + timedelta(minutes=5))

    message = OutboxMessage.objects.get()
    assert counts == GIVEN_UP
    assert (message.error, "code" in message.facts) == ("too old to be of use", False)
    assert not message_retry(message_id=message.pk, now=NOW)


def test_hurrying_never_hurts_the_request(settings: Settings) -> None:
    settings.MESSAGE_CHANNELS = ["pigeon"]
    message = queued()

    message_hurry(topic=Topic.ORDER_PAID, dedupe_key="O1", now=NOW)
    message_hurry(topic=Topic.ORDER_PAID, dedupe_key="unknown", now=NOW)

    message.refresh_from_db()
    assert message.error.startswith("SenderUnknown")
