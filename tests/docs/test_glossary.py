"""docs/glossary.md against the models: one word per concept, nothing forgotten."""

from django.apps import apps
from django.db.models import Model
from django.utils import translation

from tests.docs.pages import Row, tables

APPS = ("leaders", "orders", "fulfillment")


def concepts() -> list[Row]:
    """The rows of the tables that argue a word."""
    return [row for rows in tables("glossary.md") for row in rows if "why this word" in row]


def models() -> dict[str, type[Model]]:
    return {
        model.__name__: model for app in APPS for model in apps.get_app_config(app).get_models()
    }


def by_model() -> dict[str, Row]:
    return {row["model"].strip("`"): row for row in concepts() if row["model"]}


def test_every_model_has_a_word_and_every_word_its_model() -> None:
    assert set(by_model()) == set(models())


def test_models_are_named_on_screen_by_their_code_word() -> None:
    with translation.override("en"):
        named = {name: str(model._meta.verbose_name) for name, model in models().items()}

    assert {name: row["code word"] for name, row in by_model().items()} == named


def test_models_are_named_on_chinese_screens_by_their_chinese_word() -> None:
    with translation.override("zh-hans"):
        named = {name: str(model._meta.verbose_name) for name, model in models().items()}

    assert {name: row["Chinese"] for name, row in by_model().items()} == named


def test_no_concept_has_two_words_and_no_word_two_concepts() -> None:
    words = [
        word.strip("* ").casefold() for row in concepts() for word in row["code word"].split("/")
    ]

    assert sorted(words) == sorted(set(words))


def test_every_row_says_what_it_means() -> None:
    assert all(row["Chinese"] and row["code word"] and row["means"] for row in concepts())
