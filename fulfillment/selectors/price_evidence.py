"""What an inspector asks for: every price and cost, why, by whom, and what bears it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from orders.domain.money import yuan_text
from orders.domain.price_rules import LoggedPrice
from orders.models.campaigns import Campaign, CampaignState, Offer, StrikeMeaning
from orders.models.catalogue import PriceLog, Sku
from orders.selectors.price_limits import price_limits
from orders.selectors.price_log import former_prices


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceQuestion:
    """Which goods, or everything a campaign sold, on which days (both included)."""

    sku: Sku | None
    campaign: Campaign | None
    first: date
    last: date

    @property
    def subject(self) -> str:
        """What it is about, as one text."""
        return str(self.sku or self.campaign or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEvidence:
    """An offer that made a claim: a struck-through price, or a price below cost.

    `proof` is the row of the log that bears a former price out, None for
    other meanings.
    """

    offer: Offer
    proof: LoggedPrice | None

    @property
    def is_borne_out(self) -> bool | None:
        """Whether the log bears a former price out; None where none is claimed."""
        if self.offer.strike_meaning != StrikeMeaning.FORMER:
            return None
        struck = self.offer.strike_price_fen
        return self.proof is not None and struck is not None and struck <= self.proof.price_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEvidence:
    """The answer: rows of the log, and offers with their claims, each in order of time."""

    question: EvidenceQuestion
    log: Sequence[PriceLog]
    offers: Sequence[OfferEvidence]
    strike_days: int


def price_evidence(question: EvidenceQuestion) -> PriceEvidence:
    """Every price and cost in force in those days, and every claim made in them."""
    begin = timezone.make_aware(datetime.combine(question.first, time.min))
    end = timezone.make_aware(datetime.combine(question.last, time.min)) + timedelta(days=1)
    sku_ids = _sku_ids(question)
    strike_days = price_limits().strike_days
    offers = (
        Offer.objects.exclude(campaign__state=CampaignState.DRAFT)
        .filter(
            sku_id__in=sku_ids, campaign__opens_at__lt=end, campaign__orders_close_at__gte=begin
        )
        .exclude(strike_price_fen__isnull=True, below_cost_reason="")
        .select_related("campaign", "sku", "below_cost_approved_by")
        .order_by("campaign__opens_at", "sku__code")
    )
    if question.campaign is not None:
        offers = offers.filter(campaign=question.campaign)
    found = list(offers)
    proofs = _proofs(found, strike_days)
    return PriceEvidence(
        question=question,
        log=_log(sku_ids, begin, end),
        offers=tuple(
            OfferEvidence(offer=offer, proof=proofs.get((offer.campaign_id, offer.sku_id)))
            for offer in found
        ),
        strike_days=strike_days,
    )


def proof_text(claim: OfferEvidence, strike_days: int) -> str:
    """What bears a former price out, or that nothing does; empty where none is claimed."""
    if claim.is_borne_out is None:
        return ""
    if claim.proof is None:
        return _("Nothing in the log")
    words = _("the lowest of {days} days: {price} from {moment}").format(
        days=strike_days,
        price=yuan_text(claim.proof.price_fen),
        moment=f"{timezone.localtime(claim.proof.valid_from):%Y-%m-%d %H:%M}",
    )
    return words if claim.is_borne_out else _("Not borne out: {words}").format(words=words)


def _sku_ids(question: EvidenceQuestion) -> list[int]:
    if question.sku is not None:
        return [question.sku.pk]
    offers = Offer.objects.filter(campaign=question.campaign)
    return list(offers.values_list("sku_id", flat=True))


def _log(sku_ids: Sequence[int], begin: datetime, end: datetime) -> tuple[PriceLog, ...]:
    """The rows of those days, each SKU's begun by the one in force when they began."""
    rows = PriceLog.objects.filter(sku_id__in=sku_ids).select_related("sku", "actor")
    earlier = (
        rows.filter(valid_from__lt=begin)
        .order_by("sku_id", "-valid_from", "-pk")
        .distinct("sku_id")
    )
    within = rows.filter(valid_from__gte=begin, valid_from__lt=end)
    return tuple(
        sorted([*earlier, *within], key=lambda row: (row.sku.code, row.valid_from, row.pk))
    )


def _proofs(offers: Sequence[Offer], strike_days: int) -> Mapping[tuple[int, int], LoggedPrice]:
    """What bears former prices out, by campaign and SKU."""
    by_campaign: dict[int, list[Offer]] = {}
    for offer in offers:
        if offer.strike_meaning == StrikeMeaning.FORMER:
            by_campaign.setdefault(offer.campaign_id, []).append(offer)
    return {
        (campaign_id, sku_id): proof
        for campaign_id, claimed in by_campaign.items()
        for sku_id, proof in former_prices(
            [offer.sku_id for offer in claimed],
            before=claimed[0].campaign.opens_at,
            strike_days=strike_days,
        ).items()
    }
