"""How each SKU of a campaign that is over sold in each step of its window."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0019_a_logged_price_may_lack_its_cost")]

    operations = [
        migrations.CreateModel(
            name="SkuBuildUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pieces_by_step", models.JSONField(verbose_name="pieces by step")),
                ("is_bounded", models.BooleanField(verbose_name="sold out, or sold in a slot")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="build_ups",
                        to="orders.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="build_ups",
                        to="orders.sku",
                        verbose_name="SKU",
                    ),
                ),
            ],
            options={
                "verbose_name": "build-up of a SKU",
                "verbose_name_plural": "build-ups of SKUs",
                "ordering": ["campaign", "sku"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "sku"),
                        name="sku_build_up_unique_in_campaign",
                        violation_error_message="This campaign already has the build-up of this SKU.",
                    )
                ],
            },
        ),
    ]
