"""Who may call which part of the API."""

from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.views import APIView

from leaders.models.accounts import Role, User
from leaders.selectors.leaders import leader_of_user

ON_THE_ROAD = (Role.DRIVER, Role.DISPATCHER, Role.WAREHOUSE)


class IsDispatcher(BasePermission):
    """Dispatchers and superusers."""

    def has_permission(self, request: HttpRequest, view: APIView) -> bool:
        """The role decides, not the staff flag."""
        user = request.user
        return isinstance(user, User) and (user.is_superuser or user.role == Role.DISPATCHER)


class IsOnTheRoad(BasePermission):
    """Drivers, the staff who help them, and superusers."""

    def has_permission(self, request: HttpRequest, view: APIView) -> bool:
        """Which trips they may touch is asked trip by trip."""
        user = request.user
        return isinstance(user, User) and (user.is_superuser or user.role in ON_THE_ROAD)


class IsLeader(BasePermission):
    """Log-ins that belong to a leader."""

    def has_permission(self, request: HttpRequest, view: APIView) -> bool:
        """The role and the leader behind the log-in decide."""
        user = request.user
        return (
            isinstance(user, User)
            and (user.is_superuser or user.role == Role.LEADER)
            and leader_of_user(user) is not None
        )
