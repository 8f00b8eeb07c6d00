"""The page of one application, and each step a recruiter takes on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.review import (
    ApproveForm,
    NoteForm,
    ReasonForm,
    SiteForm,
    TalkForm,
    hours_of,
)
from fulfillment.selectors.application_page import ApplicationPage, application_page
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.models.applications import (
    DECIDED_STATES,
    ApplicationDocument,
    ApplicationState,
    LeaderApplication,
)
from leaders.services import review
from leaders.services.application_links import application_address, application_token
from leaders.services.follow_ups import follow_up_add
from leaders.services.phone_openings import phone_open

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Deed = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its form, what it does, and what its button says."""

    form: type[forms.Form]
    do: Callable[[Any, Deed], object]
    button: "_StrOrPromise"


STEPS: Mapping[str, Step] = {
    "contact": Step(
        form=TalkForm,
        do=lambda form, deed: review.contact(**form.cleaned_data, **deed),
        button=gettext_lazy("Note the talk"),
    ),
    "documents": Step(
        form=NoteForm,
        do=lambda form, deed: review.documents_ok(note=form.cleaned_data["note"], **deed),
        button=gettext_lazy("Documents are in order"),
    ),
    "site": Step(
        form=SiteForm,
        do=lambda form, deed: review.site_ok(visit=form.visit, **deed),
        button=gettext_lazy("The place is in order"),
    ),
    "trained": Step(
        form=forms.Form,
        do=lambda form, deed: review.trained(**deed),
        button=gettext_lazy("Signed and trained"),
    ),
    "approve": Step(
        form=ApproveForm,
        do=lambda form, deed: review.approve(
            terms=form.terms, note=form.cleaned_data["note"], **deed
        ),
        button=gettext_lazy("Approve: on trial from now"),
    ),
    "reject": Step(
        form=ReasonForm,
        do=lambda form, deed: review.reject(reason=form.cleaned_data["reason"], **deed),
        button=gettext_lazy("Turn down"),
    ),
}
NEXT_STEP = {
    ApplicationState.LEAD.value: "contact",
    ApplicationState.APPLIED.value: "documents",
    ApplicationState.DOCUMENTS.value: "site",
    ApplicationState.SITE.value: "trained",
    ApplicationState.TRAINED.value: "approve",
}


@require_GET
@role_required(Role.RECRUITER)
def application(request: UserRequest, pk: int) -> HttpResponse:
    """One application with its proofs and the step that comes next."""
    return _page(request, pk)


@require_POST
@role_required(Role.RECRUITER)
def step(request: UserRequest, pk: int, name: str) -> HttpResponse:
    """Take a step; what is wrong with it is said where it was typed."""
    if name not in STEPS:
        raise Http404
    form = STEPS[name].form(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, pk, bound=(name, form))
    deed = {"application_id": pk, "actor": request.user, "now": timezone.now()}
    try:
        STEPS[name].do(form, deed)
    except LeaderApplication.DoesNotExist as error:
        raise Http404 from error
    except DomainError as error:
        form.add_error(None, _(error.message))
        return _page(request, pk, bound=(name, form))
    if name == "approve":
        messages.success(request, _("On trial from now. Hand over the link to log in."))
        code = LeaderApplication.objects.values_list("leader__code", flat=True).get(pk=pk)
        return redirect("recruiting-leader", code=code)
    return redirect("recruiting-application", pk=pk)


@require_POST
@role_required(Role.RECRUITER)
def follow_up(request: UserRequest, pk: int) -> HttpResponse:
    """Note a contact with the applicant."""
    form = TalkForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, bound=("follow-up", form))
    about = get_object_or_404(LeaderApplication, pk=pk)
    follow_up_add(about=about, **form.cleaned_data, actor=request.user, now=timezone.now())
    return redirect("recruiting-application", pk=pk)


@require_POST
@role_required(Role.RECRUITER)
def phone(request: UserRequest, pk: int) -> HttpResponse:
    """Show the applicant's number; that somebody looked at it is noted."""
    about = get_object_or_404(LeaderApplication, pk=pk)
    number = phone_open(about=about, actor=request.user, now=timezone.now())
    return _page(request, pk, number=number)


@require_GET
@role_required(Role.RECRUITER)
def document(request: UserRequest, pk: int) -> FileResponse:
    """The photo of one document."""
    found = get_object_or_404(ApplicationDocument, pk=pk)
    try:
        photo = found.photo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(photo, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


def _page(
    request: UserRequest, pk: int, *, bound: tuple[str, forms.Form] | None = None, number: str = ""
) -> HttpResponse:
    page = application_page(pk, timezone.now())
    if page is None:
        raise Http404
    given = dict([bound] if bound else [])
    next_name = NEXT_STEP.get(page.application.state, "")
    context = {
        "page": page,
        "number": number,
        "next_name": next_name,
        "next_button": STEPS[next_name].button if next_name else "",
        "next_form": given.get(next_name) or _blank(next_name, page),
        "reject_form": given.get("reject") or ReasonForm(auto_id="reject_%s"),
        "talk_form": given.get("follow-up") or TalkForm(auto_id="talk_%s"),
        "is_open": page.application.state not in DECIDED_STATES,
        "address": application_address(application_token(page.application)),
    }
    status = 422 if bound else 200
    return render(request, "fulfillment/recruiting/application.html", context, status=status)


def _blank(name: str, page: ApplicationPage) -> forms.Form | None:
    """The empty form of the next step; hours come from the application."""
    if name == "approve":
        return ApproveForm(initial=hours_of(page.application))
    return STEPS[name].form() if name else None
