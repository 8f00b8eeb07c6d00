import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import environ
import pytest
import requests

from config.embedded.fake_wechat.program import fake_wechat_environment, fake_wechat_program
from config.embedded.ports import free_port
from config.embedded.supervisor import Supervisor
from orders.domain.gateway import RefundStatus, TradeState
from tests.config.embedded.fake_wechat.listener import listening
from tests.fake_wechat import FakeWechat
from tests.orders.integrations.wechat import NO, gateway_at, refund_order, trade_order


@pytest.fixture
def own(tmp_path: Path) -> Iterator[FakeWechat]:
    """A gateway of the test's own, to be ended and started again."""
    with FakeWechat(tmp_path / "wechat") as process:
        yield process


def test_a_killed_gateway_has_forgotten_nothing(own: FakeWechat) -> None:
    with listening() as listener:
        gateway = gateway_at(own, notify_url=listener.url)
        own.hold_notices()
        own.shift_clock(timedelta(hours=3))
        gateway.create(trade_order(expires_at=datetime.now(UTC) + timedelta(hours=4)))
        own.pay(NO)
        gateway.refund(refund_order("R-1", 100))
        own.fault("close", "drop_request", times=-1)
        before = own.state()

        own.kill()
        own.start()

        after = own.state()
        assert {**after, "now": ""} == {**before, "now": ""}
        assert after["now"] >= before["now"]
        assert gateway.query(NO).state is TradeState.REFUND
        assert gateway.query_refund("R-1").status is RefundStatus.SUCCESS
        assert own.flush() == ["200", "200"]
        assert len(listener.received) == 2


def test_keys_are_made_once_and_are_nobody_elses(own: FakeWechat, tmp_path: Path) -> None:
    folder = tmp_path / "wechat"
    before = {path.name: path.read_bytes() for path in folder.glob("*.pem")}

    own.stop()
    own.start()

    assert {path.name: path.read_bytes() for path in folder.glob("*.pem")} == before
    private = ("merchant_key.pem", "platform_key.pem", "identity.json", "wechatpay.env")
    modes = {name: stat.S_IMODE((folder / name).stat().st_mode) for name in private}
    assert modes == dict.fromkeys(private, 0o600)


def test_the_settings_file_leads_the_platform_here(own: FakeWechat, tmp_path: Path) -> None:
    lines = environ.Env()
    values: dict[str, str] = {}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environ.Env, "ENVIRON", values)
        lines.read_env(str(tmp_path / "wechat" / "wechatpay.env"))

    assert {name.removeprefix("WECHATPAY_").lower() for name in values} == set(own.settings) - {
        "timeout_s"
    }
    assert values["WECHATPAY_GATEWAY_URL"] == own.url
    assert values["WECHATPAY_PLATFORM_KEY_ID"].startswith("PUB_KEY_ID_")


def test_the_demo_can_run_it_as_a_program(tmp_path: Path) -> None:
    port = free_port()

    environment = fake_wechat_environment(tmp_path / "wechat", port)
    with Supervisor(tmp_path / "logs") as supervisor:
        supervisor.launch(fake_wechat_program(tmp_path / "wechat", port))
        supervisor.wait_ready("wechat")
        counts = requests.get(f"{environment['WECHATPAY_GATEWAY_URL']}/_control/counts", timeout=5)

    assert environment["PAYMENT_PROVIDER"] == "wechatpay"
    assert counts.json() == {"total": 0}
