"""The import contracts of pyproject.toml hold, and each catches what it is there for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded.places import PROJECT_DIR

pytestmark = pytest.mark.slow

PACKAGES = ("config", "leaders", "orders", "fulfillment")
PLANTED = {
    "a lower app imports a higher one": ("leaders/selectors/planted.py", "import orders.errors"),
    "an app imports the composition root": ("orders/services/planted.py", "import config.urls"),
    "a model calls a service": ("orders/models/planted.py", "import orders.services"),
    "a selector calls a service": ("orders/selectors/planted.py", "import orders.services"),
    "a service renders a page": ("leaders/services/planted.py", "import leaders.views"),
    "the core knows Django": ("fulfillment/domain/planted.py", "import django.conf"),
    "the core knows pandas": ("fulfillment/routing/planted.py", "import pandas"),
    "papers read rows": ("fulfillment/papers/planted.py", "import fulfillment.models"),
    "a service calls the solver itself": ("fulfillment/services/planted.py", "import ortools"),
    "routing calls the solver past its engine": (
        "fulfillment/routing/planted.py",
        "import ortools",
    ),
    "a second writer of the ledger": (
        "fulfillment/services/planted.py",
        "import orders.models.ledger",
    ),
    "one app reaches into another's pages": (
        "fulfillment/views/planted.py",
        "import leaders.views",
    ),
    "the warehouse reaches into the residents' API": (
        "fulfillment/views/planted.py",
        "import orders.api",
    ),
    "a module that fits no layer": ("orders/planted.py", ""),
}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copy_of_the_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and their contracts, to plant violations in."""
    root = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            PROJECT_DIR / package, root / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PROJECT_DIR / "pyproject.toml", root)
    return root


def test_every_contract_is_kept() -> None:
    done = lint_imports(PROJECT_DIR)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("place", "source"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_import_is_caught(place: str, source: str, copy_of_the_tree: Path) -> None:
    planted = copy_of_the_tree / place
    planted.write_text(f"{source}\n")

    done = lint_imports(copy_of_the_tree)
    planted.unlink()

    assert done.returncode == 1
    assert place.removesuffix(".py").replace("/", ".") in done.stdout
