"""Who may call which part of the API."""

from django.http import HttpRequest
from rest_framework.permissions import BasePermission
from rest_framework.views import APIView

from leaders.http import leader_handing_out
from leaders.models.accounts import Role, User
from leaders.selectors.access import has_role

ON_THE_ROAD = (Role.DRIVER, Role.DISPATCHER, Role.WAREHOUSE)


class IsDispatcher(BasePermission):
    """Dispatchers and superusers."""

    def has_permission(self, request: HttpRequest, view: APIView) -> bool:
        """The role decides, not the staff flag."""
        user = request.user
        return isinstance(user, User) and has_role(user, Role.DISPATCHER)


class IsOnTheRoad(BasePermission):
    """Drivers, the staff who help them, and superusers."""

    def has_permission(self, request: HttpRequest, view: APIView) -> bool:
        """Which trips they may touch is asked trip by trip."""
        user = request.user
        return isinstance(user, User) and has_role(user, *ON_THE_ROAD)


class HandsOut(BasePermission):
    """Log-ins of leaders, and of those who hand out goods for one."""

    def has_permission(self, request: HttpRequest, view: APIView) -> bool:
        """The role and the leader behind the log-in decide."""
        user = request.user
        return (
            isinstance(user, User)
            and has_role(user, Role.LEADER, Role.HELPER)
            and leader_handing_out(user) is not None
        )
