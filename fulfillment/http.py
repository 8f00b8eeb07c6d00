"""Who may open the pages of a night, and which night it is."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.selectors.runs import runs_newest_first
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


class NightRequest(UserRequest):
    """A request about one night; `run` is the cut-off run of the campaign in the address."""

    run: CutoffRun


P = ParamSpec("P")
NightView = Callable[Concatenate[NightRequest, P], HttpResponseBase]
NightRoute = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def night_page(*roles: Role) -> Callable[[NightView[P]], NightRoute[P]]:
    """Open a view of `/warehouse/<campaign code>/…` to the warehouse and to these roles."""

    def decorate(view: NightView[P]) -> NightRoute[P]:
        @role_required(Role.WAREHOUSE, *roles)
        @wraps(view)
        def guarded(
            request: UserRequest, /, code: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            night_request = cast(NightRequest, request)
            night_request.run = get_object_or_404(runs_newest_first(), campaign__code=code)
            return view(night_request, *args, **kwargs)

        return cast(NightRoute[P], guarded)

    return decorate
