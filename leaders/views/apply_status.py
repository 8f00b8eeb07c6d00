"""An applicant looks after their application, without a log-in.

The link is the permission: it shows the state of one application and nothing
personal but the masked phone, because links get passed on.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leaders.domain.phones import mask_phone
from leaders.domain.quiz import PASS_MARK, QUESTIONS
from leaders.errors import ApplicationLinkUnreadable, DomainError
from leaders.forms.application import ConsentForm, DocumentForm, TickForm
from leaders.http import client_ip, is_too_often
from leaders.models.applications import ApplicationState, ChecklistItem, LeaderApplication
from leaders.models.applications import DocumentKind as Kind
from leaders.selectors.applications import Onboarding, onboarding_of
from leaders.services.application_links import application_of_token
from leaders.services.application_wording import next_step
from leaders.services.applications import (
    WITH_APPLICANT,
    checklist_tick,
    consent_give,
    document_add,
    quiz_take,
)
from leaders.services.quiz_wording import shown_questions

HOUR_S = 3600
# Links that do not work, from one address: whoever tries more than these guesses.
BAD_LINKS_PER_HOUR = 30
POSTS_PER_HOUR = 120
STEPS = (
    ApplicationState.APPLIED,
    ApplicationState.DOCUMENTS,
    ApplicationState.SITE,
    ApplicationState.TRAINED,
    ApplicationState.APPROVED,
)


class ApplicantRequest(HttpRequest):
    """A request of whoever holds the link; `application` is the one it names."""

    token: str
    application: LeaderApplication


P = ParamSpec("P")
ApplicantView = Callable[Concatenate["ApplicantRequest", P], HttpResponseBase]
LinkView = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def applicant_page(view: ApplicantView[P]) -> LinkView[P]:
    """Open a view to whoever holds the link of an application, and hand it the application."""

    @wraps(view)
    def opened(
        request: HttpRequest, /, token: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        applicant_request = cast(ApplicantRequest, request)
        refused = _refused(applicant_request, token)
        response = refused or view(applicant_request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cast(LinkView[P], opened)


def _refused(request: ApplicantRequest, token: str) -> HttpResponse | None:
    """Put the application on the request, or say why the link does not open one."""
    try:
        application = application_of_token(token, now=timezone.now())
    except ApplicationLinkUnreadable:
        who = client_ip(request)
        if is_too_often("apply-link", who, most=BAD_LINKS_PER_HOUR, period_s=HOUR_S):
            return _refusal(request, "often", 429)
        return _refusal(request, "unknown", 404)
    if request.method == "POST" and is_too_often(
        "apply-post", str(application.pk), most=POSTS_PER_HOUR, period_s=HOUR_S
    ):
        return _refusal(request, "often", 429)
    request.token, request.application = token, application
    return None


@require_GET
@applicant_page
def status(request: ApplicantRequest) -> HttpResponse:
    """Where the application stands, and what comes next."""
    return _page(request)


@require_POST
@applicant_page
def documents(request: ApplicantRequest) -> HttpResponse:
    """Take photos of one kind."""
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, document_form=form, status=422)
    kind = Kind(form.cleaned_data["kind"])
    try:
        for data in form.photos_read():
            document_add(
                application_id=request.application.pk, kind=kind, data=data, now=timezone.now()
            )
    except DomainError as error:
        form.add_error("photos", _(error.message))
        return _page(request, document_form=form, status=422)
    messages.success(request, _("Thank you, the photos have arrived."))
    return redirect("apply-status", request.token)


@require_http_methods(["GET", "POST"])
@applicant_page
def agreement(request: ApplicantRequest) -> HttpResponse:
    """Show the agreement in force, and take the name typed under it."""
    onboarding = _onboarding(request)
    if onboarding.agreement is None:
        return redirect("apply-status", request.token)
    form = ConsentForm(request.POST or None, initial={"version": onboarding.agreement.version})
    if request.method == "POST" and form.is_valid():
        try:
            consent_give(
                application_id=request.application.pk, **form.cleaned_data, now=timezone.now()
            )
        except DomainError as error:
            form.add_error("signed_name", error.message)
        else:
            messages.success(request, _("Thank you, the agreement is signed."))
            return redirect("apply-status", request.token)
    context = _context(request, onboarding) | {
        "form": form,
        "paragraphs": onboarding.agreement.body.split("\n\n"),
    }
    code = 422 if form.errors else 200
    return render(request, "leaders/apply/agreement.html", context, status=code)


@require_http_methods(["GET", "POST"])
@applicant_page
def quiz(request: ApplicantRequest) -> HttpResponse:
    """Show the quiz, take a go at it, and explain what was wrong."""
    if request.method == "POST":
        answers = {question.code: request.POST.get(question.code, "") for question in QUESTIONS}
        try:
            quiz_take(application_id=request.application.pk, answers=answers, now=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("apply-quiz", request.token)
    onboarding = _onboarding(request)
    last = onboarding.last_attempt
    context = _context(request, onboarding) | {
        "questions": shown_questions(last.answers if last else None),
        "pass_mark": PASS_MARK,
    }
    return render(request, "leaders/apply/quiz.html", context)


@require_GET
@applicant_page
def guide(request: ApplicantRequest) -> HttpResponse:
    """What a leader's day looks like, on one page."""
    return render(request, "leaders/apply/guide.html", _context(request, _onboarding(request)))


@require_POST
@applicant_page
def checklist(request: ApplicantRequest) -> HttpResponse:
    """Tick one thing."""
    form = TickForm(request.POST)
    if form.is_valid():
        try:
            checklist_tick(
                application_id=request.application.pk,
                item=ChecklistItem(form.cleaned_data["item"]),
                now=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("apply-status", request.token)


def _page(
    request: ApplicantRequest, *, document_form: DocumentForm | None = None, status: int = 200
) -> HttpResponse:
    onboarding = _onboarding(request)
    wanted = onboarding.missing_kinds[0] if onboarding.missing_kinds else Kind.PLACE
    context = _context(request, onboarding) | {
        "document_form": document_form or DocumentForm(initial={"kind": wanted}),
        "next_step": next_step(request.application, onboarding),
        "phone": mask_phone(request.application.phone),
        "steps": _steps(request.application),
        "ticked": {tick.item for tick in onboarding.ticks},
        "checklist": ChecklistItem.choices,
    }
    return render(request, "leaders/apply/status.html", context, status=status)


def _onboarding(request: ApplicantRequest) -> Onboarding:
    return onboarding_of(request.application, now=timezone.now())


def _context(request: ApplicantRequest, onboarding: Onboarding) -> dict[str, object]:
    application = request.application
    return {
        "application": application,
        "token": request.token,
        "onboarding": onboarding,
        "is_open": application.state in WITH_APPLICANT,
    }


def _steps(application: LeaderApplication) -> list[tuple[str, str]]:
    """Each step with how it is marked: done, current or nothing."""
    if application.state not in STEPS:
        return []
    reached = STEPS.index(ApplicationState(application.state))
    # A state is what has been reached, so the step after it is the current one.
    marks = ["is-done"] * (reached + 1) + ["is-current"] + [""] * len(STEPS)
    return [(str(step.label), mark) for step, mark in zip(STEPS, marks, strict=False)]


def _refusal(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "leaders/apply/no_application.html", {"why": why}, status=status)
