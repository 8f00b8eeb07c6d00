"""Every template compiles, with every template it names."""

import re

import pytest
from django.template.loader import get_template

from config.embedded.places import PROJECT_DIR
from tests.architecture.gates import template_files

FOLDER = PROJECT_DIR / "templates"
TEMPLATES = [path.relative_to(FOLDER).as_posix() for path in template_files(PROJECT_DIR)]
# Included templates are otherwise looked up only when the line is reached.
NAMED = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles_with_what_it_names(name: str) -> None:
    named = NAMED.findall((FOLDER / name).read_text(encoding="utf-8"))

    for part in [name, *named]:
        get_template(part)
