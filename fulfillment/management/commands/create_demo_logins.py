"""Create the demo log-ins and tell them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from fulfillment.services.demo_logins import demo_logins_create, demo_password
from leaders.models.accounts import Role


class Command(BaseCommand):
    """`create_demo_logins`: one log-in per role and two leaders; safe to call again."""

    help = "Create a log-in for every role, with one password, and print them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--password", default="", help="default: made from the secret key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per log-in: user name, password, role."""
        password = options["password"] or demo_password()
        for login in demo_logins_create(password=password):
            role = Role(login.role).label if login.role else _("Superuser")
            who = f"{role} {login.name}".strip()
            self.stdout.write(f"{login.username:<12} {password:<14} {who}")
