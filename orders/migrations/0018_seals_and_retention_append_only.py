"""Seals of the audit log and the record of what was cleared away are only ever added."""

from django.db import migrations

TABLES = ("leaders_auditseal", "orders_retentionrecord")

TRIGGERS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

DROP_TRIGGERS = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_append_only ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("leaders", "0007_access_is_guarded"),
        ("orders", "0017_prices_presets_and_persons"),
    ]

    operations = [
        migrations.RunSQL(TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
        for table in TABLES
    ]
