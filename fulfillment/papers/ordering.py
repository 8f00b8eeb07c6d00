"""The order of temperature classes that several papers share."""

from orders.domain.storage import StorageClass

# Cold goods are handled last in sorting and first at the dock.
STORAGE_RANK = {StorageClass.AMBIENT: 0, StorageClass.CHILL: 1, StorageClass.FROZEN: 2}
