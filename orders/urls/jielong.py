"""Group chains: paste, resolve, and the payment link of one entry."""

from django.urls import path

from orders.views import jielong, jielong_pay

urlpatterns = [
    path("leader/jielong/", jielong.chains, name="leader-jielong"),
    path("leader/jielong/<int:pk>/", jielong.chain, name="leader-jielong-import"),
    path("leader/jielong/<int:pk>/pay/", jielong.prepay, name="leader-jielong-prepay"),
    path("leader/jielong/rows/<int:pk>/", jielong.row, name="leader-jielong-row"),
    path("j/<str:token>/", jielong_pay.link, name="jielong-pay"),
]
