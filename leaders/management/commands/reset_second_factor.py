"""Reset a second factor from the server: the way back in for the last superuser."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leaders.models.accounts import User
from leaders.services.second_factors import factor_reset


class Command(BaseCommand):
    help = "Forget phone and paper of a log-in, so that it sets up a new second factor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="stands in the audit log")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset it; the audit log says that it was done on the server."""
        login = User.objects.filter(username=options["username"]).first()
        if login is None:
            raise CommandError(f"nobody logs in as {options['username']}")
        factor_reset(login=login, actor=None, now=timezone.now(), reason=options["reason"])
        self.stdout.write(f"{login.username} sets up a new second factor at the next log-in")
