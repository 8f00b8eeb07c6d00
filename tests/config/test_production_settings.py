import os
import subprocess
import sys

import pytest

from config.embedded.places import PROJECT_DIR

GOOD = {
    "SECRET_KEY": "a0-B1_c2" * 7,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgres://tuanpei@db.example/tuanpei?sslmode=verify-full",
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
    "STAFF_TOTP_REQUIRED": "1",
    "METRICS_TOKEN": "m" * 32,
    "EMAIL_URL": "smtp+tls://tuanpei:secret@mail.example:587",
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
        ("SECRET_KEY", "k" * 50),
        ("SECRET_KEY", "insecure-" + "a0-B1_c2" * 7),
        ("DEBUG", "1"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "shop.example,*.example"),
        ("SITE_URL", "http://shop.example"),
        ("SITE_URL", "https://other.example"),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("DATABASE_URL", "postgres://tuanpei@db.example/tuanpei"),
        ("DATABASE_URL", "postgres://tuanpei@db.example/tuanpei?sslmode=prefer"),
        ("STAFF_TOTP_REQUIRED", "0"),
        ("METRICS_TOKEN", "short"),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "smtp://mail.example:25"),
        ("SHOW_LOGIN_CODES", "1"),
        ("MESSAGE_CHANNELS", "console"),
        ("MESSAGE_CHANNELS", ""),
    ],
)
def test_an_unsound_setting_is_refused_by_its_name(name: str, value: str) -> None:
    started = _start(**{name: value})

    assert started.returncode != 0
    assert f"ImproperlyConfigured: {name}" in started.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_TOKEN", ""),
        ("DATABASE_URL", "postgres://tuanpei@127.0.0.1/tuanpei"),
        ("DATABASE_URL", "postgres://tuanpei@database/tuanpei"),
    ],
)
def test_what_is_safe_is_not_refused(name: str, value: str) -> None:
    started = _start(**{name: value})

    assert started.returncode == 0, started.stderr


def test_the_checks_of_a_deployment_find_nothing() -> None:
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT_DIR,
        env={
            "PATH": os.environ["PATH"],
            **GOOD,
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")
