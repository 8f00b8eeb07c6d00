"""Log-in by phone and one-time code, in two steps that work without a script."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leaders.errors import DomainError
from leaders.http import client_ip, is_too_often
from leaders.models.leaders import Leader
from orders.forms import CodeForm, PhoneForm
from orders.http import (
    PHONE_KEY,
    ShopRequest,
    login_address,
    safe_next,
    session_begin,
    session_end,
    shop_of,
    shop_page,
    shop_remember,
)
from orders.models.legal import RuleKind
from orders.selectors.legal import rule_version_in_force
from orders.selectors.storefront import leader_by_code
from orders.services.login_codes import (
    login_code_check,
    login_code_hurry,
    login_code_send,
    login_code_shown,
)
from orders.services.residents import resident_log_in

AGREED_KEY = "login_agreed"
# From one address; a mobile operator puts many phones behind one.
CODES_PER_HOUR = 60
HOUR_S = 3600


@require_http_methods(["GET", "POST"])
@shop_page
def log_in(request: ShopRequest) -> HttpResponse:
    """Ask for the phone, send a code, take the code."""
    if request.resident is not None:
        return redirect(safe_next(request, reverse("resident-orders")))
    action = request.POST.get("action", "")
    if action == "check" and PHONE_KEY in request.session:
        return _check(request)
    if action == "send":
        return _send(request)
    if action == "other":
        request.session.pop(PHONE_KEY, None)
        return redirect(_address(request))
    return _page(request)


@require_POST
@shop_page
def log_out(request: ShopRequest) -> HttpResponse:
    """Log the resident out of this phone."""
    code = request.resident.leader.code if request.resident else shop_of(request.session)
    session_end(request.session)
    return redirect("shop", code) if code else redirect("resident-login")


def _send(request: ShopRequest) -> HttpResponse:
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, phone_form=form)
    now = timezone.now()
    phone = form.cleaned_data["phone"]
    if is_too_often("login", client_ip(request), most=CODES_PER_HOUR, period_s=HOUR_S):
        form.add_error(None, _("Too many codes were asked for from here. Please try again later."))
        return _page(request, phone_form=form)
    try:
        code = login_code_send(phone=phone, now=now)
    except DomainError as error:
        if request.session.get(PHONE_KEY) == phone:
            messages.warning(request, _(error.message))
            return redirect(_address(request))
        form.add_error("phone", _(error.message))
        return _page(request, phone_form=form)
    login_code_hurry(code=code, now=now)
    request.session[PHONE_KEY] = phone
    request.session[AGREED_KEY] = rule_version_in_force(RuleKind.PRIVACY, now)
    return redirect(_address(request))


def _check(request: ShopRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form)
    now = timezone.now()
    phone = str(request.session[PHONE_KEY])
    leader = _leader(request)
    try:
        login_code_check(phone=phone, code=form.cleaned_data["code"], now=now)
        resident = resident_log_in(
            phone=phone,
            leader=leader,
            now=now,
            privacy_version=str(request.session.get(AGREED_KEY, "")),
        )
    except DomainError as error:
        form.add_error("code", _(error.message))
        return _page(request, code_form=form)
    for key in (PHONE_KEY, AGREED_KEY):
        request.session.pop(key, None)
    session_begin(request.session, resident)
    shop_remember(request.session, resident.leader.code)
    return redirect(safe_next(request, reverse("shop", args=[resident.leader.code])))


def _page(
    request: ShopRequest,
    phone_form: PhoneForm | None = None,
    code_form: CodeForm | None = None,
) -> HttpResponse:
    phone = str(request.session.get(PHONE_KEY, ""))
    is_code_step = bool(phone) and phone_form is None
    context = {
        "leader": _leader(request),
        "phone": phone,
        "is_code_step": is_code_step,
        "shown_code": login_code_shown(phone) if is_code_step else None,
        "phone_form": phone_form or PhoneForm(),
        "code_form": code_form or CodeForm(),
        "next": safe_next(request, ""),
    }
    bad = (phone_form and phone_form.errors) or (code_form and code_form.errors)
    return render(request, "orders/me/login.html", context, status=422 if bad else 200)


def _leader(request: ShopRequest) -> Leader | None:
    """The leader by whose link somebody came."""
    code = request.POST.get("leader") or request.GET.get("leader") or shop_of(request.session)
    return leader_by_code(code) if code else None


def _address(request: ShopRequest) -> str:
    leader = _leader(request)
    return login_address(safe_next(request, ""), leader.code if leader else "")
