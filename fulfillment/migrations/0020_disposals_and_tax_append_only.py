"""What became of goods nobody fetched, and the tax withheld, is added to, never changed."""

from django.db import migrations

TABLES = (
    "fulfillment_disposal",
    "fulfillment_taxwithholding",
)

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
        ("fulfillment", "0019_deductions_have_a_cause"),
        ("orders", "0014_deeds_and_posts_append_only"),
    ]

    operations = [
        migrations.RunSQL(TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
        for table in TABLES
    ]
