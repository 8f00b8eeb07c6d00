"""A new key: everything that is sealed, in whichever table, is sealed anew with it."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from leaders.domain.sealed_fields import is_sealed_field
from leaders.integrations.sealing import reseal

ROTATED_AT_ONCE = 500


def sealed_fields() -> Iterator[tuple[type[Model], tuple[str, ...]]]:
    """Every model that holds ciphertext, with the fields that do: the register is their names."""
    for model in apps.get_models():
        names = tuple(
            field.name for field in model._meta.local_fields if is_sealed_field(field.name)
        )
        if names:
            yield model, names


def identity_keys_rotate() -> int:
    """Seal everything anew with the newest key; return how many rows that were.

    A row that is changed meanwhile is sealed with the newest key anyway. Raises
    `SealBroken` for a ciphertext that no key opens.
    """
    return sum(_rotate(model, names) for model, names in sealed_fields())


def _rotate(model: type[Model], names: tuple[str, ...]) -> int:
    rotated = 0
    last = 0
    rows = model._default_manager.order_by("pk")
    while batch := list(rows.filter(pk__gt=last).values_list("pk", *names)[:ROTATED_AT_ONCE]):
        for pk, *sealed in batch:
            before = dict(zip(names, sealed, strict=True))
            after = {name: reseal(text) for name, text in before.items()}
            rotated += rows.filter(pk=pk, **before).update(**after)
        last = batch[-1][0]
    return rotated
