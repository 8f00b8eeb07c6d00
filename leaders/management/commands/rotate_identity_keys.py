"""`manage.py rotate_identity_keys`: seal everything that is sealed with the newest key."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from leaders.services.sealed_fields import identity_keys_rotate


class Command(BaseCommand):
    """Seals everything anew; afterwards the older keys may leave IDENTITY_KEYS."""

    help = "Seals every sealed field with the first key of IDENTITY_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and say how many rows that were."""
        count = identity_keys_rotate()
        self.stdout.write(_("{count} rows are sealed with the newest key").format(count=count))
