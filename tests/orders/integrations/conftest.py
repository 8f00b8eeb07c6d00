"""Adapters under test."""

import pytest

from orders.integrations.wechat_pay import WeChatPayGateway
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import gateway_at


@pytest.fixture
def wechat(fake_wechat: FakeWechat) -> WeChatPayGateway:
    """The adapter against an empty gateway that keeps its notices to itself."""
    fake_wechat.hold_notices()
    return gateway_at(fake_wechat)
