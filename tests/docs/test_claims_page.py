"""docs/algorithms/claims.md against the code."""

from dataclasses import replace
from decimal import Decimal

from django.conf import settings

from fulfillment.domain.claim_liability import PieceCounts, leader_loss_fen, propose
from fulfillment.domain.exceptions import Cause
from orders.domain.claim_rules import Obstacle
from orders.domain.claims import ClaimableLine, is_within_tolerance
from orders.selectors.claim_photos import NEAR_BITS
from tests.docs.pages import tables, text

PAGE = "algorithms/claims.md"
RIGHT = PieceCounts(
    accepted=40, rejected=0, planned=6, sorted=6, is_loaded=True, handed=6, counted=6
)
COUNTS = {
    "fewer sorted than planned": replace(RIGHT, sorted=5),
    "load never signed": replace(RIGHT, is_loaded=False),
    "leader counted fewer": replace(RIGHT, counted=5),
    "leader counted all": RIGHT,
    "leader counted nothing": replace(RIGHT, handed=None, counted=None),
    "leader reported it": replace(RIGHT, counted=5, counted_cause=Cause.DAMAGED),
    "anything": RIGHT,
    "accepted at the dock": RIGHT,
    "weighed by us": replace(RIGHT, is_weighed=True),
    "not counted at the dock": replace(RIGHT, accepted=None),
}


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def test_every_share_of_the_page_is_the_codes() -> None:
    rows = tables(PAGE)[0]

    assert len(rows) == 5
    for row in rows:
        line = ClaimableLine(
            qty=int(row["pieces ordered"]),
            amount_fen=fen(row["paid (yuan)"]),
            short_qty=int(row["short"]),
            claimed_fen=fen(row["claimed before (yuan)"]),
        )
        asked = line.asked(int(row["bad pieces"]), int(row["share"].removesuffix(" %")) * 100)
        assert asked.fen == fen(row["asked (yuan)"]), row


def test_every_weight_of_the_page_is_the_codes() -> None:
    rows = tables(PAGE)[1]

    assert len(rows) == 5
    for row in rows:
        promised_g, weighed_g = int(row["promised (g)"]), int(row["weighed (g)"])
        line = ClaimableLine(
            qty=1,
            amount_fen=fen(row["paid (yuan)"]),
            light_fen=fen(row["paid back by weight (yuan)"]),
        )
        asked = line.asked_by_weight(1, promised_g=promised_g, weighed_g=weighed_g)
        assert asked.fen == fen(row["asked (yuan)"]), row
        is_within = is_within_tolerance(promised_g, weighed_g, settings.CLAIM_WEIGHT_TOLERANCE_BP)
        assert is_within == (row["within 3 %"] == "yes"), row


def test_every_reason_against_a_rule_is_named() -> None:
    assert [row["reason"] for row in tables(PAGE)[2]] == [reason.value for reason in Obstacle]


def test_every_limit_of_the_page_is_the_settings() -> None:
    page = text(PAGE)

    for name in (
        "CLAIM_LEADER_HOURS",
        "CLAIM_FIRST_ANSWER_MINUTES",
        "CLAIM_DECIDE_HOURS",
        "CLAIM_AUTOMATIC_MAX_FEN",
        "CLAIM_AUTOMATIC_PER_RESIDENT",
        "CLAIM_AUTOMATIC_DAYS",
        "CLAIM_RISK_DAYS",
        "CLAIM_RISK_REJECTED",
        "CLAIM_RISK_CLAIMS",
        "CLAIM_RISK_SHARE_BP",
        "CLAIM_PHOTO_DAYS",
    ):
        assert f"`{name}` ({getattr(settings, name)})" in page, name
    assert f"at most {NEAR_BITS} of the 64 bits" in page


def test_every_bearer_of_the_page_is_the_codes() -> None:
    rows = tables(PAGE)[3]

    assert len(rows) == 13
    for row in rows:
        counts = COUNTS[row["what the counts say"]]
        assert propose(row["kind"], counts).bearer.value == row["proposed"], row


def test_the_loss_of_the_page_is_the_codes() -> None:
    assert leader_loss_fen(500, 1_000) == 450
    assert "a refund of 5.00 yuan at 10 % is a loss of 4.50 yuan" in text(PAGE)
