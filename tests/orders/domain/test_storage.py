"""Temperature classes."""

from orders.domain.storage import StorageClass


def test_the_classes_are_named_as_day_bundles_write_them() -> None:
    assert [str(storage) for storage in StorageClass] == ["ambient", "chill", "frozen"]
