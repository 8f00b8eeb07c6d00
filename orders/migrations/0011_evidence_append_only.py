"""Notices, checks and accounts are added to, never changed: all that is evidence has a trigger.

The rights of the application are read from these triggers
(`orders.services.app_rights`).
"""

from django.db import migrations

TABLES = ("account", "billcheck", "bookscheck", "paymentnotice")

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
    dependencies = [("orders", "0010_orders_meet_the_warehouse")]

    operations = [
        migrations.RunSQL(TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
        for table in TABLES
    ]
