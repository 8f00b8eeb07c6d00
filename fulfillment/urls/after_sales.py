"""Claims: the leader's word and the service desk."""

from django.urls import path

from fulfillment.views import service_claims

urlpatterns = [
    path("service/claims/", service_claims.board, name="service-claims"),
]
