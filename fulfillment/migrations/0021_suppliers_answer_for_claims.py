"""What suppliers are asked to bear of residents' claims is a case of its own stage."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfillment", "0020_disposals_and_tax_append_only"),
        ("orders", "0016_claims_are_replied_to"),
    ]

    operations = [
        migrations.AddField(
            model_name="exceptioncase",
            name="claim",
            field=models.OneToOneField(
                blank=True,
                help_text="The resident's claim that the supplier is asked to bear.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="case",
                to="orders.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AlterField(
            model_name="exceptioncase",
            name="stage",
            field=models.CharField(
                choices=[
                    ("receive", "Receiving"),
                    ("sort", "Sorting"),
                    ("weigh", "Weighing"),
                    ("load", "Loading"),
                    ("handover", "Handover"),
                    ("after_sales", "After-sales"),
                ],
                max_length=16,
                verbose_name="found at",
            ),
        ),
        migrations.AlterField(
            model_name="unrecordedcount",
            name="stage",
            field=models.CharField(
                choices=[
                    ("receive", "Receiving"),
                    ("sort", "Sorting"),
                    ("weigh", "Weighing"),
                    ("load", "Loading"),
                    ("handover", "Handover"),
                    ("after_sales", "After-sales"),
                ],
                max_length=16,
                verbose_name="count of",
            ),
        ),
        migrations.AddConstraint(
            model_name="exceptioncase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim__isnull", False), ("stage", "after_sales")),
                    models.Q(
                        models.Q(("stage", "after_sales"), _negated=True), ("claim__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="exception_after_sales_has_claim",
                violation_error_message="After-sales, an exception is of a claim.",
            ),
        ),
    ]
