"""Key figures, league tables and files for the mail."""

from django.urls import path

from fulfillment.views import reports

urlpatterns = [
    path("", reports.kpis, name="reports"),
    path("skus/", reports.skus, name="report-skus"),
    path("leaders/", reports.leaders, name="report-leaders"),
    path("refunds/", reports.refunds, name="report-refunds"),
    path("delivery/", reports.delivery, name="report-delivery"),
    path("cohorts/", reports.resident_cohorts, name="report-cohorts"),
    path("areas/", reports.sales_areas, name="report-areas"),
]
