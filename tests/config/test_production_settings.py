"""What production refuses to start with."""

import os
import subprocess
import sys

import pytest

from config.embedded.places import PROJECT_DIR

SOUND = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgres://tuanpei@db.example/tuanpei",
    "BROKER_URL": "redis://broker.example/0",
    "SITE_URL": "https://shop.example",
}


def started(**changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import config.settings.production"],
        cwd=PROJECT_DIR,
        env={"PATH": os.environ["PATH"]} | SOUND | changes,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sound_environment_is_accepted() -> None:
    done = started()

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SITE_URL", "http://shop.example"),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("SHOW_LOGIN_CODES", "1"),
    ],
)
def test_an_unsound_setting_is_refused_by_its_name(name: str, value: str) -> None:
    done = started(**{name: value})

    assert done.returncode == 1
    assert f"ImproperlyConfigured: {name}" in done.stderr
