"""The texts of the project and their Chinese catalogue, without GNU gettext.

    python -m config.messages update [FRAGMENT.json …]   collect, merge, compile
    python -m config.messages compile                    only write the .mo file

A fragment is a flat JSON object from English text to translation; its entries
win over the catalogue's. Texts that the source no longer has are dropped.
"""

import argparse
import ast
import fcntl
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PROJECT_DIR = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PYTHON_FOLDERS = ("config", "leaders", "orders", "fulfillment")
TEMPLATE_FOLDERS = ("templates",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Lines of the header that differ from run to run, or say nothing.
IDLE_HEADERS = tuple(
    f'"{name}'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid-Bugs-To",
        "Project-Id-Version",
        "Generated-By",
    )
)


def collect(root: Path) -> Catalog:
    """Return every text that the Python files and templates below `root` show to people."""
    catalogue = Catalog(locale="zh_Hans", fuzzy=False)
    errors = _error_names(root)
    for folder in PYTHON_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            _add(catalogue, path.relative_to(root), source)
            _add_refusals(catalogue, path.relative_to(root), source, errors)
    for folder in TEMPLATE_FOLDERS:
        for path in sorted((root / folder).rglob("*.html")):
            # As Python in parentheses, the indentation of a template means nothing.
            source = f"({templatize(path.read_text(encoding='utf-8'))}\n)"
            _add(catalogue, path.relative_to(root), source)
    return catalogue


def read_catalogue(path: Path) -> Catalog:
    """Read a .po file; an empty catalogue where there is none."""
    if not path.exists():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def merge(texts: Catalog, known: Catalog, fragments: dict[str, str]) -> Catalog:
    """Give the collected texts the translations that are known; fragments win."""
    for message in texts:
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        if isinstance(message.id, str) and message.id in fragments:
            message.string = fragments[message.id]
        elif old is not None and not old.fuzzy:
            message.string = old.string
    return texts


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts without a translation, in catalogue order."""
    return [
        str(message.id) for message in catalogue if message.id and not all(_strings(message.string))
    ]


def write_catalogue(catalogue: Catalog, path: Path) -> None:
    """Write a .po file that changes only where texts do: sorted, no dates, no line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = buffer.getvalue().decode("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(IDLE_HEADERS)]
    header_end = next(index for index, line in enumerate(kept) if line.startswith("msgid"))
    half = path.with_name(f"{path.name}.half")
    half.write_text("".join(kept[header_end:]), encoding="utf-8")
    half.replace(path)


def compile_catalogue(path: Path) -> None:
    """Write the .mo file beside a .po file."""
    half = path.with_suffix(".mo.half")
    with half.open("wb") as file:
        write_mo(file, read_catalogue(path))
    half.replace(path.with_suffix(".mo"))


def main() -> None:
    """Update or compile the catalogue of the project."""
    parser = argparse.ArgumentParser(prog="python -m config.messages")
    parser.add_argument("what", choices=["update", "compile"])
    parser.add_argument("fragments", nargs="*", type=Path)
    chosen = parser.parse_args()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with _alone(CATALOGUE.parent):
        if chosen.what == "update":
            _update(chosen.fragments)
        compile_catalogue(CATALOGUE)


def _update(paths: list[Path]) -> None:
    fragments: dict[str, str] = {}
    for path in paths:
        fragments |= json.loads(path.read_text(encoding="utf-8"))
    merged = merge(collect(PROJECT_DIR), read_catalogue(CATALOGUE), fragments)
    write_catalogue(merged, CATALOGUE)
    known = {message.id for message in merged}
    unused = sorted(text for text in fragments if text not in known)
    missing = untranslated(merged)
    for text in missing:
        sys.stdout.write(f"no translation: {text!r}\n")
    for text in unused:
        sys.stdout.write(f"in a fragment, not in the source: {text!r}\n")
    sys.stdout.write(f"{len(merged)} texts, {len(missing)} without a translation\n")


def _add(catalogue: Catalog, path: Path, source: str) -> None:
    lines = io.BytesIO(source.encode("utf-8"))
    options = {"encoding": "utf-8"}
    for line, text, comments, context in extract("python", lines, KEYWORDS, options=options):
        catalogue.add(
            text, locations=[(path.as_posix(), line)], auto_comments=comments, context=context
        )


def _error_names(root: Path) -> set[str]:
    """The classes of every app's errors; their sentences are translated where they are answered."""
    return {
        node.name
        for folder in PYTHON_FOLDERS
        for path in (root / folder).glob("*errors.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }


def _add_refusals(catalogue: Catalog, path: Path, source: str, errors: set[str]) -> None:
    """Add the constant sentences errors are raised with, which no gettext call surrounds."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(sentence)), *_]) if (
                name in errors
            ):
                catalogue.add(sentence, locations=[(path.as_posix(), node.lineno)])


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    if isinstance(string, (tuple, list)):
        return list(string)
    return [string or ""]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change the catalogue."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    main()
