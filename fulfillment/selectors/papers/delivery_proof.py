"""The content of a proof of delivery, read from what people and phones entered."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.arrival_window import arrival_window
from fulfillment.models.delivery import Stop
from fulfillment.models.driving import (
    DeliveryProof,
    DriverEvent,
    DriverEventKind,
    DriverEventOutcome,
)
from fulfillment.models.exceptions import Cause, ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.handover import Handover, HandoverCount, HandoverState
from fulfillment.models.warehouse import Drop
from fulfillment.papers.delivery_proof import (
    DeliveryProofContent,
    ProofEvent,
    ProofLine,
    ProofPart,
    ProofPicture,
)
from fulfillment.papers.numbering import batch_code
from fulfillment.papers.paper import Freeze, Stamp
from fulfillment.selectors.totes import drop_contents
from orders.domain.control_code import control_code
from orders.models.catalogue import Sku

# Positions are for the way, not for the door.
SHOWN = (
    DriverEventKind.DEPART,
    DriverEventKind.ARRIVE,
    DriverEventKind.COUNT,
    DriverEventKind.HAND_OVER,
    DriverEventKind.FAIL,
    DriverEventKind.NOTE,
)
PICTURES_MOST = 24


def delivery_proof(drop: Drop, *, printed_by: str, now: datetime) -> DeliveryProofContent:
    """Everything that is known of one drop, as it is now."""
    campaign = drop.wave.run.campaign
    lines = tuple(_lines(drop))
    batch = batch_code(campaign.delivery_date, drop.wave.code.rpartition("-")[2])
    stops = (
        Stop.objects.filter(drop=drop)
        .select_related("trip__vehicle", "trip__driver", "handover__confirmed_by")
        .order_by("part_no")
    )
    link = reverse("pod-download", args=[drop.pk])
    return DeliveryProofContent(
        stamp=Stamp(
            number=f"POD-{batch}-{drop.slot_code}",
            revision=1,
            freeze=Freeze.TOTES,
            control_code=control_code((line.sku_code, line.received) for line in lines),
            code=f"{settings.SITE_URL.rstrip('/')}{link}",
            printed_at=timezone.localtime(now),
            printed_by=printed_by,
        ),
        slot=drop.slot_code,
        delivery_on=campaign.delivery_date,
        leader_name=drop.pickup_point.leader.name,
        point_name=drop.pickup_point.name,
        address=drop.pickup_point.address,
        parts=tuple(_part(stop) for stop in stops),
        lines=lines,
        pictures=tuple(_pictures(drop)),
    )


def _part(stop: Stop) -> ProofPart:
    handover: Handover | None = getattr(stop, "handover", None)
    if handover is not None and handover.state == HandoverState.PENDING:
        handover = None
    is_handed = handover is not None and handover.state != HandoverState.COUNTED
    window = arrival_window(timezone.localtime(stop.start_at))
    driver = stop.trip.driver
    return ProofPart(
        route=f"R{stop.trip.route_no:02d}-{stop.stop_seq}",
        stop_seq=stop.stop_seq,
        plate=stop.trip.vehicle.plate,
        driver=driver.name if driver else "",
        ending=stop.get_state_display(),
        agreement=handover.get_state_display() if handover and is_handed else "",
        method=handover.get_method_display() if handover and is_handed else "",
        arrive_from=window.arrive_from,
        arrive_to=window.arrive_to,
        handed_at=timezone.localtime(handover.confirmed_at) if handover and is_handed else None,
        confirmed_by=_person(handover) if handover else "",
        totes_planned=stop.totes,
        totes_delivered=handover.totes_delivered if handover else None,
        empties=handover.empties_returned if handover else None,
        note=handover.note if handover else "",
        events=tuple(_events(stop)),
    )


def _person(handover: Handover) -> str:
    who = handover.confirmed_by.get_full_name() or handover.confirmed_by.get_username()
    if handover.released_by is None:
        return who
    words = _("released by %(person)s") % {
        "person": handover.released_by.get_full_name() or handover.released_by.get_username()
    }
    return f"{who}; {words}"


def _events(stop: Stop) -> Iterator[ProofEvent]:
    """What the phone reported of a stop and stands, in the order it says."""
    rows = (
        DriverEvent.objects.filter(trip_id=stop.trip_id, kind__in=SHOWN)
        .filter(Q(stop=stop) | Q(stop__isnull=True))
        .exclude(result__outcome__in=[DriverEventOutcome.UNDONE, DriverEventOutcome.REFUSED])
        .select_related("driver", "actor")
        .order_by("device_at", "pk")
    )
    for row in rows:
        place = f"{row.lng:.5f}, {row.lat:.5f}" if row.lng is not None and row.lat else ""
        yield ProofEvent(
            what=f"{row.get_kind_display()} {row.body.get('note') or ''}".strip(),
            device_at=timezone.localtime(row.device_at),
            server_at=timezone.localtime(row.received_at),
            by=row.driver.name if row.driver else row.actor.get_username(),
            place=place,
        )


def _lines(drop: Drop) -> Iterator[ProofLine]:
    """Every SKU of the drop: what was on the vehicle, and what the cases took off or added."""
    left = {sku.sku_id: sku.pieces for sku in drop_contents(drop)}
    cases: dict[int, list[ExceptionCase]] = defaultdict(list)
    found = ExceptionCase.objects.filter(drop=drop, stage=Stage.HANDOVER, qty__gt=0)
    for case in found.order_by("pk"):
        if case.sku_id is not None:
            cases[case.sku_id].append(case)
    for sku in Sku.objects.filter(pk__in={*left, *cases}).order_by("code"):
        of_sku = cases[sku.pk]
        missing = sum(case.qty for case in of_sku if case.cause != Cause.OVER)
        over = sum(case.qty for case in of_sku if case.cause == Cause.OVER)
        remains = left.get(sku.pk, 0)
        yield ProofLine(
            sku_code=sku.code,
            name=sku.name,
            unit=sku.unit,
            sent=remains + missing,
            received=remains + over,
            causes=", ".join(f"{case.get_cause_display()} {case.qty}" for case in of_sku),
            decision=", ".join(
                case.get_bearer_display()
                for case in of_sku
                if case.state == ExceptionCaseState.DECIDED
            ),
        )


def _pictures(drop: Drop) -> Iterator[ProofPicture]:
    """The driver's pictures, then the leader's, the newest left out where there are too many."""
    proofs = DeliveryProof.objects.filter(stop__drop=drop).order_by("pk")
    counts = (
        HandoverCount.objects.filter(handover__stop__drop=drop)
        .exclude(photo="")
        .select_related("sku")
        .order_by("pk")
    )
    for proof in proofs[:PICTURES_MOST]:
        words = _("%(kind)s, phone %(device)s, received %(server)s") % {
            "kind": proof.get_kind_display(),
            "device": f"{timezone.localtime(proof.device_at):%m-%d %H:%M}",
            "server": f"{timezone.localtime(proof.received_at):%m-%d %H:%M}",
        }
        yield from _picture(proof.picture, words)
    shown = {str(count.photo): count for count in counts}
    for count in list(shown.values())[:PICTURES_MOST]:
        words = _("Leader's photo: %(goods)s, %(cause)s, %(time)s") % {
            "goods": count.sku.name,
            "cause": count.get_cause_display(),
            "time": f"{timezone.localtime(count.counted_at):%m-%d %H:%M}",
        }
        yield from _picture(count.photo, words)


def _picture(file: FieldFile, words: str) -> Iterator[ProofPicture]:
    """A stored picture; one whose file is gone is left out."""
    try:
        with file.open("rb") as opened:
            yield ProofPicture(data=opened.read(), caption=words)
    except FileNotFoundError:
        return
