"""Adapters under test."""

import pytest

from orders.integrations.wechat_pay import WeChatPayGateway
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import gateway_at


@pytest.fixture(scope="session")
def wechat_adapter(fake_wechat_process: FakeWechat) -> WeChatPayGateway:
    """One adapter for the session: reading two private keys takes a third of a second."""
    return gateway_at(fake_wechat_process)


@pytest.fixture
def wechat(fake_wechat: FakeWechat, wechat_adapter: WeChatPayGateway) -> WeChatPayGateway:
    """The adapter against an empty gateway that keeps its notices to itself."""
    fake_wechat.hold_notices()
    return wechat_adapter
