"""Temperature classes."""

from orders.domain.storage import StorageClass


def test_only_ambient_goods_travel_without_insulation() -> None:
    assert [storage.is_insulated for storage in StorageClass] == [False, True, True]
    assert [str(storage) for storage in StorageClass] == ["ambient", "chill", "frozen"]
