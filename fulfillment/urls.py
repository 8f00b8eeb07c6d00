"""Pages of the day: the leader's, the warehouse's and the dispatcher's."""

from django.urls import path

from fulfillment.api.views import delivery_run_plan
from fulfillment.views import (
    arrivals,
    dashboard,
    delivery,
    hand_out,
    leader_money,
    leader_orders,
    paper_codes,
    papers,
    warehouse,
)

leader_pages = [
    path("leader/", dashboard.home, name="leader-home"),
    path("leader/orders/", leader_orders.order_list, name="leader-orders"),
    path("leader/orders/<int:pk>/", leader_orders.order_page, name="leader-order"),
    path("leader/hand-out/", hand_out.hand_out, name="leader-hand-out"),
    path("leader/hand-out/points/<int:pk>/", arrivals.arrival, name="leader-arrival"),
    path("leader/shortages/", leader_money.shortages, name="leader-shortages"),
    path("leader/commission/", leader_money.commission, name="leader-commission"),
]

warehouse_pages = [
    path("papers/", warehouse.print_centre, name="print-centre"),
    path("papers/progress/<str:code>/", warehouse.progress, name="run-progress"),
    path("papers/pack/<str:code>/<str:pack>.zip", papers.pack_download, name="pack-download"),
    path("papers/<int:pk>.pdf", papers.paper_download, name="paper-download"),
    path("c/<str:code>", paper_codes.paper_code, name="paper-code"),
]

dispatcher_pages = [
    path("routes/", delivery.route_plan_list, name="route-plan"),
    path("routes/<str:run_no>/", delivery.route_plan, name="route-plan-run"),
    path("api/delivery-runs/<str:run_no>/plan/", delivery_run_plan, name="api-delivery-run-plan"),
]

urlpatterns = [*leader_pages, *warehouse_pages, *dispatcher_pages]
