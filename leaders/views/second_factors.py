"""Second factors of staff: set up once, shown once in every session."""

import base64
import binascii

import django_otp
import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.models import Device

from leaders.domain.role_permissions import STAFF_ROLES
from leaders.errors import SecondFactorRefused
from leaders.forms.access import FactorForm
from leaders.http import UserRequest, is_verified, role_required
from leaders.models.accounts import Role
from leaders.selectors.second_factors import phone_factor_of, recovery_codes_left
from leaders.services.second_factors import (
    factor_begin,
    factor_confirm,
    factor_verify,
    recovery_codes_make,
)

FACTOR_ROLES = tuple(Role(role) for role in sorted(STAFF_ROLES))
NEXT = "next"


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@role_required(*FACTOR_ROLES)
def totp(request: UserRequest) -> HttpResponse:
    """Set a phone up; where one is, tell how many codes on paper are left, and make new ones."""
    if phone_factor_of(request.user) is not None:
        return _is_set_up(request)
    form = FactorForm(request.POST or None)
    if form.is_valid():
        try:
            device, codes = factor_confirm(
                user=request.user, code=form.cleaned_data["code"], now=timezone.now()
            )
        except SecondFactorRefused as error:
            form.add_error("code", _(error.message))
        else:
            _remember(request, device)
            return _codes(request, codes)
    device = factor_begin(user=request.user)
    address = device.config_url
    context = {
        "form": form,
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=2),
        "secret": _spoken(device.key),
        "next": request.GET.get(NEXT, ""),
    }
    return render(
        request, "leaders/access/totp.html", context, status=422 if form.is_bound else 200
    )


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@role_required(*FACTOR_ROLES)
def totp_verify(request: UserRequest) -> HttpResponse:
    """Show a code of the phone or of the paper; then `?next=` goes on."""
    if phone_factor_of(request.user) is None:
        return redirect("access-totp")
    form = FactorForm(request.POST or None)
    if form.is_valid():
        try:
            device = factor_verify(
                user=request.user, code=form.cleaned_data["code"], now=timezone.now()
            )
        except SecondFactorRefused as error:
            form.add_error("code", _(error.message))
        else:
            _remember(request, device)
            return redirect(_next(request))
    context = {"form": form, "next": request.GET.get(NEXT, "")}
    return render(
        request, "leaders/access/verify.html", context, status=422 if form.is_bound else 200
    )


def _is_set_up(request: UserRequest) -> HttpResponse:
    if not is_verified(request.user):
        return redirect("access-totp-verify")
    if request.method == "POST":
        return _codes(request, recovery_codes_make(user=request.user, now=timezone.now()))
    context = {"left": recovery_codes_left(request.user)}
    return render(request, "leaders/access/totp_done.html", context)


def _codes(request: UserRequest, codes: tuple[str, ...]) -> HttpResponse:
    """The page with the codes for paper, which stand on it this once."""
    messages.success(request, _("Your second factor is set up."))
    context = {"codes": codes, "next": _next(request)}
    return render(request, "leaders/access/recovery_codes.html", context)


def _remember(request: UserRequest, device: Device) -> None:
    """This session has shown it; it gets a new key, so that nobody who knew the old one has."""
    django_otp.login(request, device)
    request.session.cycle_key()


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get(NEXT, "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"


def _spoken(key: str) -> str:
    """The secret as apps take it typed: Base32 in groups of four."""
    text = base64.b32encode(binascii.unhexlify(key)).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
