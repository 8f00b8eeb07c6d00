"""The ledger refuses to be changed: rows may be added, nothing else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION orders_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct it with a new row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;
CREATE TRIGGER orders_transfer_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON orders_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER orders_pricelog_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON orders_pricelog
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER orders_demandline_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON orders_demandline
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
CREATE TRIGGER orders_demandsnapshot_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON orders_demandsnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""

BACKWARD = """
DROP TRIGGER orders_demandsnapshot_append_only ON orders_demandsnapshot;
DROP TRIGGER orders_demandline_append_only ON orders_demandline;
DROP TRIGGER orders_pricelog_append_only ON orders_pricelog;
DROP TRIGGER orders_transfer_append_only ON orders_transfer;
DROP FUNCTION orders_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
