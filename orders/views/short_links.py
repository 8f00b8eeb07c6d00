"""A leader's short links: one for each place they post in, with how often it was opened."""

import io

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leaders.errors import ResaleNotAgreed
from leaders.http import LeaderRequest, leader_page
from leaders.selectors.resales import resales_offered_to
from orders.forms import ShortLinkForm
from orders.selectors.short_links import channel_clicks, link_address, short_links_made_by
from orders.services.short_links import short_link_create, short_link_stop

LINKS_PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@leader_page
def links(request: LeaderRequest) -> HttpResponse:
    """All links a leader made with their clicks; a POST makes one more."""
    now = timezone.now()
    owners = [resale.owner for resale in resales_offered_to(request.leader)]
    form = ShortLinkForm(request.POST or None, owners=owners)
    if request.method == "POST" and form.is_valid():
        owner = form.owner
        try:
            short_link_create(
                leader=owner or request.leader,
                channel=form.place,
                label=form.cleaned_data["label"],
                now=now,
                reseller=request.leader if owner else None,
                lifetime=form.lifetime,
            )
        except ResaleNotAgreed as error:
            messages.error(request, _(error.message))
        return redirect("leader-links")
    made = short_links_made_by(request.leader, now)
    page = Paginator(made, LINKS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(link, link_address(link.code)) for link in page],
        "channels": channel_clicks(request.leader, now),
    }
    return render(request, "orders/leader/links.html", context)


@require_POST
@leader_page
def stop(request: LeaderRequest, code: str) -> HttpResponse:
    """Let a link lead nowhere from now on."""
    now = timezone.now()
    made = get_object_or_404(short_links_made_by(request.leader, now), code=code)
    if short_link_stop(leader=request.leader, code=made.code, now=now):
        messages.success(request, _("The link leads nowhere now."))
    return redirect("leader-links")


@require_GET
@leader_page
def qr(request: LeaderRequest, code: str) -> HttpResponse:
    """One link as a QR code."""
    made = get_object_or_404(short_links_made_by(request.leader, timezone.now()), code=code)
    drawn = io.BytesIO()
    segno.make(link_address(made.code), error="m").save(drawn, kind="svg", scale=8, border=2)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
