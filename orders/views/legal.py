"""What e-commerce law wants everybody to be able to read."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from leaders.models.leaders import Leader
from orders.http import ShopRequest, shop_of, shop_page
from orders.models.legal import RuleKind
from orders.selectors.legal import licences_shown, rule_text
from orders.selectors.storefront import leader_by_code


@require_GET
@shop_page
def rules(request: ShopRequest, kind: str) -> HttpResponse:
    """A page of rules, in the version in force or in the one asked for."""
    if kind not in RuleKind.values:
        raise Http404(_("There are no such rules."))
    text = rule_text(RuleKind(kind), request.GET.get("version", ""), timezone.now())
    if text is None:
        raise Http404(_("There are no such rules."))
    context = {"text": text, "page": text.page, "leader": _leader(request)}
    return render(request, "orders/legal/rules.html", context)


@require_GET
@shop_page
def licences(request: ShopRequest) -> HttpResponse:
    """The licences of the operator that are valid today."""
    context = {
        "licences": licences_shown(timezone.localdate()),
        "kinds": RuleKind.choices,
        "leader": _leader(request),
    }
    return render(request, "orders/legal/licences.html", context)


def _leader(request: ShopRequest) -> Leader | None:
    """Whose shop the tabs at the foot lead back to."""
    if request.resident is not None:
        return request.resident.leader
    code = shop_of(request.session)
    return leader_by_code(code) if code else None
