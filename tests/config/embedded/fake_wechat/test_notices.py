import json
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.config.embedded.fake_wechat.listener import Listener, listening
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import NO, gateway_at, refund_order, trade_order


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as merchant:
        yield merchant


@pytest.fixture
def gateway(fake_wechat: FakeWechat, listener: Listener) -> FakeWechat:
    """A gateway with one trade, whose notices go to the listener."""
    gateway_at(fake_wechat, notify_url=listener.url).create(trade_order())
    return fake_wechat


def _ids(listener: Listener) -> list[str]:
    return [json.loads(body)["id"] for _headers, body in listener.received]


def test_who_pays_is_told_of_at_once(gateway: FakeWechat, listener: Listener) -> None:
    gateway.pay(NO)
    listener.wait_for(1)

    headers, body = listener.received[0]
    notice = gateway_at(gateway).read_notice(headers, body)
    assert notice.trade is not None
    assert notice.trade.out_trade_no == NO


def test_a_notice_is_repeated_until_it_is_heard(gateway: FakeWechat, listener: Listener) -> None:
    gateway.set_notices(notice_schedule_s=[0.05, 0.05, 0.05])
    listener.statuses = [500, 401]

    gateway.pay(NO)
    listener.wait_for(3)

    time.sleep(0.3)
    assert len(listener.received) == 3
    assert len(set(_ids(listener))) == 1


def test_repeats_keep_the_providers_schedule(gateway: FakeWechat, listener: Listener) -> None:
    listener.statuses = [500] * 20
    gateway.pay(NO)
    listener.wait_for(1)

    for at, minutes in enumerate((0.26, 0.52, 1.1, 4.2), start=1):
        assert len(listener.received) == at
        gateway.shift_clock(timedelta(minutes=minutes))
        listener.wait_for(at + 1)


def test_after_a_day_it_gives_up(gateway: FakeWechat, listener: Listener) -> None:
    gateway.set_notices(notice_schedule_s=[0.02])
    listener.statuses = [500] * 20

    gateway.pay(NO)
    listener.wait_for(2)

    time.sleep(0.3)
    assert len(listener.received) == 2
    assert gateway.state()["notices"][0]["delivered_at"] is None


def test_held_notices_come_when_they_are_flushed(gateway: FakeWechat, listener: Listener) -> None:
    gateway.hold_notices()
    adapter = gateway_at(gateway, notify_url=listener.url)
    gateway.pay(NO)
    adapter.refund(refund_order("R-1", 100))
    time.sleep(0.3)
    assert listener.received == []

    answers = gateway.flush("reversed")

    events = [json.loads(body)["event_type"] for _headers, body in listener.received]
    assert answers == ["200", "200"]
    assert events == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]
    assert gateway.flush() == []


def test_a_shuffle_is_the_same_for_the_same_seed(gateway: FakeWechat, listener: Listener) -> None:
    gateway.hold_notices()
    adapter = gateway_at(gateway, notify_url=listener.url)
    for at in range(6):
        adapter.create(trade_order(f"TPS{at:05d}"))
        gateway.pay(f"TPS{at:05d}")
    listener.statuses = [500] * 12

    for _ in range(2):
        gateway.flush("shuffled:7")

    ids = _ids(listener)
    assert ids[:6] == ids[6:]
    assert ids[:6] != [notice["id"] for notice in gateway.state()["notices"]]


def test_copies_come_in_parallel(gateway: FakeWechat, listener: Listener) -> None:
    gateway.hold_notices()
    gateway.pay(NO)

    answers = gateway.send(NO, copies=100, parallel=True)

    assert answers == ["200"] * 100
    assert len(set(_ids(listener))) == 1


def test_every_notice_comes_twice_when_told_so(gateway: FakeWechat, listener: Listener) -> None:
    gateway.set_notices(notice_copies=2)

    gateway.pay(NO)

    listener.wait_for(2)


def test_a_lost_notice_is_sent_again_later(gateway: FakeWechat, listener: Listener) -> None:
    gateway.set_notices(notice_schedule_s=[0.05])
    gateway.fault("notice", "drop_request")

    gateway.pay(NO)

    listener.wait_for(1)
    assert gateway.state()["notices"][0]["attempts"] == 2


def test_a_merchant_that_is_down_holds_nobody_up(gateway: FakeWechat, listener: Listener) -> None:
    gateway_at(gateway).create(trade_order("TPDOWN01"))  # told at a port where nobody is

    gateway.pay("TPDOWN01")
    gateway.pay(NO)

    listener.wait_for(1)
