"""The files for running it: what they name exists, and nothing runs with more than it needs."""

import os
import re
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from config.embedded.places import PROJECT_DIR

DEPLOY = PROJECT_DIR / "deploy"
COMPOSE = PROJECT_DIR / "compose.yaml"
READ = re.compile(r'\benv(?:\.\w+)?\(\s*f?"(\w+)"|environ(?:\.get\(|\[)"(\w+)"|\{(\w+):-|\$(\w+)')
OURS = ("web", "worker", "beat", "migrate")
# Read by Django, by libpq, by the Prometheus client and by the images of others.
READ_ELSEWHERE = {
    "DJANGO_SETTINGS_MODULE",
    "PGOPTIONS",
    "POSTGRES_DB",
    "POSTGRES_PASSWORD",
    "POSTGRES_USER",
    "PROMETHEUS_MULTIPROC_DIR",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
    "TUANPEI_VERSION",
}


def _compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return services


def _variables_read() -> set[str]:
    sources = [
        *(PROJECT_DIR / "config").rglob("*.py"),
        *DEPLOY.rglob("*.py"),
        *DEPLOY.rglob("*.sh"),
    ]
    return READ_ELSEWHERE | {
        name
        for path in sources
        for found in READ.findall(path.read_text(encoding="utf-8"))
        for name in found
        if name
    }


def _units() -> dict[str, RawConfigParser]:
    units = {}
    for path in sorted((DEPLOY / "systemd").glob("*.service")):
        unit = RawConfigParser(strict=False)
        unit.read(path, encoding="utf-8")
        units[path.stem] = unit
    return units


def test_every_variable_that_is_set_is_read() -> None:
    named = {name for service in _compose().values() for name in service.get("environment", {})}
    named -= {"<<"}
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    named |= set(re.findall(r"\b([A-Z_]{4,})=", image.split("ENV ", 1)[1].split("EXPOSE")[0]))
    example = (PROJECT_DIR / ".env.example").read_text(encoding="utf-8")
    named |= set(re.findall(r"^#?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    topics = {name for name in named if re.match(r"(SMS|WECHAT)_TEMPLATE_|TUANPEI_PG_BIN", name)}

    assert named - _variables_read() - topics == set()


def test_every_container_has_no_more_rights_than_it_needs() -> None:
    for name, service in _compose().items():
        assert service["user"] not in ("0", "root"), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "healthcheck" in service, name
        open_ports = [port for port in service.get("ports", []) if not port.startswith("127.")]
        assert open_ports == [], name


def test_every_command_of_ours_exists() -> None:
    for name in OURS:
        service = _compose()[name]
        for words in (service.get("command", []), service["healthcheck"].get("test", [])):
            programs = [word for word in words if word.startswith((".venv/", "deploy/"))]
            for program in programs:
                assert (PROJECT_DIR / program.split()[0]).exists(), (name, program)
    called = re.findall(r"manage\.py \"?(\w+)", (DEPLOY / "migrate.sh").read_text(encoding="utf-8"))
    commands = set(get_commands())
    assert called
    assert all(any(known.startswith(word) for known in commands) for word in called)


def test_there_is_one_clock_and_nobody_starts_before_the_tables_are_there() -> None:
    services = _compose()

    beats = [name for name, service in services.items() if "beat" in service.get("command", [])]
    waits = [
        services[name]["depends_on"]["migrate"]["condition"] for name in OURS if name != "migrate"
    ]
    assert beats == ["beat"]
    assert set(waits) == {"service_completed_successfully"}
    assert "lock_timeout" in services["migrate"]["environment"]["PGOPTIONS"]


def test_the_image_runs_as_nobody_and_starts_the_web_server() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
    assert ".env" in (PROJECT_DIR / ".dockerignore").read_text(encoding="utf-8").split()


def test_every_unit_starts_what_exists_under_a_user_of_its_own() -> None:
    units = _units()

    for name, unit in units.items():
        program = unit["Service"]["ExecStart"].split()[0]
        assert program.startswith("/srv/tuanpei/"), name
        assert (PROJECT_DIR / program.removeprefix("/srv/tuanpei/")).exists(), program
        assert unit["Service"]["User"], name
    for name in ("tuanpei-web", "tuanpei-worker", "tuanpei-beat"):
        assert units[name]["Service"]["ProtectSystem"] == "strict"
    timers = {path.stem for path in (DEPLOY / "systemd").glob("*.timer")}
    assert timers <= set(units)


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: path.name)
def test_every_script_may_be_run_and_parses(path: Path) -> None:
    parsed = subprocess.run(["sh", "-n", str(path)], check=False, capture_output=True)

    assert os.access(path, os.X_OK)
    assert (parsed.returncode, parsed.stderr) == (0, b"")


def test_the_log_of_the_server_in_front_masks_secret_links() -> None:
    text = (DEPLOY / "nginx" / "tuanpei.conf").read_text(encoding="utf-8")
    rules = re.findall(r"~(\^\(\?<opening>\S+\$)\s+\$opening", text)
    (rule,) = (rule.replace("?<", "?P<") for rule in rules)

    for link in ("/apply/T0ken/quiz/", "/pay/T0ken/", "/po/T0ken/", "/login/new/MQ/T0ken/"):
        found = re.match(rule, link)
        assert found is not None, link
        assert "T0ken" not in f"{found['opening']}***{found['rest']}"
    formats = text.split("log_format")[1].split(";")[0]
    assert "$masked_uri" in formats
    assert not re.search(r"\$(request|request_uri|args|query_string|uri|remote_addr)\b", formats)
