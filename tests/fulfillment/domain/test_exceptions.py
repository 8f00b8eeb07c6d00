"""Who bears a loss unless a person decides otherwise."""

import pytest

from fulfillment.domain.exceptions import (
    CAUSE_LETTERS,
    CAUSE_LETTERS_LATIN,
    Bearer,
    Cause,
    Found,
    Stage,
    default_bearer,
)

PROPOSALS = [
    pytest.param(
        Found(stage=Stage.RECEIVE, cause=Cause.SHORT), Bearer.SUPPLIER, id="short_at_the_dock_case"
    ),
    pytest.param(
        Found(stage=Stage.RECEIVE, cause=Cause.DAMAGED),
        Bearer.SUPPLIER,
        id="damage_before_signing_case",
    ),
    pytest.param(
        Found(stage=Stage.RECEIVE, cause=Cause.DAMAGED, is_receipt_signed=True),
        Bearer.WAREHOUSE,
        id="damage_after_signing_case",
    ),
    pytest.param(
        Found(stage=Stage.RECEIVE, cause=Cause.OVER), Bearer.SUPPLIER, id="over_delivery_case"
    ),
    pytest.param(
        Found(stage=Stage.SORT, cause=Cause.SHORT), Bearer.WAREHOUSE, id="lost_in_sorting_case"
    ),
    pytest.param(
        Found(stage=Stage.SORT, cause=Cause.QUALITY), Bearer.WAREHOUSE, id="bad_in_sorting_case"
    ),
    pytest.param(
        Found(stage=Stage.WEIGH, cause=Cause.WEIGHT), Bearer.OPERATOR, id="outside_the_band_case"
    ),
    pytest.param(
        Found(stage=Stage.WEIGH, cause=Cause.DAMAGED), Bearer.WAREHOUSE, id="dropped_portion_case"
    ),
    pytest.param(
        Found(stage=Stage.LOAD, cause=Cause.SHORT), Bearer.WAREHOUSE, id="missing_at_load_case"
    ),
    pytest.param(
        Found(stage=Stage.HANDOVER, cause=Cause.SHORT), Bearer.DRIVER, id="missing_on_the_road_case"
    ),
    pytest.param(
        Found(stage=Stage.HANDOVER, cause=Cause.SHORT, is_tote_sealed=True),
        Bearer.WAREHOUSE,
        id="missing_under_a_seal_case",
    ),
    pytest.param(
        Found(stage=Stage.HANDOVER, cause=Cause.DAMAGED, is_tote_sealed=True),
        Bearer.DRIVER,
        id="crushed_under_a_seal_case",
    ),
    pytest.param(
        Found(stage=Stage.HANDOVER, cause=Cause.WRONG), Bearer.WAREHOUSE, id="wrong_slot_case"
    ),
    pytest.param(
        Found(stage=Stage.HANDOVER, cause=Cause.RETURNED), Bearer.OPERATOR, id="sent_back_case"
    ),
    pytest.param(
        Found(stage=Stage.HANDOVER, cause=Cause.SHORT, is_leader_counted=True, is_tote_sealed=True),
        Bearer.LEADER,
        id="after_the_leaders_count_case",
    ),
]


@pytest.mark.parametrize(("found", "bearer"), PROPOSALS)
def test_whoever_had_the_goods_is_proposed(found: Found, bearer: Bearer) -> None:
    assert default_bearer(found) is bearer


def test_every_find_has_a_bearer() -> None:
    flags = (False, True)

    bearers = {
        default_bearer(
            Found(
                stage=stage,
                cause=cause,
                is_receipt_signed=signed,
                is_tote_sealed=sealed,
                is_leader_counted=counted,
            )
        )
        for stage in Stage
        for cause in Cause
        for signed in flags
        for sealed in flags
        for counted in flags
    }

    assert bearers == set(Bearer)


def test_every_cause_has_a_letter_of_its_own() -> None:
    assert "".join(CAUSE_LETTERS[cause] for cause in Cause) == "缺破质重错退多"
    assert len(set(CAUSE_LETTERS_LATIN.values())) == len(Cause) == len(CAUSE_LETTERS_LATIN)
