"""A community may say in which city it lies; empty, and it sells every campaign as before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leaders", "0009_deeds_are_read_by_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="community",
            name="city",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Its points sell the campaigns of this city only. Empty: of every city.",
                max_length=60,
                verbose_name="city",
            ),
        ),
    ]
