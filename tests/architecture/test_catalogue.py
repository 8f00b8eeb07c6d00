"""The Chinese catalogue: every text has a translation, and no translation lacks its text."""

import re

import pytest
from babel.messages.catalog import Catalog

from config.embedded.places import PROJECT_DIR
from config.messages import CATALOGUE, collect, read_catalogue, untranslated

PLACEHOLDER = re.compile(r"%\([^)]*\)[#0\- +]*\d*(?:\.\d+)?[a-z]|%[sdrf]|\{[^{}]*\}")
RENEW = "run `make messages` and translate what it names"


@pytest.fixture(scope="module")
def texts() -> Catalog:
    """Every text of the source."""
    return collect(PROJECT_DIR)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """What is shipped."""
    return read_catalogue(CATALOGUE)


def keys(catalogue: Catalog) -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in catalogue if message.id}


def placeholders(text: str) -> tuple[set[str], list[str]]:
    """Named ones may be repeated or change places; of the others each is filled in order."""
    found = PLACEHOLDER.findall(text)
    return {x for x in found if len(x) > 2}, [x for x in found if len(x) <= 2]


def test_it_has_every_text_of_the_source(texts: Catalog, catalogue: Catalog) -> None:
    assert keys(texts) - keys(catalogue) == set(), RENEW


def test_it_has_no_text_that_the_source_lost(texts: Catalog, catalogue: Catalog) -> None:
    assert keys(catalogue) - keys(texts) == set(), RENEW


def test_every_text_is_translated(catalogue: Catalog) -> None:
    assert untranslated(catalogue) == []


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_translations_fill_in_the_same_values(catalogue: Catalog) -> None:
    different = [
        (message.id, message.string)
        for message in catalogue
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.string
        and message.id
        and placeholders(message.id) != placeholders(message.string)
    ]

    assert different == []
