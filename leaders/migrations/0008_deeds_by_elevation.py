from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The log of deeds is written all day; its index is made beside the writers.
    atomic = False

    dependencies = [
        ("leaders", "0007_access_is_guarded"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("elevation__isnull", False)),
                fields=["elevation"],
                name="audit_by_elevation",
            ),
        ),
    ]
