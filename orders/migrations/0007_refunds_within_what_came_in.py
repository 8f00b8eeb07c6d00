"""What came in is the limit of refunds: a wrong amount goes back as it came."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_more_append_only")]

    operations = [
        migrations.RemoveConstraint(model_name="payment", name="payment_refunds_within_amount"),
        migrations.AlterField(
            model_name="refund",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("submitted", "Submitted"),
                    ("succeeded", "Succeeded"),
                    ("abnormal", "Abnormal"),
                    ("closed", "Closed by the provider"),
                ],
                default="requested",
                max_length=16,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "refund_reserved_fen__lte",
                        django.db.models.functions.comparison.Coalesce(
                            "received_fen", "amount_fen"
                        ),
                    )
                ),
                name="payment_refunds_within_received",
                violation_error_message="Never refund more than was paid.",
            ),
        ),
    ]
