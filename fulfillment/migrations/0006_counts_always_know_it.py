"""From here on every count carries its event and its moment."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0005_counts_know_their_event")]

    operations = [
        migrations.AlterField(
            model_name="goodsreceiptline",
            name="event_id",
            field=models.UUIDField(
                default=uuid.uuid4,
                help_text=(
                    "Made on the phone: the same count is stored once, however often it is sent."
                ),
                unique=True,
                verbose_name="event",
            ),
        ),
        migrations.AlterField(
            model_name="goodsreceiptline",
            name="counted_at",
            field=models.DateTimeField(verbose_name="counted at"),
        ),
    ]
