"""What was done, by whom, and why."""

from django.urls import path

from fulfillment.views import audit

urlpatterns = [
    path("", audit.log, name="audit-log"),
    path("export/", audit.export, name="audit-export"),
]
