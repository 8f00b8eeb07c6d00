"""Becoming a leader, without a log-in."""

from django.urls import path

from leaders.views import apply, apply_status

urlpatterns = [
    path("", apply.apply, name="apply"),
    path("done/", apply.apply_done, name="apply-done"),
    path("places/", apply.apply_places, name="apply-places"),
    path("landmarks/", apply.apply_landmarks, name="apply-landmarks"),
    path("<str:token>/", apply_status.status, name="apply-status"),
    path("<str:token>/documents/", apply_status.documents, name="apply-documents"),
    path("<str:token>/agreement/", apply_status.agreement, name="apply-agreement"),
    path("<str:token>/quiz/", apply_status.quiz, name="apply-quiz"),
    path("<str:token>/guide/", apply_status.guide, name="apply-guide"),
    path("<str:token>/checklist/", apply_status.checklist, name="apply-checklist"),
]
