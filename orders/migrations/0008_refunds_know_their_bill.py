"""A refund is in the bill of the day it was accepted, which only the bill tells."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_refunds_within_what_came_in")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="billed_on",
            field=models.DateField(
                blank=True,
                help_text="The day of the provider's bill that lists it: when it was accepted.",
                null=True,
                verbose_name="billed on",
            ),
        ),
    ]
