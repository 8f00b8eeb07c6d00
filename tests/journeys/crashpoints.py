"""The names of all crash points, read from the source."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("leaders", "orders", "fulfillment", "config")
# The night and the leaders' desks have points of their own, where races are held up;
# no evening passes them.
EVENING_APPS = ("orders", "config")


class CrashpointUnclear(AssertionError):
    """A crash point whose name is no plain text, or that has the name of another."""


def crashpoint_names(root: Path = ROOT, apps: tuple[str, ...] = APPS) -> tuple[str, ...]:
    """Every `crashpoint("…")` of the apps, sorted; each name is a literal and unique."""
    names = Counter(
        name
        for app in apps
        for path in sorted((root / app).rglob("*.py"))
        for name in _names_in(path)
    )
    if twice := [name for name, count in names.items() if count > 1]:
        raise CrashpointUnclear(f"written twice: {twice}")
    return tuple(sorted(names))


def _names_in(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if "crashpoint(" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id == "crashpoint":
            (name,) = node.args
            if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
                raise CrashpointUnclear(f"{path}:{node.lineno} computes the name")
            yield name.value
