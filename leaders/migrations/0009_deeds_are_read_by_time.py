from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The log of deeds is written all day; its indexes are made beside the writers.
    atomic = False

    dependencies = [
        ("leaders", "0008_deeds_by_elevation"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["-at", "-id"], name="audit_by_time"),
        ),
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["actor", "-at", "-id"], name="audit_by_actor"),
        ),
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["object_type", "-at", "-id"], name="audit_by_kind"),
        ),
    ]
