"""What happened to orders, bindings and closed days is added to, never changed.

Stock counters are updated in place all day: half-empty pages let an update
stay on its page and keep the index as it is.
"""

from django.db import migrations

TABLES = ("dailybalance", "orderevent", "residentbinding")

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
    dependencies = [("orders", "0005_payments_have_a_verdict")]

    operations = [
        *(
            migrations.RunSQL(TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(
            "ALTER TABLE orders_offerstock SET (fillfactor = 50)",
            "ALTER TABLE orders_offerstock RESET (fillfactor)",
        ),
    ]
