"""Who calls the API: the resident whose bearer token comes with the request."""

from dataclasses import dataclass
from typing import ClassVar, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from orders.models.residents import Resident
from orders.selectors.resident_tokens import TokenHolder, token_holder

SCHEME = "Bearer"


@dataclass(frozen=True, slots=True)
class ResidentPrincipal:
    """What `request.user` is in the API: a resident, and no log-in of staff."""

    holder: TokenHolder
    is_authenticated: ClassVar[bool] = True

    @property
    def pk(self) -> str:
        """By this the throttles tell callers apart."""
        return f"resident:{self.holder.resident_id}"


class ResidentAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`; one query, no session, no cookie."""

    def authenticate(self, request: Request) -> tuple[ResidentPrincipal, str] | None:
        """Return the caller, or None when no token came; a bad token is refused."""
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        holder = token_holder(token=token.strip(), now=timezone.now())
        if holder is None:
            raise AuthenticationFailed(_("This token is not valid any more. Please log in again."))
        return ResidentPrincipal(holder), token

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing or bad token a 401 and not a 403."""
        return SCHEME


def caller_row(request: Request) -> Resident:
    """The caller as a row to filter by, without a query; only what the token told is in it."""
    holder = caller(request)
    return Resident(pk=holder.resident_id, leader_id=holder.leader_id, phone=holder.phone)


def caller(request: Request) -> TokenHolder:
    """The resident who calls; only for endpoints that ask for one."""
    return cast(ResidentPrincipal, request.user).holder
