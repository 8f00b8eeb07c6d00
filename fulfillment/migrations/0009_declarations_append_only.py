"""Who said that a count was never made is added to, never changed."""

from django.db import migrations

TRIGGERS = """
CREATE TRIGGER fulfillment_unrecordedcount_append_only
    BEFORE UPDATE OR DELETE ON fulfillment_unrecordedcount
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_unrecordedcount_no_truncate
    BEFORE TRUNCATE ON fulfillment_unrecordedcount
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

DROP_TRIGGERS = """
DROP TRIGGER fulfillment_unrecordedcount_no_truncate ON fulfillment_unrecordedcount;
DROP TRIGGER fulfillment_unrecordedcount_append_only ON fulfillment_unrecordedcount;
"""


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0008_counts_not_recorded")]

    operations = [migrations.RunSQL(TRIGGERS, DROP_TRIGGERS)]
