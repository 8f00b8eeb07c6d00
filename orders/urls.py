"""The residents' shop and what payment providers open and call."""

from django.urls import path

from orders.views import sandbox

urlpatterns = [
    path("pay/sandbox/<slug:out_trade_no>/", sandbox.pay, name="sandbox-pay"),
]
