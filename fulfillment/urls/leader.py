"""The leader's pages."""

from django.urls import path

from fulfillment.views import arrivals, dashboard, hand_out, leader_money, leader_orders

urlpatterns = [
    path("", dashboard.home, name="leader-home"),
    path("more/", dashboard.more, name="leader-more"),
    path("orders/", leader_orders.order_list, name="leader-orders"),
    path("orders/<int:pk>/", leader_orders.order_page, name="leader-order"),
    path("hand-out/", hand_out.hand_out, name="leader-hand-out"),
    path("hand-out/points/<int:pk>/", arrivals.arrival, name="leader-arrival"),
    path("shortages/", leader_money.shortages, name="leader-shortages"),
    path("commission/", leader_money.commission, name="leader-commission"),
]
