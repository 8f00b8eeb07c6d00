"""The house rules that ruff, mypy and import-linter cannot hold, on the whole tree."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.embedded.places import PROJECT_DIR
from tests.architecture import gates

Gate = Callable[[Path], list[str]]
LONG_FUNCTION = "def long() -> None:\n" + "    pass\n" * 60

ALL_GATES: list[Gate] = [
    gates.long_files,
    gates.long_functions,
    gates.silenced_or_unfinished_lines,
    gates.shapeless_modules,
    gates.folders_without_init,
    gates.hidden_rules,
    gates.inline_code,
    gates.migration_names,
    gates.migration_imports,
]

PLANTED: list[tuple[Gate, str, str]] = [
    (gates.long_files, "orders/domain/money.py", "x = 1\n" * 401),
    (gates.long_files, "install/vendor.py", "x = 1\n" * 401),
    (gates.long_files, "tests/orders/test_money.py", "x = 1\n" * 601),
    (gates.long_files, "templates/base.html", "<p>\n" * 151),
    (gates.long_functions, "orders/services/orders.py", LONG_FUNCTION),
    (gates.long_functions, "tests/orders/test_orders.py", f"async {LONG_FUNCTION}"),
    (gates.silenced_or_unfinished_lines, "orders/forms.py", "import os  # noqa: F401\n"),
    (gates.silenced_or_unfinished_lines, "tests/test_x.py", "x = 1  # type: ignore\n"),
    (gates.silenced_or_unfinished_lines, "leaders/http.py", "# TODO: later\n"),
    (gates.folders_without_init, "orders/domain/money.py", ""),
    (gates.shapeless_modules, "orders/utils.py", ""),
    (gates.shapeless_modules, "fulfillment/helpers/boxes.py", ""),
    (
        gates.hidden_rules,
        "orders/models/orders.py",
        "class Order:\n    def save(self) -> None:\n        pass\n",
    ),
    (gates.hidden_rules, "orders/apps.py", "from django.db.models.signals import post_save\n"),
    (gates.hidden_rules, "orders/apps.py", "from django.dispatch import receiver\n"),
    (gates.hidden_rules, "orders/apps.py", "from django.db.models import signals\n"),
    (gates.inline_code, "templates/a.html", "<script>alert(1)</script>"),
    (gates.inline_code, "templates/a.html", "<style>p {}</style>"),
    (gates.inline_code, "templates/a.html", '<p class="x"\n style="color: red">'),
    (gates.inline_code, "templates/a.html", '<button onclick="go()">'),
    (gates.inline_code, "templates/a.html", '<button hx-on:click="go()">'),
    (gates.inline_code, "templates/a.html", '<a href="javascript:go()">'),
    (gates.migration_names, "orders/migrations/0001_auto_20260101_0000.py", ""),
    (gates.migration_names, "orders/migrations/0002_second.py", ""),
    (
        gates.migration_imports,
        "orders/migrations/0001_initial.py",
        "from orders.models.orders import Order\n",
    ),
    (gates.migration_imports, "orders/migrations/0001_initial.py", "import leaders.domain.geo\n"),
]

HARMLESS: list[tuple[Gate, str, str]] = [
    (gates.long_files, "orders/domain/money.py", "x = 1\n" * 400),
    (gates.long_functions, "orders/domain/money.py", "def f() -> None:\n" + "    pass\n" * 59),
    (gates.inline_code, "templates/a.html", '<script src="/static/js/map.js" defer></script>'),
    (gates.inline_code, "templates/a.html", '<link rel="stylesheet" href="/static/css/a.css">'),
    (gates.migration_names, "orders/migrations/0001_initial.py", ""),
    (gates.silenced_or_unfinished_lines, "orders/forms.py", "mark = '# noqa'\n"),
    (gates.hidden_rules, "orders/models/orders.py", "class Order:\n    name = 'save'\n"),
]


def plant(root: Path, place: str, source: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")


@pytest.mark.parametrize("gate", ALL_GATES, ids=lambda gate: gate.__name__)
def test_the_project_keeps_the_rule(gate: Gate) -> None:
    assert gate(PROJECT_DIR) == []


@pytest.mark.parametrize(("gate", "place", "source"), PLANTED)
def test_a_planted_violation_is_caught(gate: Gate, place: str, source: str, tmp_path: Path) -> None:
    plant(tmp_path, place, source)

    violations = gate(tmp_path)

    assert len(violations) == 1
    named = (place, Path(place).stem, Path(place).parent.as_posix())
    assert any(name in violations[0] for name in named)


@pytest.mark.parametrize(("gate", "place", "source"), HARMLESS)
def test_what_is_allowed_passes(gate: Gate, place: str, source: str, tmp_path: Path) -> None:
    plant(tmp_path, place, source)

    assert gate(tmp_path) == []
