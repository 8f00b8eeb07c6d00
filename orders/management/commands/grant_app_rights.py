"""`manage.py grant_app_rights --role NAME`: what the application may do in the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.errors import RoleUnfit
from orders.services.app_rights import app_rights_grant


class Command(BaseCommand):
    """Grants rights on tables that exist to a role that exists; creates nothing."""

    help = (
        "Gives a database role the rights the application needs; append-only tables it "
        "can only read and add to. Run it as the owner of the tables, after each migration."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the role."""
        parser.add_argument(
            "--role", required=True, help="the role in DATABASE_URL of web and worker"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant, and print how many tables that is."""
        role = options["role"]
        try:
            done = app_rights_grant(role=role)
        except RoleUnfit as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{role}: {done['tables']} tables, {done['append_only']} of them only to be added to"
        )
