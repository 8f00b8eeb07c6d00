"""The first scripts of the library, so that nobody begins with an empty page."""

from collections.abc import Iterator

from django.db import transaction
from django.template.loader import render_to_string

from leaders.models.care import Script, ScriptOccasion

DEFAULTS = "leaders/scripts/default.txt"
BETWEEN = "\n---\n"


@transaction.atomic
def default_scripts_write() -> int:
    """Write the default scripts where the library is empty; return how many were written."""
    if Script.objects.exists():
        return 0
    return len(Script.objects.bulk_create(_defaults()))


def _defaults() -> Iterator[Script]:
    """The scripts of the file: a line `occasion: title`, then the words."""
    for rank, block in enumerate(render_to_string(DEFAULTS).strip().split(BETWEEN), start=1):
        head, _line, body = block.strip().partition("\n")
        occasion, _colon, title = head.partition(": ")
        yield Script(
            occasion=ScriptOccasion(occasion), title=title, body=body.strip(), rank=rank * 10
        )
