"""WeChat subscription messages, over HTTP against a server that checks the token."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orders.domain.messages import Envelope, Topic
from orders.errors import ConsentUsedUp, SenderRefused, SenderUnavailable
from orders.integrations.wechat_messages import WechatAccount, WechatSender
from tests.orders.message_servers import MessageServer, wechat_running, wechat_settings

PAID = Envelope(
    topic=Topic.ORDER_PAID,
    key="order_paid:O1",
    phone="19906912483",
    openid="oResident",
    text="",
    fields={
        "order_no": "O1",
        "amount": "¥12.50",
        "place": "锦绣花园三期东门快递驿站旁边的便利店门口北侧",
    },
)
TEMPLATE = "AbC-1 thing1=place amount2=amount character_string3=order_no"


@pytest.fixture
def wechat() -> Iterator[MessageServer]:
    with wechat_running() as server:
        yield server


@pytest.fixture
def account(wechat: MessageServer) -> WechatAccount:
    return WechatAccount.from_settings(wechat_settings(wechat, order_paid=TEMPLATE))


def test_a_message_fills_the_slots_of_its_template(
    wechat: MessageServer, account: WechatAccount
) -> None:
    number = WechatSender(account).send(PAID)

    assert number == "1"
    assert wechat.taken == [
        {
            "touser": "oResident",
            "template_id": "AbC-1",
            "data": {
                "thing1": {"value": "锦绣花园三期东门快递驿站旁边的便利店门…"},
                "amount2": {"value": "¥12.50"},
                "character_string3": {"value": "O1"},
            },
        }
    ]


def test_the_token_is_fetched_once_for_many_messages(
    wechat: MessageServer, account: WechatAccount
) -> None:
    sender = WechatSender(account)

    for _message in range(3):
        sender.send(PAID)

    assert (wechat.tokens, len(wechat.taken)) == (1, 3)


def test_a_token_that_ended_early_is_renewed_once(
    wechat: MessageServer, account: WechatAccount
) -> None:
    sender = WechatSender(account)
    sender.send(PAID)
    wechat.tokens += 1  # somebody had a new one made

    sender.send(PAID)

    assert (wechat.tokens, len(wechat.taken)) == (3, 2)


def test_a_resident_who_refuses_has_no_consent_left(
    wechat: MessageServer, account: WechatAccount
) -> None:
    wechat.answers = [{"errcode": 43101, "errmsg": "user refuse to accept the msg"}]

    with pytest.raises(ConsentUsedUp):
        WechatSender(account).send(PAID)


@pytest.mark.parametrize(
    ("errcode", "error"),
    [
        (40003, SenderRefused),
        (47003, SenderRefused),
        (45009, SenderUnavailable),
        (-1, SenderUnavailable),
    ],
)
def test_an_error_code_is_a_refusal_or_a_fault_of_the_moment(
    wechat: MessageServer, account: WechatAccount, errcode: int, error: type[Exception]
) -> None:
    wechat.answers = [{"errcode": errcode, "errmsg": "no"}]

    with pytest.raises(error) as refusal:
        WechatSender(account).send(PAID)

    assert type(refusal.value) is error


def test_a_wrong_secret_is_a_fault_of_ours_and_not_of_the_message(account: WechatAccount) -> None:
    with pytest.raises(SenderUnavailable, match="no access token"):
        WechatSender(replace(account, app_secret="wrong")).send(PAID)


def test_silence_ends_after_its_time(wechat: MessageServer, account: WechatAccount) -> None:
    wechat.silent_s = 1.0

    with pytest.raises(SenderUnavailable, match="does not answer"):
        WechatSender(replace(account, timeout_s=0.1)).send(PAID)


def test_without_openid_or_template_nobody_is_asked(account: WechatAccount) -> None:
    sender = WechatSender(account)

    assert sender.can_reach(PAID)
    assert not sender.can_reach(replace(PAID, openid=""))
    assert not sender.can_reach(replace(PAID, topic=Topic.ARRIVED))
    with pytest.raises(SenderRefused):
        sender.send(replace(PAID, topic=Topic.ARRIVED))
