"""A leader's sales, levels, and who sells how much of it all."""

from django.urls import path

from fulfillment.views import concentration, leader_sales, levels

urlpatterns = [
    path("leader/sales/", leader_sales.sales, name="leader-sales"),
    path("leader/unpaid/", leader_sales.unpaid, name="leader-unpaid"),
    path("leader/level/", levels.level, name="leader-level"),
    path("concentration/", concentration.concentration, name="concentration"),
]
