"""No field of any model is forgotten when somebody asks what is known about them."""

from collections import Counter

from django.apps import apps
from django.db import models

from leaders.domain.sealed_fields import is_sealed_field
from leaders.services.sealed_fields import sealed_fields
from orders.domain.personal_data import PERSONAL_FIELDS, Erasure, Whose
from orders.domain.plain_fields import PLAIN_FIELDS

APPS = ("leaders", "orders", "fulfillment")
WORDS = (models.CharField, models.TextField, models.JSONField, models.FileField)


def fields_with_words() -> set[tuple[str, str]]:
    """Text, JSON and file fields; a text that is one of our own choices says nothing."""
    return {
        (model._meta.label, field.name)
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_fields
        if isinstance(field, WORDS) and not field.choices
    }


def personal() -> set[tuple[str, str]]:
    return {(entry.model, entry.field) for entry in PERSONAL_FIELDS if entry.field}


def plain() -> set[tuple[str, str]]:
    return {(model, field) for model, fields in PLAIN_FIELDS.items() for field in fields}


def test_every_field_with_words_is_personal_or_plain() -> None:
    forgotten = fields_with_words() - personal() - plain()

    assert not forgotten, "say in orders/domain/personal_data.py what these are, or in plain_fields"


def test_no_field_is_both_or_gone() -> None:
    assert not personal() & plain()
    assert not plain() - fields_with_words()
    assert not personal() - fields_with_words()


def test_a_field_stands_in_the_table_once() -> None:
    counts = Counter((entry.model, entry.field) for entry in PERSONAL_FIELDS)

    assert [entry for entry, count in counts.items() if count > 1] == []


def test_ciphertext_is_kept_sealed_or_under_a_contract() -> None:
    sealed = [entry for entry in PERSONAL_FIELDS if is_sealed_field(entry.field)]

    assert {(entry.model, entry.field) for entry in sealed} == {
        (label, name) for label, name in fields_with_words() if is_sealed_field(name)
    }
    assert {(model._meta.label, name) for model, names in sealed_fields() for name in names} == {
        (entry.model, entry.field) for entry in sealed
    }
    assert all(
        entry.on_erasure is Erasure.KEEP_SEALED for entry in sealed if entry.whose is Whose.RESIDENT
    )
