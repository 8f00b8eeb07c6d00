"""Price evidence as a file for an inspector; that it was taken is written down."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.selectors.price_evidence import (
    EvidenceQuestion,
    OfferEvidence,
    PriceEvidence,
    price_evidence,
    proof_text,
)
from fulfillment.services.statement_files import Sheet
from leaders.models.accounts import User
from leaders.services.audit import audit
from orders.domain.money import FEN_PER_YUAN
from orders.models.catalogue import PriceLog


@transaction.atomic
def price_evidence_take(*, question: EvidenceQuestion, actor: User, now: datetime) -> Sheet:
    """One sheet: the rows of the price log, then every claim with what bears it out."""
    evidence = price_evidence(question)
    audit(
        action="price_evidence.taken",
        about=question.sku or question.campaign or actor,
        actor=actor,
        now=now,
        facts={
            "subject": question.subject,
            "first": question.first.isoformat(),
            "last": question.last.isoformat(),
            "rows": len(evidence.log) + len(evidence.offers),
        },
    )
    return Sheet(
        title=_("Price evidence"),
        headings=[
            (_("Kind"), 14),
            (_("From"), 18),
            (_("SKU"), 14),
            (_("Goods"), 26),
            (_("Price"), 10),
            (_("Cost"), 10),
            (_("Struck through"), 12),
            (_("What it is"), 28),
            (_("Where it is from"), 28),
            (_("Borne out by"), 26),
            (_("Reason"), 30),
            (_("Set by"), 16),
            (_("Approved by"), 16),
            (_("Approved at"), 18),
        ],
        rows=[
            *(_log_cells(row) for row in evidence.log),
            *(_offer_cells(claim, evidence) for claim in evidence.offers),
        ],
    )


def _log_cells(row: PriceLog) -> tuple[object, ...]:
    return (
        _("price log"),
        _moment(row.valid_from),
        row.sku.code,
        row.sku.name,
        _yuan(row.price_fen),
        _yuan(row.cost_fen),
        None,
        "",
        "",
        "",
        row.reason,
        str(row.actor or ""),
        "",
        "",
    )


def _offer_cells(claim: OfferEvidence, evidence: PriceEvidence) -> tuple[object, ...]:
    offer = claim.offer
    reason = offer.get_below_cost_reason_display() if offer.below_cost_reason else ""
    return (
        _("price statement"),
        _moment(offer.campaign.opens_at),
        offer.sku.code,
        offer.sku.name,
        _yuan(offer.price_fen),
        None,
        _yuan(offer.strike_price_fen),
        offer.get_strike_meaning_display() if offer.strike_meaning else "",
        offer.strike_source,
        proof_text(claim, evidence.strike_days),
        " · ".join(part for part in (offer.campaign.code, reason, offer.below_cost_note) if part),
        "",
        str(offer.below_cost_approved_by or ""),
        _moment(offer.below_cost_approved_at) if offer.below_cost_approved_at else "",
    )


def _moment(value: datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def _yuan(amount_fen: int | None) -> float | None:
    """For cells only: two decimals of a float are exact enough to show, never to reckon."""
    return None if amount_fen is None else amount_fen / FEN_PER_YUAN
