"""What a proof of delivery says is read from what phones and people entered."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import HandoverMethod, LineCount
from fulfillment.domain.lifecycle import StopState
from fulfillment.domain.trip_returns import StopResult
from fulfillment.models.delivery import Trip
from fulfillment.models.driving import (
    DeliveryProof,
    DriverEvent,
    DriverEventKind,
    DriverEventOutcome,
    DriverEventResult,
    ProofKind,
)
from fulfillment.models.handover import Handover
from fulfillment.papers.delivery_proof import DeliveryProofContent
from fulfillment.selectors.papers.delivery_proof import delivery_proof
from fulfillment.services.handover_count import LeaderCount, handover_count
from fulfillment.services.trip_returns import trip_return_enter
from tests.factories.docks import NIGHT, Dock, dock
from tests.factories.driving import DriverFactory
from tests.orders.photos import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def night(settings: LazySettings, tmp_path: Path) -> Dock:
    """A trip on the road with its driver."""
    settings.MEDIA_ROOT = tmp_path
    made = dock()
    made.seal_all()
    made.load_all()
    made.sign_all()
    Trip.objects.update(driver=DriverFactory.create())
    return made


def report(night: Dock, kind: DriverEventKind, outcome: DriverEventOutcome) -> None:
    stop = night.stop_of(night.drops[0])
    event = DriverEvent.objects.create(
        trip=stop.trip,
        stop=stop,
        kind=kind,
        lng=113.7,
        lat=34.75,
        device_at=NIGHT,
        received_at=NIGHT + timedelta(minutes=41),
        driver=stop.trip.driver,
        actor=night.worker,
    )
    DriverEventResult.objects.create(event=event, outcome=outcome, changed_at=NIGHT)


def end(night: Dock, state: StopState, note: str = "") -> None:
    stop = night.stop_of(night.drops[0])
    trip_return_enter(
        trip_id=stop.trip_id,
        stops=[StopResult(stop_id=stop.pk, state=state, method=HandoverMethod.CODE, note=note)],
        actor=night.worker,
        now=NIGHT,
    )


def proof(night: Dock) -> DeliveryProofContent:
    return delivery_proof(night.drops[0], printed_by="lin", now=NIGHT)


def test_what_stands_of_the_phones_reports_is_shown_with_both_times(night: Dock) -> None:
    report(night, DriverEventKind.ARRIVE, DriverEventOutcome.APPLIED)
    report(night, DriverEventKind.HAND_OVER, DriverEventOutcome.UNDONE)
    report(night, DriverEventKind.POSITION, DriverEventOutcome.APPLIED)
    end(night, StopState.DELIVERED)

    (part,) = proof(night).parts

    (event,) = part.events
    assert (event.what, event.by, event.place) == ("Arrived", "李建国", "113.70000, 34.75000")
    assert (event.device_at, event.server_at) == (NIGHT, NIGHT + timedelta(minutes=41))
    assert (part.ending, part.agreement) == ("Delivered", "Signed")
    assert part.method == "Code from the leader's page"


def test_a_leaders_difference_and_its_photo_are_in_it(night: Dock) -> None:
    end(night, StopState.DELIVERED)
    egg = night.skus["egg"]
    handover_count(
        handover_id=Handover.objects.get().pk,
        counts=LeaderCount(
            event_id=uuid4(),
            lines=(LineCount(sku_id=egg.pk, counted=3, cause=Cause.DAMAGED),),
            photos={egg.pk: photo(1)},
        ),
        actor=night.worker,
        now=NIGHT + timedelta(minutes=5),
    )

    found = proof(night)

    lines = {line.name: (line.sent, line.received, line.causes) for line in found.lines}
    assert lines == {
        "土豆 1kg": (6, 6, ""),
        "鸡蛋 30枚": (4, 3, "Damaged 1"),
        "鲜牛奶 950ml": (2, 2, ""),
    }
    assert [picture.data[:2] for picture in found.pictures] == [b"\xff\xd8"]
    assert "鸡蛋 30枚" in found.pictures[0].caption


def test_of_a_failed_stop_nothing_arrived(night: Dock) -> None:
    end(night, StopState.FAILED, "没人")

    found = proof(night)

    assert {line.received for line in found.lines} == {0}
    assert sum(line.sent for line in found.lines) == 12
    (part,) = found.parts
    assert (part.ending, part.agreement, part.method, part.handed_at) == ("Failed", "", "", None)
    assert (part.totes_delivered, part.note) == (0, "没人")


def test_a_picture_whose_file_is_gone_is_left_out(night: Dock, tmp_path: Path) -> None:
    end(night, StopState.DELIVERED)
    stop = night.stop_of(night.drops[0])
    for name in ("a", "b"):
        DeliveryProof.objects.create(
            stop=stop,
            kind=ProofKind.PHOTO,
            picture=ContentFile(photo(1), name=f"{name}.png"),
            device_at=NIGHT,
            received_at=NIGHT,
            actor=night.worker,
        )
    next(tmp_path.rglob("a*.png")).unlink()

    assert len(proof(night).pictures) == 1
