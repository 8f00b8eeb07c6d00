"""Who is proposed to bear a claim: whoever had the goods before the first wrong count."""

from dataclasses import replace
from typing import Any

import pytest

from fulfillment.domain.claim_liability import Ground, PieceCounts, leader_loss_fen, propose
from fulfillment.domain.exceptions import Bearer, Cause
from orders.domain.claims import KINDS

RIGHT = PieceCounts(
    accepted=40,
    rejected=0,
    planned=6,
    sorted=6,
    is_loaded=True,
    handed=6,
    counted=6,
)
UNCOUNTED = replace(RIGHT, handed=6, counted=None)


@pytest.mark.parametrize(
    ("kind", "changes", "bearer", "ground"),
    [
        ("missing", {"sorted": 5}, Bearer.WAREHOUSE, Ground.SORTED_SHORT),
        ("missing", {"sorted": None, "is_loaded": False}, Bearer.WAREHOUSE, Ground.NOT_LOADED),
        ("missing", {"counted": 5}, Bearer.DRIVER, Ground.DRIVER_SHORT),
        ("missing", {}, Bearer.LEADER, Ground.LEADER_COUNTED),
        ("missing", {"counted": None}, Bearer.OPERATOR, Ground.UNKNOWN),
        (
            "damaged",
            {"counted": 5, "counted_cause": Cause.DAMAGED},
            Bearer.DRIVER,
            Ground.LEADER_REPORTED,
        ),
        ("damaged", {}, Bearer.LEADER, Ground.LEADER_COUNTED),
        ("damaged", {"counted": None}, Bearer.OPERATOR, Ground.UNKNOWN),
        ("wrong_item", {}, Bearer.WAREHOUSE, Ground.WRONG_SLOT),
        ("spoiled", {}, Bearer.SUPPLIER, Ground.HIDDEN_DEFECT),
        ("other", {}, Bearer.SUPPLIER, Ground.HIDDEN_DEFECT),
        ("spoiled", {"accepted": None}, Bearer.OPERATOR, Ground.UNKNOWN),
        ("light_weight", {}, Bearer.SUPPLIER, Ground.PACKED_LIGHT),
        ("light_weight", {"is_weighed": True}, Bearer.WAREHOUSE, Ground.WEIGHED_BY_US),
        ("light_weight", {"accepted": 0}, Bearer.OPERATOR, Ground.UNKNOWN),
    ],
)
def test_the_first_wrong_count_tells(
    kind: str, changes: dict[str, Any], bearer: Bearer, ground: Ground
) -> None:
    proposal = propose(kind, replace(RIGHT, **changes))

    assert (proposal.bearer, proposal.ground) == (bearer, ground)


@pytest.mark.parametrize("kind", KINDS)
def test_a_leader_who_counted_nothing_is_never_proposed(kind: str) -> None:
    assert propose(kind, UNCOUNTED).bearer is not Bearer.LEADER


@pytest.mark.parametrize(
    ("refund_fen", "rate_bp", "loss_fen"),
    [(500, 1_000, 450), (499, 1_000, 449), (1, 1_000, 0), (500, 0, 500), (500, 10_000, 0)],
)
def test_a_leader_loses_the_refund_less_its_commission(
    refund_fen: int, rate_bp: int, loss_fen: int
) -> None:
    assert leader_loss_fen(refund_fen, rate_bp) == loss_fen
