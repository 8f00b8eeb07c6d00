"""Plans made before there were several warehouses belong to the one of their run."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def fill_warehouse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    runs = apps.get_model("fulfillment", "CutoffRun").objects.filter(pk=OuterRef("cutoff_run"))
    apps.get_model("fulfillment", "DeliveryRun").objects.update(
        warehouse=Subquery(runs.values("warehouse")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0014_plans_drivers_and_handovers")]

    operations = [migrations.RunPython(fill_warehouse, migrations.RunPython.noop)]
