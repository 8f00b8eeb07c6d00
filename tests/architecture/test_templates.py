"""Every template compiles, with every template it names."""

import re
from functools import cache

import pytest
from django.template.loader import get_template

from config.embedded.places import PROJECT_DIR
from tests.architecture.gates import template_files

FOLDER = PROJECT_DIR / "templates"
TEMPLATES = [path.relative_to(FOLDER).as_posix() for path in template_files(PROJECT_DIR)]
# Included templates are otherwise looked up only when the line is reached.
NAMED = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
# `include ... only` hands on nothing, not even the token that guards a form.
INCLUDED = re.compile(r"""{%-?\s*include\s+["']([^"']+)["']([^%]*)%}""")
POSTS = {
    name for name in TEMPLATES if "{% csrf_token %}" in (FOLDER / name).read_text(encoding="utf-8")
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles_with_what_it_names(name: str) -> None:
    named = NAMED.findall((FOLDER / name).read_text(encoding="utf-8"))

    for part in [name, *named]:
        get_template(part)


@cache
def forms_and_what_holds_them() -> set[str]:
    """Templates with a form in them, or with a part that has one."""
    found = set(POSTS)
    for _depth in TEMPLATES:
        holding = {
            name
            for name in TEMPLATES
            for part, _given in INCLUDED.findall((FOLDER / name).read_text(encoding="utf-8"))
            if part in found
        }
        if holding <= found:
            break
        found |= holding
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_form_in_a_part_of_it_keeps_its_token(name: str) -> None:
    forms = forms_and_what_holds_them()
    bare = [
        part
        for part, given in INCLUDED.findall((FOLDER / name).read_text(encoding="utf-8"))
        if part in forms and re.search(r"\bonly\b", given)
        if "csrf_token=" not in given and 'method="get"' not in given
    ]

    assert bare == []
