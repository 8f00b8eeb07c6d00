"""What is known of open claims: what the rule for automatic approval looks at."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from fulfillment.models.pickups import Pickup
from orders.domain.claim_rules import (
    AutomaticLimits,
    ClaimFacts,
    ResidentHistory,
    Risk,
    RiskLimits,
    RuleDecision,
    decide_by_rule,
    is_fast_lane,
    risk_of,
)
from orders.domain.claims import is_within_tolerance
from orders.models.claims import Claim, ClaimState, LeaderStance
from orders.models.orders import OrderLine
from orders.selectors.claim_photos import photos_seen_before
from orders.selectors.claims import CLAIMABLE_STATES, promised_g, tolerance_bp


def rule_decisions(claims: Sequence[Claim], now: datetime) -> Mapping[int, RuleDecision]:
    """What the rule says of each claim, by key, in a fixed number of queries.

    The claims carry their order with its campaign, and their SKU.
    """
    limits = AutomaticLimits(
        amount_max_fen=settings.CLAIM_AUTOMATIC_MAX_FEN,
        per_resident=settings.CLAIM_AUTOMATIC_PER_RESIDENT,
    )
    return {
        claim_id: decide_by_rule(facts, limits)
        for claim_id, facts in claim_facts(claims, now).items()
    }


def claim_facts(claims: Sequence[Claim], now: datetime) -> Mapping[int, ClaimFacts]:
    """What the rule looks at, by claim, in a fixed number of queries."""
    residents = {claim.order_line.order.resident_id for claim in claims}
    picked_up = pickups_at({claim.order_line.order_id for claim in claims})
    automatic = _automatic_lately(residents, now)
    risks = risks_of(residents, now)
    known = _photos_known(claims)
    return {
        claim.pk: ClaimFacts(
            asked_fen=claim.asked_fen,
            automatic_lately=automatic[claim.order_line.order.resident_id],
            risk=risks[claim.order_line.order.resident_id],
            is_photo_known=claim.pk in known,
            is_fast_lane=is_fast(claim, picked_up.get(claim.order_line.order_id)),
            is_within_tolerance=is_light_enough(claim),
            has_leader_disagreed=claim.leader_stance == LeaderStance.DISAGREES,
        )
        for claim in claims
    }


def is_fast(claim: Claim, picked_up_at: datetime | None) -> bool:
    """Whether a claim came within the fast lane."""
    return is_fast_lane(
        filed_at=timezone.localtime(claim.filed_at),
        delivery_date=claim.order_line.order.campaign.delivery_date,
        picked_up_at=picked_up_at,
    )


def is_light_enough(claim: Claim) -> bool:
    """Whether a claim about weight is about so little that the rules owe nothing."""
    if claim.weighed_g is None:
        return False
    line = claim.order_line
    return is_within_tolerance(promised_g(line, claim.qty), claim.weighed_g, tolerance_bp(line.sku))


def pickups_at(order_ids: set[int]) -> Mapping[int, datetime]:
    """When orders were fetched, by order, where a pickup is on record and stands."""
    standing = Pickup.objects.filter(order_id__in=order_ids, undone_at__isnull=True)
    return dict(standing.values_list("order_id", "picked_up_at"))


def risks_of(resident_ids: set[int], now: datetime) -> Mapping[int, Risk]:
    """How the claims of residents look beside what they bought."""
    since = now - timedelta(days=settings.CLAIM_RISK_DAYS)
    limits = RiskLimits(
        rejected=settings.CLAIM_RISK_REJECTED,
        claims=settings.CLAIM_RISK_CLAIMS,
        share_bp=settings.CLAIM_RISK_SHARE_BP,
    )
    lines: Counter[int] = Counter(
        dict(
            OrderLine.objects.filter(
                order__resident_id__in=resident_ids,
                order__state__in=CLAIMABLE_STATES,
                order__placed_at__gte=since,
            )
            .order_by()
            .values_list("order__resident_id")
            .annotate(lines=Count("pk"))
        )
    )
    claims: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for resident_id, filed, rejected in (
        _of_residents(resident_ids)
        .filter(filed_at__gte=since)
        .values_list("order_line__order__resident_id")
        .annotate(filed=Count("pk"), rejected=Count("pk", filter=Q(state=ClaimState.REJECTED)))
    ):
        claims[resident_id] = (filed, rejected)
    return {
        resident_id: risk_of(
            ResidentHistory(
                lines=lines[resident_id],
                claims=claims[resident_id][0],
                rejected=claims[resident_id][1],
            ),
            limits,
        )
        for resident_id in resident_ids
    }


def _automatic_lately(resident_ids: set[int], now: datetime) -> Counter[int]:
    since = now - timedelta(days=settings.CLAIM_AUTOMATIC_DAYS)
    return Counter(
        dict(
            _of_residents(resident_ids)
            .filter(is_automatic=True, decided_at__gt=since)
            .values_list("order_line__order__resident_id")
            .annotate(claims=Count("pk"))
        )
    )


def _of_residents(resident_ids: set[int]) -> QuerySet[Claim]:
    return Claim.objects.filter(order_line__order__resident_id__in=resident_ids).order_by()


def _photos_known(claims: Sequence[Claim]) -> set[int]:
    """Claims with a photo that another claim shows, too."""
    photo_ids = photos_seen_before([claim.pk for claim in claims])
    return set(Claim.objects.filter(photos__in=photo_ids).values_list("pk", flat=True))
