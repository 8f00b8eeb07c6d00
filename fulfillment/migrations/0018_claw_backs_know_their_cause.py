"""A claw-back of before is of all refunds of its line together; the next ones name their own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0017_leaders_are_settled")]

    operations = [
        migrations.RunSQL(
            "UPDATE fulfillment_commissionentry SET cause = 'together' WHERE kind = 'clawback'",
            "UPDATE fulfillment_commissionentry SET cause = '' WHERE kind = 'clawback'",
        )
    ]
