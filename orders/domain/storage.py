"""How goods are kept, which decides totes, sort areas and vehicles."""

from enum import StrEnum


class StorageClass(StrEnum):
    """The temperature class of a SKU, as day bundles write it."""

    AMBIENT = "ambient"
    CHILL = "chill"
    FROZEN = "frozen"
