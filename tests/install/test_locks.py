"""The locks: complete with hashes, and free of any machine's own addresses."""

import json
import re

import pytest

from config.embedded.places import PROJECT_DIR

LOCKS = ["requirements.txt", "requirements-dev.txt", "install/uv.txt", "install/node.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes_and_names_no_address(name: str) -> None:
    text = (PROJECT_DIR / name).read_text()
    entries = re.findall(r"^[a-z0-9][^\n]*(?:\n +--hash[^\n]*)*", text, re.MULTILINE)

    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert re.findall(r"://|^ *--(?:index|extra|find)", text, re.MULTILINE) == []


def test_the_development_lock_contains_the_other_one() -> None:
    pins = [
        set(re.findall(r"^([a-z0-9][\w.\-\[\],]*==\S+)", (PROJECT_DIR / name).read_text(), re.M))
        for name in LOCKS[:2]
    ]

    assert pins[0] - pins[1] == set()


def test_the_npm_lock_names_no_address() -> None:
    lock = json.loads((PROJECT_DIR / "package-lock.json").read_text())

    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
