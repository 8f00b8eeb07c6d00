from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0018_seals_and_retention_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pricelog",
            name="cost_fen",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Empty: nobody sold it to us.",
                null=True,
                verbose_name="cost (fen)",
            ),
        ),
    ]
