"""Statements, payouts and the trace of a fen."""

from django.urls import path

from fulfillment.views import settlement_desk

urlpatterns = [
    path("settlement/", settlement_desk.desk, name="settlement-desk"),
]
