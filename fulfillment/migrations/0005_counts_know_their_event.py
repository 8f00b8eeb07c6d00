"""Counts of before get an event of their own and the moment of their receipt."""

from django.db import migrations

KNOWN = """
UPDATE fulfillment_goodsreceiptline AS line
   SET event_id = gen_random_uuid(), counted_at = receipt.received_at
  FROM fulfillment_goodsreceipt AS receipt
 WHERE receipt.id = line.receipt_id AND line.event_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0004_the_warehouse_night")]

    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
