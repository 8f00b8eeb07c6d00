"""Money and frozen demand refuse to be changed: rows may be added, nothing else."""

from django.db import migrations

TABLES = ("transfer", "pricelog", "demandline", "demandsnapshot")

FUNCTION = """
CREATE FUNCTION orders_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;
"""

# Emptying a table is its own trigger, so that a test database may switch it
# off to clean up between tests and keep the other one.
TRIGGERS = """
CREATE TRIGGER orders_{table}_append_only BEFORE UPDATE OR DELETE ON orders_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER orders_{table}_no_truncate BEFORE TRUNCATE ON orders_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

DROP_TRIGGERS = """
DROP TRIGGER orders_{table}_no_truncate ON orders_{table};
DROP TRIGGER orders_{table}_append_only ON orders_{table};
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION orders_refuse_change();"),
        *(
            migrations.RunSQL(TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
            for table in TABLES
        ),
    ]
