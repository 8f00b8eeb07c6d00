"""`advance` asks every few seconds which held commission falls due; most never is."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("fulfillment", "0002_relations")]

    operations = [
        AddIndexConcurrently(
            model_name="commissionentry",
            index=models.Index(
                condition=models.Q(("state", "held")),
                fields=["hold_until"],
                name="commission_held_by_until",
            ),
        ),
    ]
