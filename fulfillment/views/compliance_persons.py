"""Requests about personal data at the compliance desk: by due date, one by one, answered."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.persons import AnswerRequestForm, CorrectionForm, TakeDownForm
from fulfillment.services.person_export import person_copy
from fulfillment.services.persons import person_forget, person_request_do
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from orders.http import NEW_PHONE_KEY, PHONE_KEY, RESIDENT_KEY
from orders.models.personal_data import PersonRequest, PersonRequestKind
from orders.models.residents import Resident
from orders.selectors.persons import (
    open_matters,
    requests_answered,
    requests_open,
    residents_found,
    rows_of_person,
)
from orders.services.person_erasure import sessions_forget
from orders.services.personal_data import (
    person_correct,
    person_request_handle,
    person_request_open,
)

ANSWERED_SHOWN = 50


@require_GET
@role_required(Role.COMPLIANCE)
def persons(request: UserRequest) -> HttpResponse:
    """What waits, the earliest due first; `?q=` finds somebody who wrote or called."""
    query = request.GET.get("q", "").strip()
    context = {
        "waiting": requests_open(),
        "answered": requests_answered()[:ANSWERED_SHOWN],
        "query": query,
        "found": residents_found(query),
        "kinds": PersonRequestKind.choices,
        "now": timezone.now(),
    }
    return render(request, "fulfillment/persons/desk.html", context)


@require_POST
@role_required(Role.COMPLIANCE)
def take_down(request: UserRequest) -> HttpResponse:
    """Write down what somebody asks by letter or telephone."""
    form = TakeDownForm(request.POST)
    if not form.is_valid():
        raise Http404
    resident = get_object_or_404(Resident, pk=form.cleaned_data["resident"])
    try:
        asked = person_request_open(
            resident=resident,
            kind=PersonRequestKind(form.cleaned_data["kind"]),
            now=timezone.now(),
            actor=request.user,
        )
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect("compliance-persons")
    return redirect("compliance-person", asked.pk)


@require_GET
@role_required(Role.COMPLIANCE)
def person(request: UserRequest, pk: int) -> HttpResponse:
    """One request: who asks, what is still open, and the answer."""
    return _page(request, _asked(pk))


@require_POST
@role_required(Role.COMPLIANCE)
def answer(request: UserRequest, pk: int) -> HttpResponseBase:
    """Do what is asked, or refuse it with a word; a copy is downloaded to be handed over."""
    asked = _asked(pk)
    actions: dict[str, Callable[[UserRequest, PersonRequest], HttpResponseBase]] = {
        "refuse": _refuse,
        PersonRequestKind.EXPORT: _export,
        PersonRequestKind.CORRECT: _correct,
        PersonRequestKind.RESTRICT: _restrict,
        PersonRequestKind.ERASE: _erase,
    }
    action = "refuse" if request.POST.get("action") == "refuse" else asked.kind
    try:
        return actions[action](request, asked)
    except DomainError as error:
        messages.warning(request, _(error.message))
        return redirect("compliance-person", asked.pk)


def _refuse(request: UserRequest, asked: PersonRequest) -> HttpResponse:
    person_request_handle(
        request=asked,
        actor=request.user,
        now=timezone.now(),
        outcome=_outcome(request),
        is_refused=True,
    )
    return _done(request)


def _export(request: UserRequest, asked: PersonRequest) -> HttpResponseBase:
    copy = person_copy(request=asked, actor=request.user, now=timezone.now())
    response = StreamingHttpResponse(copy, content_type="application/zip")
    name = f"data-{asked.resident.code}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _correct(request: UserRequest, asked: PersonRequest) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    now = timezone.now()
    person_correct(resident=asked.resident, words=form.cleaned_data, actor=request.user, now=now)
    person_request_handle(request=asked, actor=request.user, now=now, outcome=_outcome(request))
    return _done(request)


def _restrict(request: UserRequest, asked: PersonRequest) -> HttpResponse:
    person_request_do(
        request=asked, actor=request.user, now=timezone.now(), outcome=_outcome(request)
    )
    return _done(request)


def _erase(request: UserRequest, asked: PersonRequest) -> HttpResponse:
    erased = person_forget(
        request=asked, actor=request.user, now=timezone.now(), outcome=_outcome(request)
    )
    sessions_forget(
        holding={
            RESIDENT_KEY: erased.resident_ids,
            PHONE_KEY: erased.known_as,
            NEW_PHONE_KEY: erased.known_as,
        }
    )
    return _done(request)


def _done(request: UserRequest) -> HttpResponse:
    messages.success(request, _("Answered."))
    return redirect("compliance-persons")


def _outcome(request: UserRequest) -> str:
    form = AnswerRequestForm(request.POST)
    return str(form.cleaned_data["outcome"]) if form.is_valid() else ""


def _asked(pk: int) -> PersonRequest:
    requests = PersonRequest.objects.select_related("resident__leader", "handled_by", "asked_by")
    return get_object_or_404(requests, pk=pk)


def _page(
    request: UserRequest, asked: PersonRequest, form: CorrectionForm | None = None
) -> HttpResponse:
    resident = asked.resident
    rows = list(rows_of_person(resident))
    context = {
        "asked": asked,
        "rows": rows,
        "matters": open_matters([row.pk for row in rows], [row.phone for row in rows]),
        "answer_form": AnswerRequestForm(),
        "form": form
        or CorrectionForm(
            initial={
                "name": resident.name,
                "building": resident.building,
                "room": resident.room,
            }
        ),
        "now": timezone.now(),
    }
    status = 422 if form is not None else 200
    return render(request, "fulfillment/persons/person.html", context, status=status)
