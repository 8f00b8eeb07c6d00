"""What hands did at night is added to, never changed."""

from django.db import migrations

TABLES = (
    "allocationchange",
    "allocationrun",
    "goodsreceiptline",
    "leftovermovement",
    "paperopening",
    "receiptlinevoid",
    "routeblock",
    "sortevent",
    "totecount",
    "toteevent",
    "weighedportion",
)

TRIGGERS = """
CREATE TRIGGER fulfillment_{table}_append_only BEFORE UPDATE OR DELETE ON fulfillment_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_{table}_no_truncate BEFORE TRUNCATE ON fulfillment_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

DROP_TRIGGERS = """
DROP TRIGGER fulfillment_{table}_no_truncate ON fulfillment_{table};
DROP TRIGGER fulfillment_{table}_append_only ON fulfillment_{table};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("fulfillment", "0006_counts_always_know_it"),
        ("orders", "0010_orders_meet_the_warehouse"),
    ]

    operations = [
        migrations.RunSQL(TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
        for table in TABLES
    ]
