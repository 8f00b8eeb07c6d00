"""docs/algorithms/day_close.md against the code."""

from django.conf import settings

from fulfillment.domain.day_close import Link, day_chain
from fulfillment.domain.day_counts import Arrival, FoundCase, SkuSupply, SlotCounts
from fulfillment.domain.exceptions import Cause, Found, Stage, default_bearer
from tests.docs.pages import tables, text

PAGE = "algorithms/day_close.md"
GAPS, EXAMPLE, BEARERS = 0, 1, 2


def case(stage: Stage, cause: Cause, case_id: int) -> FoundCase:
    return FoundCase(
        case_id=case_id,
        stage=stage,
        cause=cause,
        sku_id=1,
        point_id=None if stage is Stage.SORT else 11,
        qty=1,
        is_decided=True,
    )


def test_every_gap_of_the_page_is_the_codes() -> None:
    assert [row["gap"] for row in tables(PAGE)[GAPS]] == [link.value for link in Link]


def test_the_example_is_the_codes() -> None:
    day = day_chain(
        [SkuSupply(sku_id=1, ordered=12, accepted=11)],
        [
            SlotCounts(
                point_id=11,
                sku_id=1,
                need=12,
                allocated=10,
                refunded=2,
                sorted=10,
                is_loaded=True,
                arrival=Arrival.TAKEN,
            )
        ],
        [case(Stage.SORT, Cause.QUALITY, 1), case(Stage.HANDOVER, Cause.SHORT, 2)],
    )

    row = day.by_sku[1]
    assert day.is_explained
    assert {line["figure"]: int(line["pieces"]) for line in tables(PAGE)[EXAMPLE]} == {
        "need": row.need,
        "accepted": row.accepted,
        "lost": row.lost,
        "spare": row.spare,
        "allocated": row.allocated,
        "sorted": row.sorted,
        "loaded": row.loaded,
        "delivered": row.delivered,
        "refunded": row.refunded,
    }


def test_every_proposal_of_the_page_is_the_codes() -> None:
    rows = tables(PAGE)[BEARERS]

    assert len(rows) == 11
    for row in rows:
        found = Found(
            stage=Stage(row["found at"]),
            cause=Cause(row["cause"]),
            is_receipt_signed=row["known by then"] == "receipt signed",
            is_tote_sealed=row["known by then"] == "tote sealed",
            is_leader_counted=row["known by then"] == "leader counted",
        )
        assert default_bearer(found) == row["proposed"], row


def test_the_time_to_object_is_the_setting() -> None:
    words = f"`SUPPLIER_OBJECTION_HOURS` ({settings.SUPPLIER_OBJECTION_HOURS})"

    assert words in text(PAGE)
