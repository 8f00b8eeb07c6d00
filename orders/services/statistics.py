"""Planner statistics right after a bulk write."""

from django.db import connection
from django.db.models import Model


def statistics_refresh(*models: type[Model]) -> None:
    """Let the database count the rows of these tables anew.

    It does so by itself a minute later, but the next step joins the fresh rows
    at once, and a planner that takes the tables for empty picks nested loops.
    """
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
