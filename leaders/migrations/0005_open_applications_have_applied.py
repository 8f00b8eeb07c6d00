"""What was submitted before there were steps has applied: the next step is its documents."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("leaders", "0004_leaders_are_recruited")]

    operations = [
        migrations.RunSQL(
            "UPDATE leaders_leaderapplication SET state = 'applied' WHERE state = 'submitted'",
            "UPDATE leaders_leaderapplication SET state = 'submitted' WHERE state = 'applied'",
        )
    ]
