"""Pages of the day and of the night, one module per desk."""

from django.urls import include, path

NIGHT = "warehouse/<str:code>/"

urlpatterns = [
    path("leader/", include("fulfillment.urls.leader")),
    path("leader/", include("fulfillment.urls.absence")),
    path("", include("fulfillment.urls.papers")),
    path("", include("fulfillment.urls.delivery")),
    path("routes/", include("fulfillment.urls.dispatch")),
    path("drive/", include("fulfillment.urls.driver")),
    path("", include("fulfillment.urls.handover")),
    path("", include("fulfillment.urls.pickups")),
    path("leader/kit/", include("fulfillment.urls.kit")),
    path("leader/customers/", include("fulfillment.urls.customers")),
    path("", include("fulfillment.urls.after_sales")),
    path("", include("fulfillment.urls.settlement")),
    path("", include("fulfillment.urls.levels")),
    path("recruiting/", include("fulfillment.urls.care")),
    path("countersignatures/", include("fulfillment.urls.countersignatures")),
    path("audit/", include("fulfillment.urls.audit")),
    path("workbench/", include("fulfillment.urls.workbench")),
    path("workbench/", include("fulfillment.urls.demand")),
    path("reports/", include("fulfillment.urls.reports")),
    path("compliance/", include("fulfillment.urls.compliance")),
    path("compliance/recalls/", include("fulfillment.urls.recalls")),
    path("me/data/", include("fulfillment.urls.resident_data")),
    path("po/", include("fulfillment.urls.supplier_link")),
    path("", include("fulfillment.urls.night")),
    path(NIGHT, include("fulfillment.urls.receiving")),
    path(NIGHT, include("fulfillment.urls.shortages")),
    path(NIGHT, include("fulfillment.urls.sorting")),
    path(NIGHT, include("fulfillment.urls.weighing")),
    path(NIGHT, include("fulfillment.urls.loading")),
    path(NIGHT, include("fulfillment.urls.exceptions")),
    path(NIGHT, include("fulfillment.urls.labels")),
]
