"""Deeds that two people stand for: the desk, one deed, and the pages that ask for one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fulfillment.forms.countersignatures import AdjustmentForm, FreezeForm, SignatureForm
from fulfillment.selectors.deed_words import deed_facts, deed_line, deed_photos
from fulfillment.services.deeds import (
    DEEDS,
    deed_refuse,
    deed_sign,
    deeds_seen_by,
    deeds_signed_by,
)
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from leaders.models.countersignatures import Countersignature, CountersignatureState
from leaders.selectors.access import has_role
from leaders.selectors.countersignatures import (
    countersignatures_asked,
    countersignatures_decided,
    countersignatures_of,
    countersignatures_to_sign,
)
from orders.models.campaigns import Campaign, CampaignState
from orders.models.claims import ClaimPhoto
from orders.services.forced_freeze import forced_freeze_ask
from orders.services.ledger_adjustments import adjustment_ask

DECIDED_PER_PAGE = 30
WAITING_MOST = 100
PEOPLE = (Role.BUYER, Role.SERVICE, Role.FINANCE)
_OVER = (
    CountersignatureState.SIGNED,
    CountersignatureState.REFUSED,
    CountersignatureState.LAPSED,
)


@require_GET
@role_required(*PEOPLE)
def desk(request: UserRequest) -> HttpResponse:
    """What waits for me, what I asked for, and what is over; `?state=` chooses of the last."""
    seen = deeds_seen_by(request.user)
    state = request.GET.get("state", "")
    decided = countersignatures_decided(seen)
    if state in _OVER:
        decided = decided.filter(state=state)
    page = Paginator(decided, DECIDED_PER_PAGE).get_page(request.GET.get("page"))
    to_sign = countersignatures_to_sign(
        deeds_signed_by(request.user), by=request.user, now=timezone.now()
    )
    asked = countersignatures_asked(seen, by=request.user)
    context = {
        "to_sign": [_row(row) for row in to_sign[:WAITING_MOST]],
        "asked": [_row(row) for row in asked[:WAITING_MOST]],
        "decided": [_row(row) for row in page.object_list],
        "page": page,
        "page_query": urlencode({"state": state}),
        "options": _options(state),
        "asks_freeze": has_role(request.user, Role.BUYER),
        "asks_adjustment": has_role(request.user, Role.FINANCE),
    }
    return render(request, "fulfillment/countersignatures/desk.html", context)


@require_GET
@role_required(*PEOPLE)
def countersignature(request: UserRequest, pk: int) -> HttpResponse:
    """One deed in plain words, and the answer of the second person."""
    asked = _seen(request, pk)
    deed = DEEDS[asked.deed]
    is_waiting = asked.state == CountersignatureState.WAITING and asked.lapses_at > timezone.now()
    context = {
        "asked": asked,
        "title": deed.title,
        "line": deed_line(asked),
        "facts": deed_facts(asked),
        "photos": deed_photos(asked),
        "is_waiting": is_waiting,
        "is_own": asked.asked_by_id == request.user.pk,
        "may_sign": is_waiting and has_role(request.user, *deed.signers),
    }
    return render(request, "fulfillment/countersignatures/countersignature.html", context)


@require_POST
@role_required(*PEOPLE)
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """Sign, and the deed is done; or refuse with a reason."""
    asked, form = _seen(request, pk), SignatureForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Sign it, or refuse it with a reason."))
        return redirect("countersignature", pk=pk)
    act = deed_sign if form.cleaned_data["decision"] == SignatureForm.SIGN else deed_refuse
    try:
        deed = act(
            countersignature_id=asked.pk,
            actor=request.user,
            now=timezone.now(),
            note=form.cleaned_data["note"],
        )
    except DomainError as error:
        messages.error(request, _(error.message))
    else:
        words = deed.signed_words if act is deed_sign else _("Refused. Who asked sees your note.")
        messages.success(request, str(words))
    return redirect("countersignature", pk=pk)


@require_GET
@role_required(*PEOPLE)
def photo(request: UserRequest, pk: int, photo_pk: int) -> FileResponse:
    """One photo of the claim behind a refund."""
    photos = {photo.pk for photo in deed_photos(_seen(request, pk))}
    shown = get_object_or_404(ClaimPhoto, pk=photo_pk, pk__in=photos)
    response = FileResponse(shown.photo.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private"
    return response


@require_http_methods(["GET", "POST"])
@role_required(Role.BUYER)
def freeze(request: UserRequest) -> HttpResponse:
    """Ask another buyer to close a campaign before its clock; `?campaign=` chooses one."""
    now = timezone.now()
    open_now = Campaign.objects.filter(
        state=CampaignState.OPEN, opens_at__lt=now, orders_close_at__gt=now
    ).order_by("orders_close_at", "pk")
    chosen = open_now.filter(code=request.GET.get("campaign", "")).first()
    form = FreezeForm(request.POST or None, campaigns=open_now, initial={"campaign": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            asked = forced_freeze_ask(
                campaign_id=form.cleaned_data["campaign"].pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=now,
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            return _asked(request, asked)
    context = {"form": form, "has_campaigns": open_now.exists()}
    status = 422 if form.is_bound else 200
    return render(request, "fulfillment/countersignatures/freeze.html", context, status=status)


@require_http_methods(["GET", "POST"])
@role_required(Role.FINANCE)
def adjustment(request: UserRequest) -> HttpResponse:
    """Ask somebody else of finance to sign a transfer between two accounts."""
    form = AdjustmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = adjustment_ask(
                adjustment=form.adjustment(),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, _(error.message))
        else:
            return _asked(request, asked)
    status = 422 if form.is_bound else 200
    context = {"form": form}
    return render(request, "fulfillment/countersignatures/adjustment.html", context, status=status)


def _seen(request: UserRequest, pk: int) -> Countersignature:
    return get_object_or_404(countersignatures_of(deeds_seen_by(request.user)), pk=pk)


def _asked(request: UserRequest, asked: Countersignature) -> HttpResponse:
    messages.success(request, _("Asked. It is done when somebody else signs."))
    return redirect("countersignature", pk=asked.pk)


def _row(asked: Countersignature) -> dict[str, object]:
    return {"asked": asked, "title": DEEDS[asked.deed].title, "line": deed_line(asked)}


def _options(state: str) -> list[dict[str, object]]:
    chosen = state if state in _OVER else ""
    labels = {"": _("All"), **{value.value: str(value.label) for value in _OVER}}
    return [
        {"label": label, "url": f"?{urlencode({'state': key})}", "is_current": key == chosen}
        for key, label in labels.items()
    ]
