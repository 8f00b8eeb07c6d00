"""What a demo's desks find in the morning: somebody who applies, and two claims."""

from datetime import datetime, time, timedelta

from django.db import transaction

from leaders.domain.coordinates import Place
from leaders.models.accounts import Role, User
from leaders.models.applications import LeaderApplication, PointKind
from leaders.models.leaders import Leader
from leaders.models.pickup_points import PickupPoint
from leaders.services.applications import ApplicationDetails, application_submit
from leaders.services.review import Lead, lead_enter
from orders.domain.claims import WITHOUT_PHOTO, ClaimRequest
from orders.models.claims import Claim
from orders.models.orders import OrderLine
from orders.services.claims import claim_file

# From the block of numbers that no operator gives out.
LEAD_PHONE, APPLICANT_PHONE = "19900020001", "19900020002"
# Near enough to the first point that the recruiter is shown both.
NEARBY = 0.002
CLAIMS = 2
ANSWERED_BEFORE = timedelta(hours=3)


@transaction.atomic
def demo_applications_make(*, now: datetime) -> int:
    """Let one person be noted and another apply next to a point; safe to call again."""
    recruiter = User.objects.filter(role=Role.RECRUITER).order_by("pk").first()
    point = PickupPoint.objects.select_related("community").order_by("code").first()
    if recruiter is None or point is None or LeaderApplication.objects.exists():
        return 0
    lead = Lead(applicant_name="秦晓", phone=LEAD_PHONE, community_name=point.community.name)
    lead_enter(lead=lead, actor=recruiter, now=now)
    details = ApplicationDetails(
        applicant_name="许文清",
        phone=APPLICANT_PHONE,
        community_name=f"{point.community.name}东区",
        district=point.community.district,
        address="东门便利店",
        point_kind=PointKind.SHOP,
        place=Place(point.lng + NEARBY, point.lat),
        opens_at=time(7),
        closes_at=time(21),
        has_fridge=True,
        is_ground_floor=True,
        group_size=260,
        introduction="开店六年，小区业主群群主。",
        has_agreed_to_privacy=True,
    )
    application_submit(details=details, now=now)
    return 2


def demo_claims_file(*, leader: Leader, now: datetime) -> int:
    """Let two residents of a leader miss a piece, one just now, one before; safe to call again."""
    if Claim.objects.exists():
        return 0
    lines = (
        OrderLine.objects.filter(
            order__leader=leader, order__pickup_no__isnull=False, allocation__allocated_qty__gt=0
        )
        .select_related("order")
        .order_by("order__order_no", "line_no")
        .distinct()
    )
    first_of_order = {line.order_id: line for line in lines[::-1]}
    claimed = sorted(first_of_order.values(), key=lambda line: line.pk)[:CLAIMS]
    for number, line in enumerate(claimed):
        request = ClaimRequest(
            order_no=line.order.order_no,
            line_no=line.line_no,
            kind=WITHOUT_PHOTO,
            qty=1,
            description="袋子里少了一份。",
            photos=(),
            request_key=f"demo-{line.pk}",
        )
        claim_file(
            resident_id=line.order.resident_id,
            request=request,
            now=now - number * ANSWERED_BEFORE,
        )
    return len(claimed)
