"""The service desk: claims by the time that is left, one claim with its evidence, the answer."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.claims import AnswerForm, BearerForm, ReplyForm
from fulfillment.selectors.claim_evidence import (
    Evidence,
    claims_to_read,
    evidence_of,
    fast_marks,
)
from fulfillment.selectors.claim_figures import claim_figures
from fulfillment.services.claim_bearers import bearer_choose
from fulfillment.services.claim_decisions import claim_answer
from fulfillment.services.customers import claim_phone_open
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.models.countersignatures import CountersignatureState
from orders.models.claims import Claim, ClaimPhoto, ClaimState
from orders.selectors.claim_photos import photos_seen_before
from orders.selectors.claim_queue import (
    DECIDED,
    SHOWN,
    UNBORNE,
    WAITING,
    claims_queued,
    next_waiting,
)
from orders.selectors.claim_signatures import claims_waiting, needs_signature, signature_last
from orders.services.claim_words import claim_reply

CLAIMS_PER_PAGE = 30


@require_GET
@role_required(Role.SERVICE)
def board(request: UserRequest) -> HttpResponse:
    """The queue; `?show=` chooses which claims, `?q=` searches."""
    show = request.GET.get("show", WAITING)
    show = show if show in SHOWN else WAITING
    query, now = request.GET.get("q", "").strip(), timezone.now()
    page = Paginator(claims_queued(show, query), CLAIMS_PER_PAGE).get_page(request.GET.get("page"))
    claims = list(page.object_list)
    fast = fast_marks(claims)
    seen = photos_seen_before([claim.pk for claim in claims])
    with_finance = claims_waiting(claim.pk for claim in claims)
    known = set(ClaimPhoto.objects.filter(pk__in=seen).values_list("claim_id", flat=True))
    context = {
        "page": page,
        "rows": [
            {
                "claim": claim,
                "is_fast": fast[claim.pk],
                "is_photo_known": claim.pk in known,
                "is_with_finance": claim.pk in with_finance,
            }
            for claim in claims
        ],
        "show": show,
        "query": query,
        "page_query": urlencode({"show": show, "q": query}),
        "options": _options(show, query),
        "figures": claim_figures(now),
        "now": now,
    }
    return render(request, "fulfillment/after_sales/board.html", context)


@require_GET
@role_required(Role.SERVICE)
def claim(request: UserRequest, pk: int) -> HttpResponse:
    """One claim with its evidence, and the answer."""
    return _page(request, _claim(pk))


@require_POST
@role_required(Role.SERVICE)
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """Approve with an amount and a bearer, or reject with a reason."""
    found = _claim(pk)
    approve = "approve" in request.POST
    evidence = evidence_of(found, timezone.now())
    form = AnswerForm(request.POST, sources=_sources(evidence))
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        answered = claim_answer(
            claim_id=pk,
            decision=form.decision(found, approve=approve),
            choice=form.choice() if approve else None,
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        is_open = answered.state == ClaimState.FILED
        words = _("Finance has to sign this first.") if is_open else _("The claim is answered.")
        messages.success(request, words)
    return redirect("service-claim", pk=pk)


@require_POST
@role_required(Role.SERVICE)
def bearer(request: UserRequest, pk: int) -> HttpResponse:
    """Say who bears what a rule has paid back."""
    found = _claim(pk)
    form = BearerForm(request.POST, sources=_sources(evidence_of(found, timezone.now())))
    if not form.is_valid():
        messages.error(request, _("Say who bears it."))
        return redirect("service-claim", pk=pk)
    return _do(
        request,
        pk,
        lambda: bearer_choose(
            claim_id=pk, choice=form.choice(), actor=request.user, now=timezone.now()
        ),
        _("It is written down who bears it."),
    )


@require_POST
@role_required(Role.SERVICE)
def reply(request: UserRequest, pk: int) -> HttpResponse:
    """Give the resident a first word."""
    _claim(pk)
    form = ReplyForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    return _do(
        request,
        pk,
        lambda: claim_reply(claim_id=pk, words=words, actor=request.user, now=timezone.now()),
        _("The resident sees it with the claim."),
    )


@require_POST
@role_required(Role.SERVICE)
def phone(request: UserRequest, pk: int) -> HttpResponse:
    """Open the resident's number, once and on record."""
    found = _claim(pk)
    number = claim_phone_open(claim=found, actor=request.user, now=timezone.now())
    return _page(request, found, phone=number)


@require_GET
@role_required(Role.SERVICE)
def photo(request: UserRequest, pk: int) -> FileResponse:
    """One photo of a claim."""
    shown = get_object_or_404(ClaimPhoto, pk=pk)
    response = FileResponse(shown.photo.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private"
    return response


def _claim(pk: int) -> Claim:
    return get_object_or_404(claims_to_read(), pk=pk)


def _page(
    request: UserRequest, found: Claim, *, form: AnswerForm | None = None, phone: str = ""
) -> HttpResponse:
    now = timezone.now()
    evidence = evidence_of(found, now)
    sources = _sources(evidence)
    start = {
        "bearer": evidence.liability.bearer,
        "purchase_line": sources[0][0] if sources else None,
    }
    signature = signature_last(found.pk)
    context = {
        "claim": found,
        "evidence": evidence,
        "signature": signature,
        "is_with_finance": signature is not None
        and signature.state == CountersignatureState.WAITING,
        "needs_finance": needs_signature(found, found.asked_fen),
        "answer": form or AnswerForm(initial=start, sources=sources),
        "bearer_form": BearerForm(initial=start, sources=sources),
        "reply_form": ReplyForm(),
        "is_waiting": found.state == ClaimState.FILED,
        "is_unborne": found.refund_id is not None and not found.bearer,
        "next_claim": next_waiting(found),
        "phone": phone,
        "now": now,
    }
    status = 422 if form is not None else 200
    return render(request, "fulfillment/after_sales/claim.html", context, status=status)


def _sources(evidence: Evidence) -> list[tuple[int, str]]:
    return [
        (
            source.line.pk,
            f"{source.line.purchase_order.po_no} · {source.line.purchase_order.supplier.name}",
        )
        for source in evidence.liability.sources
    ]


def _do(request: UserRequest, pk: int, do: Callable[[], object], done: str) -> HttpResponse:
    """Do one thing to a claim, say what came of it, and come back to it."""
    try:
        do()
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        messages.success(request, done)
    return redirect("service-claim", pk=pk)


def _options(show: str, query: str) -> list[dict[str, object]]:
    labels = {WAITING: _("To answer"), UNBORNE: _("Bearer open"), DECIDED: _("Answered")}
    return [
        {
            "label": label,
            "url": f"?{urlencode({'show': key, 'q': query} if query else {'show': key})}",
            "is_current": key == show,
        }
        for key, label in labels.items()
    ]
