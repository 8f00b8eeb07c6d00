"""The buyers' bench: what sells today, drafts with their faults, drafts made of other days."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fulfillment.forms.campaign_builder import CloneForm, DraftForm, PresetDraftForm
from fulfillment.selectors.workbench import (
    campaign_to_copy,
    campaigns_newest,
    code_free,
    workbench,
)
from leaders.errors import DomainError
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role
from orders.models.campaigns import Campaign
from orders.models.presets import CampaignPreset
from orders.services.campaign_drafts import campaign_clone, campaign_from_preset


@require_GET
@role_required(Role.BUYER)
def start(request: UserRequest) -> HttpResponse:
    """Today's campaigns, the drafts, and what waits for a second buyer."""
    now = timezone.now()
    context = {"bench": workbench(now), "now": now}
    return render(request, "fulfillment/bench/start.html", context)


@require_GET
@role_required(Role.BUYER)
def campaigns(request: UserRequest) -> HttpResponse:
    """Campaigns, the newest first, and the forms that make a draft."""
    source = campaign_to_copy()
    forms: dict[str, DraftForm] = {
        "clone_form": CloneForm(initial=_initial() | {"source": source.code if source else ""}),
        "preset_form": PresetDraftForm(initial=_initial()),
    }
    return _campaigns_page(request, forms)


@require_POST
@role_required(Role.BUYER)
def clone(request: UserRequest) -> HttpResponse:
    """Make a draft that copies another campaign."""
    form = CloneForm(request.POST)
    forms = {"clone_form": form, "preset_form": PresetDraftForm(initial=_initial())}
    if not form.is_valid():
        return _campaigns_page(request, forms, status=422)
    try:
        campaign: Campaign = campaign_clone(
            source=form.cleaned_data["source"],
            wish=form.wish,
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error("code", _(error.message))
        return _campaigns_page(request, forms, status=422)
    return redirect("workbench-campaign", campaign.code)


@require_POST
@role_required(Role.BUYER)
def from_preset(request: UserRequest) -> HttpResponse:
    """Make a draft of a preset."""
    form = PresetDraftForm(request.POST)
    forms = {"clone_form": CloneForm(initial=_initial()), "preset_form": form}
    if not form.is_valid():
        return _campaigns_page(request, forms, status=422)
    try:
        campaign = campaign_from_preset(
            preset=form.cleaned_data["preset"],
            wish=form.wish,
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error("code", _(error.message))
        return _campaigns_page(request, forms, status=422)
    messages.success(request, _("A draft was made of the preset."))
    return redirect("workbench-campaign", campaign.code)


@require_GET
@role_required(Role.BUYER)
def presets(request: UserRequest) -> HttpResponse:
    """Presets by city and weekday, with how many goods each has."""
    rows = CampaignPreset.objects.prefetch_related("lines__sku").order_by("city", "weekday", "name")
    return render(request, "fulfillment/bench/presets.html", {"presets": rows})


def _campaigns_page(
    request: UserRequest, forms: dict[str, DraftForm], status: int = 200
) -> HttpResponse:
    context = {"campaigns": campaigns_newest(), "now": timezone.now(), **forms}
    return render(request, "fulfillment/bench/campaigns.html", context, status=status)


def _initial() -> dict[str, object]:
    """Tomorrow, and a code that is free."""
    tomorrow = timezone.now() + timedelta(days=1)
    return {"code": code_free(tomorrow), "sells_on": timezone.localdate(tomorrow)}
