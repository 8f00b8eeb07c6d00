"""Counting what arrives, and finding where it went."""

from django.urls import path, re_path

from fulfillment.views import batch_trace, receiving, receiving_counts

urlpatterns = [
    path("receiving/", receiving.board, name="receiving"),
    path("receiving/close/", receiving.close, name="receiving-close"),
    path("receiving/stray/", receiving_counts.stray, name="receiving-stray"),
    path("receiving/<int:pk>/", receiving.order_page, name="receiving-order"),
    path("receiving/<int:pk>/as-ordered/", receiving.as_ordered, name="receiving-as-ordered"),
    path("receiving/<int:pk>/sheet/", receiving.sheet, name="receiving-sheet"),
    path(
        "receiving/<int:pk>/lines/<int:line_pk>/",
        receiving_counts.line_page,
        name="receiving-line",
    ),
    path("receiving/counts/<int:pk>/correct/", receiving_counts.correct, name="receiving-correct"),
    path("receiving/counts/<int:pk>/photo/", receiving_counts.photo, name="receiving-photo"),
    path("trace/", batch_trace.trace, name="batch-trace"),
    re_path(r"^trace/file\.(?P<kind>csv|xlsx)$", batch_trace.trace_file, name="batch-trace-file"),
]
