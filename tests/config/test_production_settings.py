import os
import subprocess
import sys

import pytest

from config.embedded.places import PROJECT_DIR

GOOD = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgres://tuanpei@db.example/tuanpei",
    "BROKER_URL": "redis://broker.example/0",
    "SITE_URL": "https://shop.example",
    "MESSAGE_CHANNELS": "wechat,sms",
    "PAYMENT_PROVIDER": "wechatpay",
    "WECHATPAY_MERCHANT_ID": "1900000001",
    "WECHATPAY_APP_ID": "wx0123456789abcdef",
    "WECHATPAY_API_V3_KEY": "v" * 32,
    "WECHATPAY_MERCHANT_SERIAL": "A" * 40,
    "WECHATPAY_MERCHANT_KEY_FILE": "/etc/tuanpei/merchant_key.pem",
    "WECHATPAY_PLATFORM_KEY_ID": "PUB_KEY_ID_0000",
    "WECHATPAY_PLATFORM_KEY_FILE": "/etc/tuanpei/platform_pub.pem",
    "IDENTITY_KEYS": "a" * 43 + "=",
}


def _start(**changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-c"),
            "import config.settings.production as s; print(s.PAYMENT_SANDBOX_OPEN)",
        ],
        cwd=PROJECT_DIR,
        env={"PATH": os.environ["PATH"], **GOOD, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_real_provider_starts_with_the_sandbox_shut() -> None:
    started = _start()

    assert (started.returncode, started.stdout.strip()) == (0, "False"), started.stderr


def test_production_does_not_start_without_a_key_to_seal_with() -> None:
    started = _start(IDENTITY_KEYS="")

    assert started.returncode != 0
    assert "IDENTITY_KEYS" in started.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param({"PAYMENT_PROVIDER": "sandbox"}, "PAYMENT_PROVIDER", id="no real provider"),
        pytest.param({"WECHATPAY_API_V3_KEY": ""}, "api_v3_key", id="half a provider"),
    ],
)
def test_production_does_not_start_where_nobody_really_pays(
    changes: dict[str, str], complaint: str
) -> None:
    started = _start(**changes)

    assert started.returncode != 0
    assert complaint in started.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SITE_URL", "http://shop.example"),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("SHOW_LOGIN_CODES", "1"),
        ("MESSAGE_CHANNELS", "console"),
        ("MESSAGE_CHANNELS", ""),
    ],
)
def test_an_unsound_setting_is_refused_by_its_name(name: str, value: str) -> None:
    started = _start(**{name: value})

    assert started.returncode != 0
    assert f"ImproperlyConfigured: {name}" in started.stderr
