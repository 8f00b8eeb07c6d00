"""Names of states that people can tell from those of an application; no row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0008_refunds_know_their_bill"),
    ]

    operations = [
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("submitted", "Waiting for the resident"),
                    ("unknown", "Unknown"),
                    ("succeeded", "Succeeded"),
                    ("closed", "Closed"),
                    ("failed", "Failed"),
                ],
                default="created",
                max_length=16,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("submitted", "Sent to the provider"),
                    ("succeeded", "Succeeded"),
                    ("abnormal", "Abnormal"),
                    ("closed", "Closed by the provider"),
                ],
                default="requested",
                max_length=16,
                verbose_name="state",
            ),
        ),
    ]
