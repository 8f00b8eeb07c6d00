from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0020_sku_build_ups"),
    ]

    operations = [
        migrations.CreateModel(
            name="GatewayFault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=20, verbose_name="provider")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("silent", "No answer"),
                            ("not_genuine", "Not genuine"),
                            ("broken", "Error of the provider"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("faults", models.PositiveBigIntegerField(verbose_name="faults")),
            ],
            options={
                "verbose_name": "fault of a payment provider",
                "verbose_name_plural": "faults of payment providers",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "kind"),
                        name="gateway_fault_one_row_per_kind",
                        violation_error_message="This kind of fault is counted already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["silent", "not_genuine", "broken"])),
                        name="gateway_fault_kind_known",
                        violation_error_message="Unknown kind of fault.",
                    ),
                ],
            },
        ),
    ]
