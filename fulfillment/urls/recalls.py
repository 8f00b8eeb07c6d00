"""Goods that are called back."""

from django.urls import path

from fulfillment.views import recalls

urlpatterns = [
    path("", recalls.recalls, name="recalls"),
    path("start/", recalls.start, name="recall-start"),
    path("<int:pk>/", recalls.recall, name="recall"),
    path("<int:pk>/returned/", recalls.returned, name="recall-returned"),
    path("<int:pk>/phone/", recalls.phone, name="recall-phone"),
    path("<int:pk>/close/", recalls.close, name="recall-close"),
    path("<int:pk>/list.xlsx", recalls.recall_file, name="recall-file"),
]
