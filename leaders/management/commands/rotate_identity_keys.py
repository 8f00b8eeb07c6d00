"""`manage.py rotate_identity_keys`: seal identity and bank numbers with the newest key."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from leaders.services.payees import identity_keys_rotate


class Command(BaseCommand):
    """Seals everything anew; afterwards the older keys may leave IDENTITY_KEYS."""

    help = "Seals identity and bank numbers with the first key of IDENTITY_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and say how many payees that were."""
        count = identity_keys_rotate()
        self.stdout.write(_("{count} payees are sealed with the newest key").format(count=count))
