"""Terms that contradict themselves are found while they can be changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orders.domain.offer_rules import OfferLimits, offer_faults

OPENS = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=16)
SECOND = timedelta(seconds=1)


def fields(**terms: Any) -> list[object]:
    """The fields that are wrong with an offer of these terms."""
    limits = replace(OfferLimits(), **terms)
    faults = offer_faults(limits, opens_at=OPENS, orders_close_at=CLOSES)
    return [fault.details["field"] for fault in faults]


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({}, id="no_limits"),
        pytest.param({"stock_cap": 1, "min_group_qty": None}, id="one_piece"),
        pytest.param({"stock_cap": 8, "stock_buckets": 8, "min_group_qty": 8}, id="just_enough"),
        pytest.param({"sells_from": OPENS, "sells_until": CLOSES}, id="the_whole_window"),
        pytest.param({"sells_from": CLOSES - SECOND}, id="the_last_second"),
        pytest.param({"min_group_qty": 2, "per_resident_limit": 1}, id="smallest_group"),
    ],
)
def test_terms_that_can_be_kept_have_no_fault(terms: dict[str, Any]) -> None:
    assert fields(**terms) == []


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ({"stock_cap": 0}, "stock_cap"),
        ({"per_resident_limit": 0}, "per_resident_limit"),
        ({"min_group_qty": 1}, "min_group_qty"),
        ({"stock_cap": 8, "min_group_qty": 9}, "min_group_qty"),
        ({"stock_buckets": 2}, "stock_buckets"),
        ({"stock_cap": 3, "stock_buckets": 4}, "stock_buckets"),
        ({"sells_from": OPENS - SECOND}, "sells_from"),
        ({"sells_from": CLOSES}, "sells_from"),
        ({"sells_until": OPENS}, "sells_until"),
        ({"sells_until": CLOSES + SECOND}, "sells_until"),
    ],
)
def test_a_fault_names_its_field(terms: dict[str, Any], wrong: str) -> None:
    assert fields(**terms) == [wrong]


def test_all_faults_are_told_at_once() -> None:
    assert fields(stock_cap=0, per_resident_limit=0, sells_from=CLOSES) == [
        "stock_cap",
        "per_resident_limit",
        "sells_from",
    ]
