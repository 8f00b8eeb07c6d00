"""The resident's own page about their data: see, take along, correct, restrict, erase."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fulfillment.forms.persons import EraseForm, NewPhoneCodeForm, NewPhoneForm
from fulfillment.services.person_export import person_copy
from leaders.errors import DomainError
from leaders.http import client_ip, is_too_often
from orders.http import NEW_PHONE_KEY, ResidentRequest, resident_page
from orders.models.personal_data import PersonRequestKind
from orders.selectors.persons import open_matters, requests_of, rows_of_person
from orders.services.login_codes import login_code_check, login_code_hurry, login_code_send
from orders.services.personal_data import (
    person_phone_change,
    person_request_handle,
    person_request_open,
    person_restrict,
    person_restriction_lift,
)

CODES_PER_HOUR = 10
COPIES_PER_HOUR = 10
HOUR_S = 3600


@require_http_methods(["GET", "POST"])
@resident_page
def data(request: ResidentRequest) -> HttpResponseBase:
    """What is known and what can be asked for; every button is one request."""
    actions: dict[str, Callable[[ResidentRequest], HttpResponseBase]] = {
        "export": _export,
        "restrict": _restrict,
        "lift": _lift,
        "erase": _erase,
    }
    action = actions.get(request.POST.get("action", ""))
    if action is None:
        return _page(request)
    try:
        return action(request)
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect("resident-data")


@require_http_methods(["GET", "POST"])
@resident_page
def phone(request: ResidentRequest) -> HttpResponse:
    """Another phone, proved by a code in two steps."""
    number = str(request.session.get(NEW_PHONE_KEY, ""))
    if request.POST.get("action") == "check" and number:
        return _phone_check(request, number)
    if request.POST.get("action") == "send":
        return _phone_send(request)
    if request.POST.get("action") == "other":
        request.session.pop(NEW_PHONE_KEY, None)
    return _phone_page(request)


def _export(request: ResidentRequest) -> HttpResponseBase:
    now = timezone.now()
    who = str(request.resident.pk)
    if is_too_often("copy", who, most=COPIES_PER_HOUR, period_s=HOUR_S):
        messages.warning(request, _("You have just taken copies. Please try again later."))
        return redirect("resident-data")
    asked = person_request_open(resident=request.resident, kind=PersonRequestKind.EXPORT, now=now)
    copy = person_copy(request=asked, actor=None, now=now)
    response = StreamingHttpResponse(copy, content_type="application/zip")
    name = f"data-{timezone.localdate(now):%Y%m%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _restrict(request: ResidentRequest) -> HttpResponseBase:
    now = timezone.now()
    asked = person_request_open(resident=request.resident, kind=PersonRequestKind.RESTRICT, now=now)
    person_restrict(resident=request.resident, actor=None, now=now)
    person_request_handle(request=asked, actor=None, now=now)
    messages.success(request, _("Your data are kept and used for nothing until you say otherwise."))
    return redirect("resident-data")


def _lift(request: ResidentRequest) -> HttpResponseBase:
    person_restriction_lift(resident=request.resident, actor=None, now=timezone.now())
    messages.success(request, _("You can order again."))
    return redirect("resident-data")


def _erase(request: ResidentRequest) -> HttpResponseBase:
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    person_request_open(resident=request.resident, kind=PersonRequestKind.ERASE, now=timezone.now())
    messages.success(request, _("We have it. You hear from us within 15 days."))
    return redirect("resident-data")


def _page(request: ResidentRequest, form: EraseForm | None = None) -> HttpResponse:
    resident = request.resident
    rows = list(rows_of_person(resident))
    asked = list(requests_of(resident)[:10])
    context = {
        "leader": resident.leader,
        "resident": resident,
        "requests": asked,
        "is_erasure_open": any(
            row.kind == PersonRequestKind.ERASE and row.handled_at is None for row in asked
        ),
        "matters": open_matters([row.pk for row in rows], [resident.phone]),
        "form": form or EraseForm(),
    }
    status = 422 if form is not None else 200
    return render(request, "fulfillment/persons/data.html", context, status=status)


def _phone_send(request: ResidentRequest) -> HttpResponse:
    form = NewPhoneForm(request.POST)
    if not form.is_valid():
        return _phone_page(request, phone_form=form)
    if is_too_often("new-phone", client_ip(request), most=CODES_PER_HOUR, period_s=HOUR_S):
        form.add_error(None, _("Too many codes were asked for from here. Please try again later."))
        return _phone_page(request, phone_form=form)
    now = timezone.now()
    try:
        code = login_code_send(phone=form.cleaned_data["phone"], now=now)
    except DomainError as error:
        form.add_error("phone", _(error.message))
        return _phone_page(request, phone_form=form)
    login_code_hurry(code=code, now=now)
    request.session[NEW_PHONE_KEY] = form.cleaned_data["phone"]
    return redirect("resident-data-phone")


def _phone_check(request: ResidentRequest, number: str) -> HttpResponse:
    form = NewPhoneCodeForm(request.POST)
    if not form.is_valid():
        return _phone_page(request, code_form=form)
    now = timezone.now()
    try:
        login_code_check(phone=number, code=form.cleaned_data["code"], now=now)
        person_phone_change(resident=request.resident, phone=number, now=now)
    except DomainError as error:
        form.add_error("code", _(error.message))
        return _phone_page(request, code_form=form)
    request.session.pop(NEW_PHONE_KEY, None)
    messages.success(request, _("From now on you log in with the new number."))
    return redirect("resident-data")


def _phone_page(
    request: ResidentRequest,
    phone_form: NewPhoneForm | None = None,
    code_form: NewPhoneCodeForm | None = None,
) -> HttpResponse:
    number = str(request.session.get(NEW_PHONE_KEY, ""))
    context = {
        "leader": request.resident.leader,
        "number": "" if phone_form else number,
        "phone_form": phone_form or NewPhoneForm(),
        "code_form": code_form or NewPhoneCodeForm(),
    }
    status = 422 if phone_form or code_form else 200
    return render(request, "fulfillment/persons/phone.html", context, status=status)
