"""The handover code of a stop: shown to its leader, checked when a driver sends it."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db.models import F, Max
from django.utils.translation import gettext as _

from fulfillment.domain.handover import HandoverMethod
from fulfillment.domain.handover_codes import (
    LIVE,
    OFFLINE_MAX,
    WRONG_MAX,
    WRONG_SPAN,
    code_of,
    is_code_right,
    slice_no,
    slices_accepted,
)
from fulfillment.models.delivery import Stop
from fulfillment.models.driving import DriverEvent, DriverEventKind, DriverEventOutcome
from fulfillment.models.totes import LoadCheck
from fulfillment.route_errors import HandoverCodeWrong


def handover_code(stop: Stop, now: datetime) -> str:
    """The six digits that the stop's leader shows the driver now; they change every ten minutes."""
    return code_of(_key(), stop.pk, slice_no(now))


def handover_code_check(
    stop: Stop, code: str, now: datetime, *, entered_at: datetime | None = None
) -> None:
    """Refuse a code that the leader's page did not show while the driver could be there.

    A code proves the one handover that stands; taken back, it may be entered
    again. Call it holding the run, so that guesses come one by one.

    Parameters
    ----------
    entered_at
        When the phone says it was typed; without, now.

    Raises
    ------
    HandoverCodeWrong
        For a wrong code, or after too many of them in ten minutes.
    """
    if _wrong_lately(stop, now) >= WRONG_MAX:
        raise HandoverCodeWrong(
            _("Too many wrong codes. Wait ten minutes, or let the leader sign.")
        )
    entered_at = entered_at or now
    slices = slices_accepted(
        entered_at=entered_at, since=_not_there_before(stop, entered_at), now=now
    )
    if not is_code_right(_key(), stop.pk, code, slices):
        raise HandoverCodeWrong(_("This is not the code on the leader's page, or it has run out."))


def _key() -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"handover codes", hashlib.sha256)


def _wrong_lately(stop: Stop, now: datetime) -> int:
    return DriverEvent.objects.filter(
        stop=stop,
        kind=DriverEventKind.HAND_OVER,
        body__method=HandoverMethod.CODE.value,
        result__outcome=DriverEventOutcome.REFUSED,
        result__applies_at__isnull=True,
        received_at__gt=now - WRONG_SPAN,
    ).count()


def _not_there_before(stop: Stop, entered_at: datetime) -> datetime:
    """The last moment before an entry at which we heard from the phone as it happened."""
    live = DriverEvent.objects.filter(
        trip_id=stop.trip_id,
        device_at__lte=entered_at,
        received_at__lte=F("device_at") + LIVE,
    )
    heard: datetime | None = live.aggregate(at=Max("received_at"))["at"]
    if heard is not None:
        return heard
    check = LoadCheck.objects.filter(trip_id=stop.trip_id).first()
    return check.signed_at if check else entered_at - OFFLINE_MAX
