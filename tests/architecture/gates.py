"""The gates themselves: each reads a tree and returns its violations as sentences.

They take the root as an argument, so that the tests can plant a violation in
a small tree of their own and see that it is caught.
"""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

APPS = ("leaders", "orders", "fulfillment")
SOURCE_FOLDERS = ("config", *APPS, "install", "benchmarks")
SOURCE_LINES = 400
TEST_LINES = 600
FUNCTION_LINES = 60
TEMPLATE_LINES = 150

# A rule that one line may break is no rule: exceptions stand in pyproject.toml.
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|pyright)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
SHAPELESS_NAMES = {"utils", "util", "common", "helpers", "helper", "core", "misc", "shared"}
INLINE_CODE = {
    "a script inside the page": re.compile(r"<script(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "a style inside the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Every Python file below these folders, migrations left out, in a fixed order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def template_files(root: Path) -> list[Path]:
    """Every template, in a fixed order."""
    return sorted((root / "templates").rglob("*.html"))


def long_files(root: Path) -> list[str]:
    """Files with more lines than their kind may have."""
    limits = [(path, SOURCE_LINES) for path in python_files(root, *SOURCE_FOLDERS)]
    limits += [(path, TEST_LINES) for path in python_files(root, "tests")]
    limits += [(path, TEMPLATE_LINES) for path in template_files(root)]
    return [
        f"{path.relative_to(root)} has {count} lines, {limit} are allowed"
        for path, limit in limits
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > limit
    ]


def long_functions(root: Path) -> list[str]:
    """Functions with more lines than allowed, from `def` to the last line."""
    return [
        f"{path.relative_to(root)}: {node.name} has {count} lines, {FUNCTION_LINES} are allowed"
        for path in python_files(root, *SOURCE_FOLDERS, "tests")
        for node in ast.walk(_tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (count := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def silenced_or_unfinished_lines(root: Path) -> list[str]:
    """Lines that switch a check off, or say that work is left."""
    return [
        f"{path.relative_to(root)}:{token.start[0]}: {token.string}"
        for path in python_files(root, *SOURCE_FOLDERS, "tests")
        for token in _comments(path)
        if SILENCED.search(token.string) or UNFINISHED.search(token.string)
    ]


def shapeless_modules(root: Path) -> list[str]:
    """Modules and packages whose name says nothing about what is in them."""
    return [
        f"{path.relative_to(root)} has a name that says nothing"
        for path in python_files(root, *SOURCE_FOLDERS)
        if SHAPELESS_NAMES & {path.stem, *path.relative_to(root).parts}
    ]


def folders_without_init(root: Path) -> list[str]:
    """Folders of modules that are no package, which tools then do not look into."""
    folders = {path.parent for path in python_files(root, *SOURCE_FOLDERS, "tests")}
    return [
        f"{folder.relative_to(root)} has no __init__.py"
        for folder in sorted(folders)
        if not (folder / "__init__.py").exists()
    ]


def hidden_rules(root: Path) -> list[str]:
    """Rules where nobody looks for them: in `save()`, `delete()` and signal handlers."""
    found = []
    for path in python_files(root, *APPS):
        for node in ast.walk(_tree(path)):
            place = path.relative_to(root)
            if isinstance(node, ast.ImportFrom) and _is_signal_module(node.module or ""):
                found.append(f"{place}: imports {node.module}")
            if isinstance(node, ast.ImportFrom) and "signals" in {x.name for x in node.names}:
                found.append(f"{place}: imports signals")
            if isinstance(node, ast.ClassDef) and "models" in path.relative_to(root).parts:
                found += [
                    f"{place}: {node.name} overrides {part.name}()"
                    for part in node.body
                    if isinstance(part, ast.FunctionDef) and part.name in {"save", "delete"}
                ]
    return found


def inline_code(root: Path) -> list[str]:
    """Templates with code or style in the page, which the content security policy blocks."""
    found = []
    for path in template_files(root):
        source = path.read_text(encoding="utf-8")
        for what, pattern in INLINE_CODE.items():
            for match in pattern.finditer(source):
                line = source.count("\n", 0, match.start()) + 1
                found.append(f"{path.relative_to(root)}:{line}: {what}")
    return found


def migration_names(root: Path) -> list[str]:
    """Migrations that Django named, and numbers that are used twice or left out."""
    found = []
    for app in APPS:
        names = sorted(p.stem for p in (root / app / "migrations").glob("[0-9]*.py"))
        for position, name in enumerate(names, start=1):
            if "_auto_" in name or (position > 1 and name.endswith("_initial")):
                found.append(f"{app}: {name} has no name of its own")
            if int(name[:4]) != position:
                found.append(f"{app}: {name} should have number {position:04}")
    return found


def migration_imports(root: Path) -> list[str]:
    """Migrations that import the project's code, which will change under them."""
    found = []
    for app in APPS:
        for path in sorted((root / app / "migrations").glob("[0-9]*.py")):
            for node in ast.walk(_tree(path)):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                modules += [x.name for x in node.names] if isinstance(node, ast.Import) else []
                found += [
                    f"{path.relative_to(root)} imports {module}"
                    for module in modules
                    if module.partition(".")[0] in {"config", *APPS}
                ]
    return found


def _is_signal_module(module: str) -> bool:
    return module == "django.dispatch" or module.endswith(".signals")


def _comments(path: Path) -> Iterator[tokenize.TokenInfo]:
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            if token.type == tokenize.COMMENT:
                yield token


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
