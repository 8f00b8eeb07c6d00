"""The leader's own customers."""

from django.urls import path

from fulfillment.views import customers

urlpatterns = [
    path("", customers.customer_list, name="leader-customers"),
    path("phones/", customers.phones, name="leader-phones-opened"),
    path("phones/<int:order_id>/open/", customers.phone, name="leader-phone-open"),
    path("export/", customers.export, name="leader-export"),
]
