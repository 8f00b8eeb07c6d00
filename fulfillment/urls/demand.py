"""What will be needed, and how those did who bring it."""

from django.urls import path

from fulfillment.views import demand_forecast, supplier_board

urlpatterns = [
    path("forecast/", demand_forecast.forecast, name="workbench-forecast"),
    path("suppliers/", supplier_board.suppliers, name="workbench-suppliers"),
]
