"""Balances of totes: sums of movements, put right by a count with a reason."""

from uuid import uuid4

import pytest

from fulfillment.errors import ToteCorrectionNotPossible
from fulfillment.models.totes import ToteCount
from fulfillment.selectors.totes import (
    Holder,
    opening_tote_balances,
    tote_balances,
    tote_statement,
)
from fulfillment.services.tote_ledger import COUNTED_MAX, Recount, tote_balance_correct
from fulfillment.services.trip_returns import trip_return_rest
from leaders.models.leaders import Leader
from tests.factories.docks import NIGHT, Dock, dock

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Dock:
    """A night whose trip is out and back: the first leader gave five empties."""
    made = dock()
    made.seal_all()
    made.load_all()
    made.sign_all()
    trip_return_rest(
        trip_id=made.trips[0].pk,
        empties={made.stop_of(made.drops[0]).pk: 5},
        empties_in=4,
        actor=made.worker,
        now=NIGHT,
    )
    return made


def leader_of(night: Dock, nth: int) -> Leader:
    return night.drops[nth].pickup_point.leader


def recount(night: Dock, counted: int, reason: str = "counted at the door") -> ToteCount | None:
    return tote_balance_correct(
        holder=Holder.LEADER,
        holder_id=leader_of(night, 0).pk,
        recount=Recount(counted=counted, reason=reason, event_id=uuid4()),
        actor=night.worker,
        now=NIGHT,
    )


def test_balances_are_what_went_out_less_what_came_back(night: Dock) -> None:
    leaders = {
        row.code: (row.out_qty, row.in_qty, row.balance) for row in tote_balances(Holder.LEADER)
    }
    vehicles = [(row.name, row.balance) for row in tote_balances(Holder.VEHICLE)]

    assert leaders == {leader_of(night, 0).code: (3, 5, -2), leader_of(night, 1).code: (3, 0, 3)}
    assert vehicles == [(night.trips[0].vehicle.plate, 1)]


def test_the_most_come_first_and_a_search_finds_codes_names_and_plates(night: Dock) -> None:
    codes = [row.code for row in tote_balances(Holder.LEADER)]

    assert codes == [leader_of(night, 1).code, leader_of(night, 0).code]
    assert [row.code for row in tote_balances(Holder.LEADER, query=codes[0].lower())] == codes[:1]
    plate = night.trips[0].vehicle.plate
    assert [row.name for row in tote_balances(Holder.VEHICLE, query=plate[-4:])] == [plate]
    assert tote_balances(Holder.VEHICLE, query="nobody") == []


def test_a_statement_shows_every_movement_with_the_balance_after_it(night: Dock) -> None:
    recount(night, 1)

    statement = tote_statement(Holder.LEADER, leader_of(night, 0).pk)

    rows = [(move.count.out_qty, move.count.in_qty, move.balance) for move in statement]
    assert rows == [(3, 0, 1), (3, 5, -2)]
    assert statement[0].count.reason == "counted at the door"


def test_a_count_makes_the_balance_what_was_found(night: Dock) -> None:
    more = recount(night, 4)
    less = recount(night, 1)
    same = recount(night, 1)

    assert more is not None
    assert less is not None
    assert (more.out_qty, more.in_qty, more.trip) == (6, 0, None)
    assert (less.out_qty, less.in_qty) == (0, 3)
    assert same is None


def test_the_same_count_sent_twice_moves_once(night: Dock) -> None:
    count = Recount(counted=9, reason="found in the yard", event_id=uuid4())

    for _twice in range(2):
        tote_balance_correct(
            holder=Holder.VEHICLE,
            holder_id=night.trips[0].vehicle_id,
            recount=count,
            actor=night.worker,
            now=NIGHT,
        )

    assert [row.balance for row in tote_balances(Holder.VEHICLE)] == [9]


@pytest.mark.parametrize(
    ("counted", "reason"), [(3, " "), (-1, "less"), (COUNTED_MAX + 1, "typed wrong")]
)
def test_a_correction_needs_a_reason_and_a_possible_count(
    night: Dock, counted: int, reason: str
) -> None:
    with pytest.raises(ToteCorrectionNotPossible):
        recount(night, counted, reason)


def test_papers_open_with_what_was_there_at_the_cut_off(night: Dock) -> None:
    next_night = dock(campaign_code="C2")
    before = opening_tote_balances(night.run)
    next_night.run.campaign.freeze_at = NIGHT.replace(day=11)

    opening = opening_tote_balances(next_night.run)

    assert (before.leaders, before.vehicles) == ({}, {})
    assert opening.leaders == {leader_of(night, 0).pk: -2, leader_of(night, 1).pk: 3}
    assert opening.vehicles == {night.trips[0].vehicle_id: 1}
