"""A first word to the resident while a claim is looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0015_paid_orders_keep_their_rule"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="replied_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="replied at"),
        ),
        migrations.AddField(
            model_name="claim",
            name="reply",
            field=models.CharField(
                blank=True,
                help_text="What the service desk says before it decides.",
                max_length=200,
                verbose_name="first word to the resident",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replied_at__isnull", True), ("reply", "")),
                    models.Q(models.Q(("reply", ""), _negated=True), ("replied_at__isnull", False)),
                    _connector="OR",
                ),
                name="claim_reply_has_moment",
                violation_error_message="A word to the resident carries the moment.",
            ),
        ),
    ]
