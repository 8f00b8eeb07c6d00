from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_payments_that_count")]

    operations = [
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "succeeded"),
                        (
                            "verdict__in",
                            [
                                "paid",
                                "refund_late",
                                "refund_after_freeze",
                                "refund_duplicate",
                                "hold_in_suspense",
                            ],
                        ),
                    ),
                    models.Q(models.Q(("state", "succeeded"), _negated=True), ("verdict", "")),
                    _connector="OR",
                ),
                name="payment_succeeded_has_verdict",
                violation_error_message="A successful payment, and no other, has a verdict.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "paid")),
                fields=("order",),
                name="payment_one_counts_per_order",
                violation_error_message="This order is paid already.",
            ),
        ),
    ]
