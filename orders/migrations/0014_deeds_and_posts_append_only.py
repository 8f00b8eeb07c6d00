"""What people did, agreed to and posted is added to, never changed."""

from django.db import migrations

TABLES = (
    "leaders_agreementconsent",
    "leaders_auditevent",
    "leaders_quizattempt",
    "orders_post",
)

TRIGGERS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

DROP_TRIGGERS = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_append_only ON {table};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("leaders", "0006_applications_keep_their_steps"),
        ("orders", "0013_chains_posts_and_better_claims"),
    ]

    operations = [
        migrations.RunSQL(TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
        for table in TABLES
    ]
