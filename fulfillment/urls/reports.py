"""Key figures, league tables and files for the mail."""

from django.urls import path

from fulfillment.views import report_files, report_schedules, reports

urlpatterns = [
    path("", reports.kpis, name="reports"),
    path("skus/", reports.skus, name="report-skus"),
    path("leaders/", reports.leaders, name="report-leaders"),
    path("refunds/", reports.refunds, name="report-refunds"),
    path("delivery/", reports.delivery, name="report-delivery"),
    path("cohorts/", reports.resident_cohorts, name="report-cohorts"),
    path("areas/", reports.sales_areas, name="report-areas"),
    path("files/", report_files.files, name="report-files"),
    path("files/<int:pk>/", report_files.download, name="report-file"),
    path("schedules/", report_schedules.schedules, name="report-schedules"),
    path("schedules/<int:pk>/", report_schedules.schedule, name="report-schedule"),
    path("schedules/<int:pk>/switch/", report_schedules.switch, name="report-schedule-switch"),
]
