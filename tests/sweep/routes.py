"""Every address of the platform with the roles it opens to.

An address belongs to the first rule whose pattern it matches. What matches
none is an error of the sweep: whoever adds a page says here whose it is.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from leaders.domain.role_permissions import STAFF_ROLES
from leaders.models.accounts import Role

# Who asks, beside the roles of log-ins.
STRANGER = "stranger"
RESIDENT = "resident"
EVERYBODY = frozenset({STRANGER, RESIDENT, *Role.values})
STAFF = frozenset(Role.values)

_OFFICE = frozenset({Role.WAREHOUSE, Role.DISPATCHER, Role.BUYER})
_DOCK = frozenset({Role.WAREHOUSE, Role.BUYER, Role.RECEIVER})
_SORTING = frozenset({Role.WAREHOUSE, Role.SORTER})
_RULES: tuple[tuple[str, frozenset[str]], ...] = (
    # Shops, log-ins, recruitment, and what carries a token of its own.
    (r"^$|^(login|logout|password|apply|g|s|j|media|rules|licences|po|pay)/", EVERYBODY),
    (r"^me/(login|logout)/", EVERYBODY),
    # For machines: no person's things, and the figures only for who brings the token.
    (r"^(healthz|readyz|metrics)$", EVERYBODY),
    (r"^api/v1/", EVERYBODY),
    (r"^api/delivery-runs/", frozenset({Role.DISPATCHER})),
    (r"^me/", frozenset({RESIDENT})),
    (r"^leader/statements/<str:no>/", frozenset({Role.LEADER, Role.FINANCE})),
    (r"^leader/pickups/", frozenset({Role.LEADER, Role.HELPER})),
    (r"^leader/", frozenset({Role.LEADER})),
    (r"^recruiting/", frozenset({Role.RECRUITER})),
    (r"^service/", frozenset({Role.SERVICE})),
    (r"^settlement/lines/", frozenset({Role.LEADER, Role.FINANCE})),
    (r"^settlement/", frozenset({Role.FINANCE})),
    (r"^concentration/", frozenset({Role.BUYER})),
    (r"^access/totp/", STAFF_ROLES),
    (r"^access/elevation/", frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE})),
    (r"^countersignatures/freeze/", frozenset({Role.BUYER})),
    (r"^countersignatures/adjustment/", frozenset({Role.FINANCE})),
    (r"^countersignatures/", frozenset({Role.BUYER, Role.SERVICE, Role.FINANCE})),
    (r"^audit/", frozenset({Role.FINANCE, Role.COMPLIANCE, Role.ADMINISTRATOR})),
    (r"^workbench/price-evidence/", frozenset({Role.BUYER, Role.COMPLIANCE})),
    (r"^workbench/", frozenset({Role.BUYER})),
    (r"^reports/", frozenset({Role.BUYER, Role.FINANCE, Role.COMPLIANCE})),
    (r"^compliance/", frozenset({Role.COMPLIANCE})),
    (r"^routes/", frozenset({Role.DISPATCHER})),
    (r"^drive/sw\.js", EVERYBODY),
    (r"^drive/", frozenset({Role.DRIVER, Role.DISPATCHER, Role.WAREHOUSE})),
    (r"^papers/<int:pk>\.pdf", STAFF),
    (r"^c/", STAFF),
    (r"^papers/", _OFFICE),
    (r"^deliveries/<int:pk>/proof\.pdf", frozenset({Role.LEADER, *_OFFICE})),
    # Leaders print the labels of their own households.
    (r"^warehouse/<str:code>/labels/", frozenset({Role.LEADER, Role.RECEIVER, *_SORTING})),
    (r"^warehouse/(<str:code>/)?$", _OFFICE | _DOCK | _SORTING),
    (r"^warehouse/<str:code>/receiving/close/", _DOCK - {Role.RECEIVER}),
    (r"^warehouse/<str:code>/receiving/", _DOCK),
    (r"^warehouse/<str:code>/sorting/slots/", _SORTING | {Role.RECEIVER}),
    (r"^warehouse/<str:code>/sorting/.+/method/", _SORTING - {Role.SORTER}),
    (r"^warehouse/<str:code>/(sorting|weighing)/", _SORTING),
    (r"^warehouse/<str:code>/totes/tote/", frozenset({Role.WAREHOUSE})),
    (r"^warehouse/<str:code>/totes/", _SORTING | {Role.DISPATCHER}),
    (r"^warehouse/", _OFFICE),
)


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its name, its pattern and the names of what it is called with."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def opens_to(self) -> frozenset[str]:
        """The roles that may see it; raises `LookupError` if nobody has said."""
        for pattern, roles in _RULES:
            if re.match(pattern, self.pattern):
                return roles
        raise LookupError(f"no rule says who may open {self.pattern}")


def every_route() -> list[Route]:
    """All addresses but the admin's, which asks for permissions by model."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from _walk(entry, pattern)
        elif isinstance(entry, URLPattern):
            names = tuple(entry.pattern.regex.groupindex)
            before = tuple(re.findall(r"<(?:\w+:)?(\w+)>", prefix))
            arguments = tuple(dict.fromkeys((*before, *names)))
            yield Route(str(entry.name), pattern, arguments, entry.callback)
