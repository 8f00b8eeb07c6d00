"""Who may call which part of the API."""

from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.views import APIView

from leaders.models.accounts import Role, User


class IsDispatcher(BasePermission):
    """Dispatchers and superusers."""

    def has_permission(self, request: HttpRequest, view: APIView) -> bool:
        """The role decides, not the staff flag."""
        user = request.user
        return isinstance(user, User) and (user.is_superuser or user.role == Role.DISPATCHER)
