"""The addresses of version 1 of the API, mounted at `/api/v1/`."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from orders.api import claims, orders, payments, profile, sessions, shop

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api-schema", template_name="orders/api_docs.html"
        ),
        name="api-docs",
    ),
    path("login-codes/", sessions.LoginCodes.as_view(), name="api-login-codes"),
    path("sessions/", sessions.Sessions.as_view(), name="api-sessions"),
    path("sessions/current/", sessions.CurrentSession.as_view(), name="api-session"),
    path("leaders/<str:code>/", shop.LeaderShop.as_view(), name="api-leader"),
    path("campaigns/<str:code>/offers/", shop.Catalogue.as_view(), name="api-offers"),
    path("orders/", orders.Orders.as_view(), name="api-orders"),
    path("orders/<str:order_no>/", orders.OrderDetail.as_view(), name="api-order"),
    path("orders/<str:order_no>/payments/", payments.Payments.as_view(), name="api-payments"),
    path("orders/<str:order_no>/payment/", payments.OrderPayment.as_view(), name="api-payment"),
    path("orders/<str:order_no>/cancel/", payments.OrderCancel.as_view(), name="api-order-cancel"),
    path("orders/<str:order_no>/claims/", claims.OrderClaims.as_view(), name="api-order-claims"),
    path("claims/", claims.Claims.as_view(), name="api-claims"),
    path("me/", profile.Me.as_view(), name="api-me"),
    path("subscriptions/", profile.Subscriptions.as_view(), name="api-subscriptions"),
]
