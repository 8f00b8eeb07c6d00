"""`manage.py sync_roles`: gives every role's group its permissions; run after each deployment."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from leaders.models.accounts import Role
from leaders.services.accounts import role_permissions_apply


class Command(BaseCommand):
    """Upserts the role groups by name; safe to call again."""

    help = "Gives every role's group its permissions; run after each deployment."

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply the table of roles and print what each may do."""
        for role in Role:
            group = role_permissions_apply(role.value)
            self.stdout.write(
                _("{role}: {count} permissions").format(
                    role=role.label, count=group.permissions.count()
                )
            )
