"""docs/personal-data.md against the code."""

from orders.domain.personal_data import PERSONAL_FIELDS, Kept
from tests.docs.pages import tables

PAGE = "personal-data.md"


def test_the_page_shows_every_field_as_the_code_has_it() -> None:
    shown = [tuple(row.values()) for row in tables(PAGE)[-1]]

    assert shown == [
        (
            entry.model,
            entry.field or "-",
            entry.whose.value,
            entry.purpose,
            entry.kept.value,
            entry.on_erasure.value,
        )
        for entry in PERSONAL_FIELDS
    ]


def test_the_page_says_of_every_class_how_long_it_is_kept() -> None:
    classes = [row["class"] for row in tables(PAGE)[1]]

    assert sorted(classes) == sorted(kept.value for kept in Kept)
