"""The campaign builder: one table of lines, saved line by line, and the way to residents."""

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.campaign_builder import (
    BelowCostForm,
    LineForm,
    PresetForm,
    WhatIfForm,
    line_typed,
)
from fulfillment.selectors.campaign_bench import (
    Bench,
    BenchLine,
    bench,
    skus_named,
    skus_suggested,
    what_if,
)
from fulfillment.services.campaign_publish import campaign_publish
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from orders.models.campaigns import BelowCostReason, Campaign, CampaignState, Offer, StrikeMeaning
from orders.price_errors import CampaignNotPublishable
from orders.services.campaign_drafts import preset_from_campaign
from orders.services.offer_lines import (
    below_cost_approve,
    below_cost_ask,
    offer_change,
    offer_remove,
    offer_stand,
    offers_add,
)

Row = dict[str, object]


@require_GET
@role_required(Role.BUYER)
def campaign(request: UserRequest, code: str) -> HttpResponse:
    """The lines of a campaign; those of a draft can be typed over."""
    return _page(request, _campaign(code))


@require_POST
@role_required(Role.BUYER)
def line_save(request: UserRequest, code: str, offer_id: int) -> HttpResponse:
    """Save one line; htmx gets its new figures only, so nothing typed is ever replaced."""
    found = _campaign(code)
    offer = get_object_or_404(Offer, pk=offer_id, campaign=found)
    form = LineForm(found, request.POST)
    faults = form.faults
    if not faults:
        try:
            offer_change(
                offer_id=offer.pk,
                terms=form.terms,
                stand=form.cleaned_data["stand"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            faults = [_(error.message)]
    if not request.htmx:
        if not faults:
            return redirect(f"{_address(found)}#line-{offer.pk}")
        return _page(request, found, typed={offer.pk: request.POST}, faults={offer.pk: faults})
    shown = bench(found, now=timezone.now())
    row = _row(shown.line(offer.pk), found)
    context = {
        "campaign": found,
        "row": row | {"faults": faults},
        "bench": shown,
        "reasons": BelowCostReason.choices,
        "is_saved": not faults,
    }
    return render(request, "fulfillment/bench/_line_saved.html", context)


@require_POST
@role_required(Role.BUYER)
def line_add(request: UserRequest, code: str) -> HttpResponse:
    """Put goods into a draft by code or name, one or several by line or comma."""
    found = _campaign(code)
    written = request.POST.get("goods", "").replace("，", ",").replace("\n", ",")
    texts = [text.strip() for text in written.split(",") if text.strip()]
    try:
        offers = offers_add(
            campaign_id=found.pk,
            skus=skus_named(texts),
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        about = error.details.get("text") or error.details.get("sku") or ""
        messages.error(request, f"{about} {_(error.message)}".strip())
        return redirect("workbench-campaign", found.code)
    anchor = f"#line-{offers[-1].pk}" if offers else ""
    return redirect(f"{_address(found)}{anchor}")


@require_POST
@role_required(Role.BUYER)
def line_remove(request: UserRequest, code: str, offer_id: int) -> HttpResponse:
    """Take a line out of a draft."""
    found = _campaign(code)
    offer = get_object_or_404(Offer, pk=offer_id, campaign=found)
    try:
        offer_remove(offer_id=offer.pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, _(error.message))
    return redirect("workbench-campaign", found.code)


@require_POST
@role_required(Role.BUYER)
def below_cost(request: UserRequest, code: str, offer_id: int) -> HttpResponse:
    """Give the reason for a price below cost, or approve another buyer's."""
    found = _campaign(code)
    offer = get_object_or_404(Offer, pk=offer_id, campaign=found)
    try:
        _below_cost_decide(request, offer)
    except DomainError as error:
        messages.error(request, f"{offer.sku}: {_(error.message)}")
    return redirect(f"{_address(found)}#line-{offer.pk}")


@require_POST
@role_required(Role.BUYER)
def publish(request: UserRequest, code: str) -> HttpResponse:
    """Open a draft for residents, or say everything that speaks against it."""
    found = _campaign(code)
    try:
        campaign_publish(campaign_id=found.pk, actor=request.user, now=timezone.now())
    except CampaignNotPublishable as error:
        lines = cast(tuple[str, ...], error.details["lines"])
        return _page(request, found, refused=lines)
    except DomainError as error:
        return _page(request, found, refused=(_(error.message),))
    text = _("{campaign} is open for orders.").format(campaign=found)
    messages.success(request, text)
    return redirect("workbench-campaign", found.code)


@require_POST
@role_required(Role.BUYER)
def preset_make(request: UserRequest, code: str) -> HttpResponse:
    """Keep the clocks and goods of a campaign as a preset."""
    found = _campaign(code)
    form = PresetForm(request.POST)
    if not form.is_valid():
        return _page(request, found, preset_form=form)
    preset_from_campaign(
        campaign=found,
        name=form.cleaned_data["name"],
        weekday=form.cleaned_data["weekday"],
        actor=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("The preset was made."))
    return redirect("workbench-presets")


@require_GET
@role_required(Role.BUYER)
def what_if_page(request: UserRequest, code: str) -> HttpResponse:
    """The lines under a change that is only thought of; htmx gets the table alone."""
    found = _campaign(code)
    shown = bench(found, now=timezone.now())
    lines = [(line.offer.pk, str(line.offer.sku)) for line in shown.lines]
    form = WhatIfForm(request.GET, lines=lines)
    form.is_valid()
    chosen = form.cleaned_data.get("line")
    thought = what_if(shown, form.change, [chosen] if chosen else [])
    context = {"campaign": found, "bench": shown, "form": form, "thought": thought}
    template = "_what_if.html" if request.htmx else "what_if.html"
    return render(request, f"fulfillment/bench/{template}", context)


def _below_cost_decide(request: UserRequest, offer: Offer) -> None:
    if request.POST.get("decision") == "approve":
        below_cost_approve(
            offer_id=offer.pk,
            stand=request.POST.get("stand", ""),
            actor=request.user,
            now=timezone.now(),
        )
        return
    form = BelowCostForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {"reason": "", "note": ""}
    below_cost_ask(
        offer_id=offer.pk,
        reason=given["reason"],
        note=given["note"],
        actor=request.user,
        now=timezone.now(),
    )


def _campaign(code: str) -> Campaign:
    return get_object_or_404(Campaign, code=code)


def _address(found: Campaign) -> str:
    return redirect("workbench-campaign", found.code).url


def _page(
    request: UserRequest,
    found: Campaign,
    *,
    typed: Mapping[int, Mapping[str, str]] | None = None,
    faults: Mapping[int, list[str]] | None = None,
    refused: tuple[str, ...] = (),
    preset_form: PresetForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    shown: Bench = bench(found, now=now)
    rows = [_row(line, found) for line in shown.lines]
    for row in rows:
        key = cast(Offer, row["offer"]).pk
        row["faults"] = (faults or {}).get(key, [])
        row["typed"] = (typed or {}).get(key, row["typed"])
    is_draft = found.state == CampaignState.DRAFT
    context = {
        "campaign": found,
        "bench": shown,
        "rows": rows,
        "is_draft": is_draft,
        "goods": skus_suggested(found) if is_draft else (),
        "meanings": StrikeMeaning.choices,
        "reasons": BelowCostReason.choices,
        "refused": refused,
        "preset_form": preset_form or PresetForm(initial={"name": found.code}),
    }
    wrong = bool(faults or refused or preset_form)
    return render(request, "fulfillment/bench/campaign.html", context, status=422 if wrong else 200)


def _row(line: BenchLine, found: Campaign) -> Row:
    offer = line.offer
    return {
        "line": line,
        "priced": line.priced,
        "offer": offer,
        "typed": line_typed(offer, found),
        "stand": offer_stand(offer),
        "faults": [],
    }
