"""Every payment known so far came from an import and paid for its order."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_residents_order_and_prepay")]

    operations = [
        migrations.RunSQL(
            "UPDATE orders_payment SET verdict = 'paid' WHERE state = 'succeeded'",
            "UPDATE orders_payment SET verdict = '' WHERE state = 'succeeded'",
        )
    ]
