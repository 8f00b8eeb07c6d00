"""The residents' shop and what payment providers open and call."""

from django.urls import include, path

from orders.views import sandbox

urlpatterns = [
    path("api/v1/", include("orders.api.urls")),
    path("pay/sandbox/<slug:out_trade_no>/", sandbox.pay, name="sandbox-pay"),
]
