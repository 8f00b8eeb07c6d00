"""Totes of a slot by class, and a value of a mapping, for the pages of the dock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django import template
from django.utils.translation import pgettext

from fulfillment.selectors.dock import DockDrop
from orders.domain.storage import StorageClass

register = template.Library()
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ClassCount:
    """Totes of one class with the letter the papers print for it."""

    letter: str
    number: int


@register.simple_tag
def storage_counts(slot: DockDrop) -> list[ClassCount]:
    """Ambient, chilled and frozen totes of a slot."""
    letters = {
        StorageClass.AMBIENT: pgettext("letter of a storage class", "A"),
        StorageClass.CHILL: pgettext("letter of a storage class", "C"),
        StorageClass.FROZEN: pgettext("letter of a storage class", "F"),
    }
    counts = slot.counts
    return [ClassCount(letter, counts[storage]) for storage, letter in letters.items()]


@register.filter
def of_key(values: Mapping[int, Value], key: int) -> Value | None:
    """The value of a key."""
    return values.get(key)
