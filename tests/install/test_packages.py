"""The project's environment, by uv or by pip."""

from pathlib import Path

import pytest

from install import packages
from install.errors import InstallationError

LOCK = Path("requirements.txt")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """The commands that would have run, in an environment that is there already."""
    ran: list[tuple[str, ...]] = []
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    monkeypatch.setattr(packages, "VENV_DIR", tmp_path)
    monkeypatch.setattr(
        packages, "run_online", lambda *command: ran.append(tuple(map(str, command)))
    )
    return ran


def test_uv_installs_where_it_is_to_be_had(
    commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_uv", lambda: Path("/tools/uv"))

    packages.install_packages(LOCK)

    (command,) = commands
    assert command[0] == "/tools/uv"
    assert "--require-hashes" in command


def test_pip_installs_where_there_is_no_uv(
    commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_uv", lambda: None)

    packages.install_packages(LOCK)

    (command,) = commands
    assert command[1:4] == ("-m", "pip", "install")
    assert "--require-hashes" in command


def test_pip_goes_on_where_uv_does_not_reach_the_index(
    commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_online(*command: str | Path) -> None:
        commands.append(tuple(map(str, command)))
        if command[0] == Path("/tools/uv"):
            raise InstallationError("the index's certificate is not trusted")

    monkeypatch.setattr(packages, "_uv", lambda: Path("/tools/uv"))
    monkeypatch.setattr(packages, "run_online", run_online)

    packages.install_packages(LOCK)

    assert commands[0][0] == "/tools/uv"
    assert commands[-1][1:4] == ("-m", "pip", "install")
