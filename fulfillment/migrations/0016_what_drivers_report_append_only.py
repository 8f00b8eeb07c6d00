"""Every plan has its warehouse; what drivers and leaders report is added to, never changed."""

import django.db.models.deletion
from django.db import migrations, models

TRIGGERS = """
CREATE TRIGGER fulfillment_driverevent_append_only
    BEFORE UPDATE OR DELETE ON fulfillment_driverevent
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_driverevent_no_truncate
    BEFORE TRUNCATE ON fulfillment_driverevent
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_deliveryproof_append_only
    BEFORE UPDATE OR DELETE ON fulfillment_deliveryproof
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_deliveryproof_no_truncate
    BEFORE TRUNCATE ON fulfillment_deliveryproof
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_handovercount_append_only
    BEFORE UPDATE OR DELETE ON fulfillment_handovercount
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_handovercount_no_truncate
    BEFORE TRUNCATE ON fulfillment_handovercount
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_travelcalibration_append_only
    BEFORE UPDATE OR DELETE ON fulfillment_travelcalibration
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER fulfillment_travelcalibration_no_truncate
    BEFORE TRUNCATE ON fulfillment_travelcalibration
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

DROP_TRIGGERS = """
DROP TRIGGER fulfillment_driverevent_no_truncate ON fulfillment_driverevent;
DROP TRIGGER fulfillment_driverevent_append_only ON fulfillment_driverevent;
DROP TRIGGER fulfillment_deliveryproof_no_truncate ON fulfillment_deliveryproof;
DROP TRIGGER fulfillment_deliveryproof_append_only ON fulfillment_deliveryproof;
DROP TRIGGER fulfillment_handovercount_no_truncate ON fulfillment_handovercount;
DROP TRIGGER fulfillment_handovercount_append_only ON fulfillment_handovercount;
DROP TRIGGER fulfillment_travelcalibration_no_truncate ON fulfillment_travelcalibration;
DROP TRIGGER fulfillment_travelcalibration_append_only ON fulfillment_travelcalibration;
"""


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0015_plans_know_their_warehouse")]

    operations = [
        migrations.AlterField(
            model_name="deliveryrun",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delivery_runs",
                to="fulfillment.warehouse",
                verbose_name="warehouse",
            ),
        ),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
    ]
