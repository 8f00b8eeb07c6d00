"""The dispatcher's pages."""

from django.urls import path

from fulfillment.api.views import delivery_run_plan
from fulfillment.views import delivery

urlpatterns = [
    path("routes/", delivery.route_plan_list, name="route-plan"),
    path("routes/<str:run_no>/", delivery.route_plan, name="route-plan-run"),
    path("api/delivery-runs/<str:run_no>/plan/", delivery_run_plan, name="api-delivery-run-plan"),
]
