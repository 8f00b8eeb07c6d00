"""The weigh station."""

from django.urls import path

from fulfillment.views import weighing

urlpatterns = [
    path("weighing/", weighing.board, name="weighing"),
    path("weighing/<int:pk>/", weighing.weigh_sku, name="weigh-sku"),
    path("weighing/<int:pk>/portion/", weighing.weigh_portion, name="weigh-portion"),
    path("weighing/<int:pk>/undo/", weighing.weigh_undo, name="weigh-undo"),
]
