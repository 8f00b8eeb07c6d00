"""Proofs of delivery to download."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from fulfillment.models.warehouse import Drop
from fulfillment.selectors.deliveries import delivery
from fulfillment.services.proof_papers import proof_print
from leaders.http import UserRequest, role_required
from leaders.models.accounts import Role


@require_GET
@role_required(Role.LEADER, Role.WAREHOUSE, Role.DISPATCHER)
def proof_download(request: UserRequest, pk: int) -> HttpResponse:
    """The proof of one drop, once a stop of it has ended; leaders see their own alone."""
    drops = Drop.objects.select_related("pickup_point__leader", "wave__run__campaign")
    if request.user.role == Role.LEADER and not request.user.is_superuser:
        drops = drops.filter(pickup_point__leader__user=request.user)
    drop = get_object_or_404(drops, pk=pk)
    if not delivery(drop).is_proved:
        raise Http404
    paper = proof_print(drop=drop, actor=request.user, now=timezone.now())
    response = HttpResponse(paper.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="POD-{drop.slot_code or drop.pk}.pdf"'
    return response
