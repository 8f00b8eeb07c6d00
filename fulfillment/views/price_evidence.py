"""Price evidence for an inspector, made by a buyer or by compliance."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fulfillment.forms.price_evidence import EvidenceForm
from fulfillment.selectors.price_evidence import price_evidence, proof_text
from fulfillment.services.price_evidence import price_evidence_take
from fulfillment.views.downloads import sheet_response
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_http_methods(["GET", "POST"])
@role_required(Role.BUYER, Role.COMPLIANCE)
def evidence(request: UserRequest) -> HttpResponse:
    """The prices of a SKU or a campaign; a POST takes them as a file and is written down."""
    given = request.POST if request.method == "POST" else request.GET
    form = EvidenceForm(given or None, today=timezone.localdate())
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "fulfillment/bench/evidence.html", {"form": form}, status=status)
    question = form.question
    if request.method == "POST":
        sheet = price_evidence_take(question=question, actor=request.user, now=timezone.now())
        subject = question.sku.code if question.sku else question.campaign
        return sheet_response(sheet, f"prices-{subject}-{question.last}", "xlsx")
    found = price_evidence(question)
    claims = [(claim, proof_text(claim, found.strike_days)) for claim in found.offers]
    context = {"form": form, "evidence": found, "claims": claims}
    return render(request, "fulfillment/bench/evidence.html", context)
