"""Labels on request."""

from django.urls import path

from fulfillment.views import labels

urlpatterns = [
    path("labels/", labels.labels, name="labels"),
    path("labels/sheet.pdf", labels.label_sheet, name="label-sheet"),
]
