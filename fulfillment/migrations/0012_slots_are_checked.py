"""Who checked a slot is added to, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGERS = """
CREATE TRIGGER fulfillment_slotcheck_append_only
    BEFORE UPDATE OR DELETE ON fulfillment_slotcheck
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_slotcheck_no_truncate
    BEFORE TRUNCATE ON fulfillment_slotcheck
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

DROP_TRIGGERS = """
DROP TRIGGER fulfillment_slotcheck_no_truncate ON fulfillment_slotcheck;
DROP TRIGGER fulfillment_slotcheck_append_only ON fulfillment_slotcheck;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("fulfillment", "0011_portions_know_what_they_were_sold_as"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SlotCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.UUIDField(unique=True, verbose_name="event")),
                ("sorter_name", models.CharField(max_length=60, verbose_name="sorter")),
                ("checker_name", models.CharField(max_length=60, verbose_name="checker")),
                (
                    "differences",
                    models.PositiveIntegerField(
                        help_text="How many SKUs lay there otherwise than entered.",
                        verbose_name="differences",
                    ),
                ),
                ("checked_at", models.DateTimeField(verbose_name="checked at")),
                (
                    "drop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="fulfillment.drop",
                        verbose_name="drop",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
            ],
            options={
                "verbose_name": "slot check",
                "verbose_name_plural": "slot checks",
                "ordering": ["pk"],
            },
        ),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
    ]
