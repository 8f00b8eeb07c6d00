"""Exceptions and the end of the day."""

from django.urls import path

from fulfillment.views import day_close, exceptions

urlpatterns = [
    path("exceptions/", exceptions.case_list, name="exceptions"),
    path("exceptions/new/", exceptions.case_new, name="exception-new"),
    path("exceptions/decide/", exceptions.decide_stage, name="exceptions-decide"),
    path("exceptions/<int:pk>/", exceptions.case, name="exception"),
    path("exceptions/<int:pk>/photo/", exceptions.case_photo, name="exception-photo"),
    path("exceptions/<int:pk>/decide/", exceptions.decide, name="exception-decide"),
    path("exceptions/<int:pk>/reopen/", exceptions.reopen, name="exception-reopen"),
    path("exceptions/<int:pk>/claim/", exceptions.claim, name="exception-claim"),
    path("exceptions/<int:pk>/refund/", exceptions.refund, name="exception-refund"),
    path("day-close/", day_close.close, name="day-close"),
    path("day-close/print/", day_close.print_papers, name="day-close-print"),
    path("day-close/declare/", day_close.declare, name="count-declare"),
    path("day-close/declare/all/", day_close.declare_all, name="counts-declare"),
]
