"""The operator's folder of paper templates: one TOML file for each kind of paper."""

from collections.abc import Mapping
from pathlib import Path

from fulfillment.errors import PaperTemplateUnreadable
from fulfillment.papers.numbering import Document
from fulfillment.papers.template import PaperTemplate, read_template

SUFFIX = ".toml"


def templates_read(folder: Path | None) -> Mapping[Document, PaperTemplate]:
    """Return the templates of a folder by kind of paper; no folder, no templates.

    Raises `PaperTemplateUnreadable`, naming the file, if the folder is not
    there, if a file is named after no paper, or if it cannot be used.
    """
    if folder is None:
        return {}
    if not folder.is_dir():
        raise PaperTemplateUnreadable(
            f"{folder} is not a folder; PAPER_TEMPLATES_DIR must name one.", file=str(folder)
        )
    return {
        document: read_template(path.name, document, _text(path))
        for path in sorted(folder.glob(f"*{SUFFIX}"))
        for document in [_document(path)]
    }


def _document(path: Path) -> Document:
    if path.stem not in set(Document):
        names = ", ".join(f"{document}{SUFFIX}" for document in Document)
        raise PaperTemplateUnreadable(
            f"{path.name} is named after no paper; there are {names}.", file=path.name
        )
    return Document(path.stem)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PaperTemplateUnreadable(
            f"{path.name} cannot be read as UTF-8: {error}", file=path.name
        ) from error
