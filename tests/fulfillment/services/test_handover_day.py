"""A whole day with a leader's count in it: explained, closed, and the books are right."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import LineCount
from fulfillment.errors import DayNotExplained
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import DeliveryRun, Stop, Trip
from fulfillment.models.exceptions import Stage
from fulfillment.models.handover import Handover
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.books import books_check
from fulfillment.selectors.day_close import day_counts
from fulfillment.selectors.handover import received_lines
from fulfillment.services.day_close import counts_declare_unrecorded, day_close
from fulfillment.services.exceptions import cases_decide_as_proposed
from fulfillment.services.handover_count import LeaderCount, handover_count
from fulfillment.services.trip_returns import trip_return_rest
from leaders.models.accounts import Role
from tests.factories.docks import Dock
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def night() -> Dock:
    """A played day on the road: sorted on paper, sealed, loaded, handed over to all leaders."""
    run = played()
    night = Dock(
        run=run,
        plan=DeliveryRun.objects.get(cutoff_run=run),
        trips=list(Trip.objects.filter(delivery_run__cutoff_run=run)),
        drops=list(Drop.objects.filter(wave__run=run, pieces__gt=0).order_by("slot_code")),
        skus={},
        worker=UserFactory.create(role=Role.WAREHOUSE),
    )
    counts_declare_unrecorded(run=run, stage=Stage.SORT, reason="纸单", actor=night.worker, now=NOW)
    for drop in night.drops:
        night.seal(drop, ambient=1)
    night.load_all()
    night.sign_all()
    for trip in night.trips:
        trip_return_rest(trip_id=trip.pk, empties={}, empties_in=0, actor=night.worker, now=NOW)
    decide(night, Stage.RECEIVE)
    return night


def decide(night: Dock, stage: Stage) -> None:
    cases_decide_as_proposed(run_id=night.run.pk, stage=stage, note="", actor=night.worker, now=NOW)


def test_a_leaders_difference_keeps_the_day_open_until_it_is_decided(night: Dock) -> None:
    stop = Stop.objects.get(drop=night.drops[0])
    line = received_lines(stop.handover)[0].due
    handover_count(
        handover_id=stop.handover.pk,
        counts=LeaderCount(
            event_id=uuid4(),
            lines=(LineCount(sku_id=line.sku_id, counted=line.expected - 1, cause=Cause.SHORT),),
        ),
        actor=night.worker,
        now=NOW + timedelta(minutes=5),
    )
    counts = day_counts(night.run)
    assert counts.missing == ()
    (gap,) = counts.chain.unexplained
    assert (gap.link, gap.missing, gap.explained) == ("handover", 1, 0)
    with pytest.raises(DayNotExplained):
        day_close(run=night.run, actor=night.worker, now=NOW)

    decide(night, Stage.HANDOVER)
    day_close(run=CutoffRun.objects.get(pk=night.run.pk), actor=night.worker, now=NOW)

    chain = day_counts(night.run).chain.total
    assert chain.loaded is not None
    assert chain.delivered == chain.loaded - 1
    assert set(Handover.objects.values_list("state", flat=True)) == {"accepted"}
    assert [result.name for result in books_check() if result.violations] == []
