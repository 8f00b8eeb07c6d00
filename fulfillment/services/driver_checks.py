"""Whether an event of a driver can be: against its trip, its load and what is entered."""

from django.utils.translation import gettext as _

from fulfillment.domain.driving import (
    AT_STOPS,
    ENDINGS,
    Ending,
    EventKind,
    Reported,
    read_ending,
    read_undone,
)
from fulfillment.domain.handover import HandoverMethod
from fulfillment.domain.trip_returns import pieces_not_handed_over, require_loaded
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.driving import DeliveryProof, DriverEvent, DriverEventOutcome
from fulfillment.models.handover import Handover, HandoverState
from fulfillment.models.totes import LoadCheck
from fulfillment.route_errors import DriverEventRefused
from fulfillment.selectors.driving import totes_on_board
from fulfillment.selectors.totes import drop_contents
from fulfillment.services.handover_codes import handover_code_check

CAN_BE_UNDONE = ENDINGS | {EventKind.ARRIVE}


def event_require_possible(
    *, row: DriverEvent, event: Reported, trip: Trip, is_closed: bool
) -> None:
    """Refuse an event that cannot be; `row` is where it is kept.

    Raises `DriverEventRefused`, `HandoverCodeWrong` or `ReturnNotPossible`, in
    words for the driver.
    """
    if event.stop_id is not None and row.stop is None:
        raise DriverEventRefused(_("This stop is not on this trip any more."))
    if event.kind in AT_STOPS and row.stop is None:
        raise DriverEventRefused(_("Say which stop this is about."))
    if is_closed:
        raise DriverEventRefused(_("This day is closed; tell the office."))
    if event.kind is EventKind.UNDO:
        _require_undoable(row, event)
    if event.kind in ENDINGS and row.stop is not None:
        ending = read_ending(event)
        _require_proof_of_stop(row.stop, ending)
        if Handover.objects.filter(stop=row.stop).exclude(state=HandoverState.PENDING).exists():
            # Entered from paper meanwhile: whether it says the same shows when it is entered.
            return
        _require_load(row.stop, ending, trip)
        _require_proved(row, ending)


def _require_undoable(row: DriverEvent, event: Reported) -> None:
    """Refuse to undo what is in the books; what has not arrived yet may be undone in advance."""
    target = (
        DriverEvent.objects.filter(event_id=read_undone(event)).select_related("result").first()
    )
    if target is None:
        return
    if target.stop_id != row.stop_id or target.kind not in CAN_BE_UNDONE:
        raise DriverEventRefused(_("This cannot be taken back."))
    if target.kind in ENDINGS and target.result.outcome == DriverEventOutcome.APPLIED:
        raise DriverEventRefused(_("It is entered already; call the office."))


def _require_proof_of_stop(stop: Stop, ending: Ending) -> None:
    if ending.proof_id is None:
        return
    if DeliveryProof.objects.filter(proof_id=ending.proof_id).exclude(stop=stop).exists():
        raise DriverEventRefused(_("This picture is of another stop."))


def _require_load(stop: Stop, ending: Ending, trip: Trip) -> None:
    """Compare an ending with what was loaded, once the load is signed for."""
    if not LoadCheck.objects.filter(trip=trip).exists():
        return
    loaded = {tote.pk for tote in totes_on_board(stop)}
    result = ending.result
    require_loaded(result, loaded)
    if ending.totes is None:
        return
    if not loaded:
        raise DriverEventRefused(_("Nothing was loaded for this stop."))
    handed = len(loaded - result.brought_back - result.lost)
    if ending.totes != handed:
        raise DriverEventRefused(
            _("You counted %(counted)d totes; %(expected)d should be here. Say which are not.")
            % {"counted": ending.totes, "expected": handed}
        )
    held = {sku.sku_id: sku.pieces for sku in drop_contents(stop.drop)}
    pieces_not_handed_over(result, held)


def _require_proved(row: DriverEvent, ending: Ending) -> None:
    stop = row.stop
    if stop is None:
        return
    if ending.is_by_code:
        handover_code_check(stop, ending.code, row.received_at, entered_at=row.device_at)
    tapped = Handover.objects.filter(stop=stop, method=HandoverMethod.TAP)
    if ending.result.method is HandoverMethod.TAP and not tapped.exists():
        raise DriverEventRefused(_("The leader has not tapped “received” yet."))
