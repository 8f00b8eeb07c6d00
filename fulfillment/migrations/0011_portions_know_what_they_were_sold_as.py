from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfillment", "0010_papers_by_sheet"),
    ]

    operations = [
        # Nobody has weighed anything before the weigh station opens.
        migrations.AddField(
            model_name="weighedportion",
            name="nominal_g",
            field=models.PositiveIntegerField(
                default=1,
                help_text="What a piece was sold as; a later change of the SKU changes no settlement.",
                verbose_name="sold as (g)",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="weighedportion",
            constraint=models.CheckConstraint(
                condition=models.Q(("nominal_g__gt", 0)),
                name="weighed_portion_was_sold_as_something",
                violation_error_message="A piece is sold as some weight.",
            ),
        ),
    ]
