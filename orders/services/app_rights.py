"""The rights of the role the application runs with: what is append-only, it cannot change.

The triggers of the append-only tables stop mistakes. Rights stop whoever has
taken over the application: its role is no owner, cannot drop a trigger, and has
no right to UPDATE, DELETE or TRUNCATE there. Which tables those are, the
triggers themselves say: a table that gets one is protected by the next grant.
"""

from collections.abc import Mapping

from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Identifier

from orders.errors import RoleUnfit

# Only whoever migrates writes here.
READ_ONLY_TABLES = ("django_migrations",)

RIGHTS = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
    "REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)
# Every migration that makes a table append-only names its trigger after this.
TRIGGER_SUFFIX = "_append_only"


def append_only_tables() -> tuple[str, ...]:
    """The tables whose rows may be added and nothing else, by their triggers, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname
              FROM pg_trigger t
              JOIN pg_class c ON c.oid = t.tgrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND NOT t.tgisinternal
               AND t.tgname = c.relname || %s
             ORDER BY c.relname
            """,
            [TRIGGER_SUFFIX],
        )
        return tuple(name for (name,) in cursor.fetchall())


@transaction.atomic
def app_rights_grant(*, role: str) -> Mapping[str, int]:
    """Give an existing role what the application needs and no more; count the tables.

    It replaces all rights the role had on tables; run it after each migration.

    Raises
    ------
    RoleUnfit
        If there is no such role, or rights would not bind it: it is a
        superuser, or it owns the tables.
    """
    append_only = append_only_tables()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        row = cursor.fetchone()
        if row is None:
            raise RoleUnfit("There is no such role; create it first.", role=role)
        cursor.execute(
            "SELECT count(*), bool_or(pg_has_role(%s, tableowner, 'MEMBER'))"
            "  FROM pg_tables WHERE schemaname = %s",
            [role, schema],
        )
        tables, is_owner = cursor.fetchone()
        if row[0] or is_owner:
            raise RoleUnfit("This role owns the tables; rights would not bind it.", role=role)
        for right in RIGHTS:
            _run(right, schema=Identifier(schema), role=Identifier(role))
        for table in append_only:
            _run(
                "REVOKE UPDATE, DELETE ON {table} FROM {role}",
                table=Identifier(table),
                role=Identifier(role),
            )
        for table in READ_ONLY_TABLES:
            _run(
                "REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}",
                table=Identifier(table),
                role=Identifier(role),
            )
    return {"tables": tables, "append_only": len(append_only)}


def _run(statement: str, **names: Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL(statement).format(**names))
