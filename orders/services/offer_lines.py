"""The lines of a draft: put in, changed, taken out, and sold below cost by two people.

Locks: the campaign, then the offer. Opening a campaign takes the first of
them too, so no line changes under the eyes of the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from leaders.models.accounts import User
from leaders.models.audit import AuditEvent
from leaders.services.audit import audit
from orders.errors import CampaignNotDraft
from orders.models.campaigns import (
    BelowCostReason,
    Campaign,
    CampaignState,
    Offer,
    StrikeMeaning,
)
from orders.models.catalogue import Sku
from orders.price_errors import (
    ApprovalNeedsAnother,
    BelowCostReasonMissing,
    OfferAlreadyThere,
    OfferChangedMeanwhile,
    PriceTermsInvalid,
)
from orders.selectors.price_limits import price_limits
from orders.selectors.price_log import former_prices, prices_in_force

ASKED = "offer.below_cost_asked"
CHANGED = "offer.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTerms:
    """What a buyer sets on a line; amounts in fen, None for none.

    `strike_price_fen` is not read where the meaning is our own former price:
    that one comes from the log.
    """

    price_fen: int
    stock_cap: int | None = None
    per_resident_limit: int | None = None
    commission_rate_bp: int | None = None
    sells_from: datetime | None = None
    sells_until: datetime | None = None
    strike_price_fen: int | None = None
    strike_meaning: str = ""
    strike_source: str = ""


@transaction.atomic
def offers_add(*, campaign_id: int, skus: Sequence[Sku], actor: User, now: datetime) -> list[Offer]:
    """Put SKUs into a draft at their last price, with the usual limit.

    A SKU that never had a price gets none, which keeps the campaign closed.
    Raises `OfferAlreadyThere` if one of them is there, `CampaignNotDraft`.
    """
    campaign = _draft_locked(campaign_id)
    known = Offer.objects.filter(campaign=campaign, sku__in=skus).select_related("sku").first()
    if known is not None:
        raise OfferAlreadyThere(_("This campaign already offers this SKU."), sku=str(known.sku))
    last = prices_in_force([sku.pk for sku in skus], max(now, campaign.opens_at))
    offers = Offer.objects.bulk_create(
        Offer(
            campaign=campaign,
            sku=sku,
            price_fen=last[sku.pk].price_fen if sku.pk in last else 0,
            per_resident_limit=settings.RESIDENT_LIMIT_QTY,
        )
        for sku in skus
    )
    for offer in offers:
        audit(
            action="offer.added",
            about=offer,
            actor=actor,
            now=now,
            facts={"sku": offer.sku.code, "price_fen": offer.price_fen},
        )
    return offers


@transaction.atomic
def offer_change(
    *, offer_id: int, terms: LineTerms, stand: str, actor: User, now: datetime
) -> Offer:
    """Set the terms of a line of a draft; a new price takes back the approval of the old one.

    `stand` is `offer_stand` of the line as the buyer saw it. Raises
    `OfferChangedMeanwhile` if it is another one now, `PriceTermsInvalid` for
    a struck-through price that says nothing or is not above the price, and
    `CampaignNotDraft`.
    """
    offer = _draft_offer_locked(offer_id)
    if stand != offer_stand(offer):
        raise OfferChangedMeanwhile(
            _("Somebody changed this line meanwhile; look at it again."), offer=offer.pk
        )
    before = {name: getattr(offer, name) for name in _TERM_NAMES}
    for name in _TERM_NAMES:
        setattr(offer, name, getattr(terms, name))
    _strike_set(offer, now)
    changed = {name: old for name, old in before.items() if getattr(offer, name) != old}
    if not changed:
        return offer
    if "price_fen" in changed:
        _approval_clear(offer)
    offer.save()
    audit(
        action=CHANGED,
        about=offer,
        actor=actor,
        now=now,
        facts={name: [_plain(old), _plain(getattr(offer, name))] for name, old in changed.items()},
    )
    return offer


@transaction.atomic
def offer_remove(*, offer_id: int, actor: User, now: datetime) -> None:
    """Take a line out of a draft; raises `CampaignNotDraft`."""
    offer = _draft_offer_locked(offer_id)
    audit(
        action="offer.removed",
        about=offer,
        actor=actor,
        now=now,
        facts={"campaign": offer.campaign_id, "sku": offer.sku.code},
    )
    offer.delete()


@transaction.atomic
def below_cost_ask(*, offer_id: int, reason: str, note: str, actor: User, now: datetime) -> None:
    """Say why a line of a draft sells below cost; a second buyer has to approve it.

    Raises `BelowCostReasonMissing` for a reason the law does not know, and
    `CampaignNotDraft`.
    """
    offer = _draft_offer_locked(offer_id)
    if reason not in BelowCostReason.values:
        raise BelowCostReasonMissing(_("Say why it may sell below cost."))
    offer.below_cost_reason, offer.below_cost_note = reason, note
    _approval_clear(offer)
    offer.save()
    audit(
        action=ASKED,
        about=offer,
        actor=actor,
        now=now,
        facts={"price_fen": offer.price_fen, "reason": reason},
        reason=note,
    )


@transaction.atomic
def below_cost_approve(*, offer_id: int, stand: str, actor: User, now: datetime) -> None:
    """Approve a price below cost as a second person.

    `stand` is `offer_stand` of the line as this person saw it. Raises
    `ApprovalNeedsAnother` for whoever gave the reason or set the price last,
    `OfferChangedMeanwhile`, `BelowCostReasonMissing` and `CampaignNotDraft`.
    """
    offer = _draft_offer_locked(offer_id)
    if not offer.below_cost_reason:
        raise BelowCostReasonMissing(_("Say why it may sell below cost."))
    if stand != offer_stand(offer):
        raise OfferChangedMeanwhile(
            _("Somebody changed this line meanwhile; look at it again."), offer=offer.pk
        )
    if actor.pk in _set_by(offer):
        raise ApprovalNeedsAnother(_("Somebody else has to approve what you asked for."))
    offer.below_cost_approved_by, offer.below_cost_approved_at = actor, now
    offer.save()
    audit(
        action="offer.below_cost_approved",
        about=offer,
        actor=actor,
        now=now,
        facts={"price_fen": offer.price_fen, "reason": offer.below_cost_reason},
        reason=offer.below_cost_note,
    )


def offer_stand(offer: Offer) -> str:
    """The terms of a line as one text; another text is another stand."""
    named = (*_TERM_NAMES, "below_cost_reason", "below_cost_note")
    return "|".join(str(_plain(getattr(offer, name))) for name in named)


_TERM_NAMES = tuple(field.name for field in fields(LineTerms))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _draft_locked(campaign_id: int) -> Campaign:
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if campaign.state != CampaignState.DRAFT:
        raise CampaignNotDraft(_("The terms are fixed once residents can see them."))
    return campaign


def _draft_offer_locked(offer_id: int) -> Offer:
    campaign_id = Offer.objects.values_list("campaign_id", flat=True).get(pk=offer_id)
    campaign = _draft_locked(campaign_id)
    offer = Offer.objects.select_for_update(of=("self",)).select_related("sku").get(pk=offer_id)
    offer.campaign = campaign
    return offer


def _strike_set(offer: Offer, now: datetime) -> None:
    """Take a former price from the log, and hold any struck-through price to the rule."""
    if offer.strike_meaning == StrikeMeaning.FORMER:
        found = former_prices(
            [offer.sku_id],
            before=max(now, offer.campaign.opens_at),
            strike_days=price_limits().strike_days,
        )
        if offer.sku_id not in found:
            raise PriceTermsInvalid(
                _("The price log has no price before, so none can be called former.")
            )
        offer.strike_price_fen = found[offer.sku_id].price_fen
        if offer.strike_price_fen <= offer.price_fen:
            raise PriceTermsInvalid(
                _("The lowest price of the last days is not above this one."),
                former_fen=offer.strike_price_fen,
            )
    has_price, has_meaning = offer.strike_price_fen is not None, bool(offer.strike_meaning)
    if has_price != has_meaning or (
        offer.strike_price_fen is not None and offer.strike_price_fen <= offer.price_fen
    ):
        raise PriceTermsInvalid(
            _("A struck-through price is above the price, and says what it is.")
        )


def _approval_clear(offer: Offer) -> None:
    offer.below_cost_approved_by = None
    offer.below_cost_approved_at = None


def _set_by(offer: Offer) -> set[int | None]:
    """Who gave the reason, and who changed the price after that, as the audit log has it."""
    deeds = AuditEvent.objects.filter(
        object_type="offer", object_id=str(offer.pk), action__in=(ASKED, CHANGED)
    ).order_by("-pk")
    people: set[int | None] = set()
    for deed in deeds:
        if deed.action == ASKED or "price_fen" in deed.facts:
            people.add(deed.actor_id)
        if deed.action == ASKED:
            break
    return people
