"""The recruiter's pages."""

from django.urls import path

from leaders.views import recruiting

urlpatterns = [
    path("", recruiting.board, name="recruiting"),
]
