"""Which tote a scanned or typed code means, and in words why it may not be the one wanted."""

import re
import unicodedata

from django.utils.translation import gettext as _

from fulfillment.domain.label_codes import Labelled, read_label_code
from fulfillment.errors import ToteNotExpected
from fulfillment.models.delivery import Stop, Trip
from fulfillment.models.warehouse import Tote, ToteState
from fulfillment.selectors.totes import IN_USE

# Looks like the code of a label, whether its check digit fits or not.
_LABEL_FORM = re.compile(r"[A-Z]-?[0-9]{6,12}-?[0-9]")


def tote_by_code(code: str, *, run_id: int) -> Tote:
    """Return the tote of a label's code or of a plate.

    A plate means the tote it is on now, in this night before any other.

    Raises `ToteNotExpected` and says what the code is instead.
    """
    text = unicodedata.normalize("NFKC", code).strip().upper()
    totes = Tote.objects.select_related("drop__wave__run__campaign")
    label = read_label_code(text)
    if label is not None:
        if label.labelled is not Labelled.TOTE:
            raise ToteNotExpected(
                _("%(code)s is no tote: it is %(thing)s.")
                % {"code": text, "thing": _thing(label.labelled)}
            )
        if tote := totes.filter(pk=label.number).first():
            return tote
        raise ToteNotExpected(_("No tote has the label %(code)s.") % {"code": text})
    plated = list(totes.filter(plate_no=text).order_by("-pk")) if text else []
    for wanted in (
        [tote for tote in plated if tote.drop.wave.run_id == run_id and tote.state in IN_USE],
        [tote for tote in plated if tote.state in IN_USE],
        plated,
    ):
        if wanted:
            return wanted[0]
    if _LABEL_FORM.fullmatch(text):
        raise ToteNotExpected(
            _("%(code)s is mistyped: its check digit does not fit.") % {"code": text}
        )
    raise ToteNotExpected(
        _("No tote has the plate %(code)s. Scan its label, or note plates when sealing.")
        % {"code": text or "—"}
    )


def require_of_trip(tote: Tote, trip: Trip) -> Stop:
    """Return the stop by which a tote travels with a trip.

    Raises `ToteNotExpected` and says where the tote belongs instead.
    """
    run = tote.drop.wave.run
    if run.pk != trip.delivery_run.cutoff_run_id:
        raise ToteNotExpected(
            _("Wrong day: this tote belongs to %(date)s (%(campaign)s), slot %(slot)s.")
            % {
                "date": f"{run.campaign.delivery_date:%m-%d}",
                "campaign": run.campaign.code,
                "slot": tote.drop.slot_code,
            }
        )
    stops = list(
        Stop.objects.select_related("trip").filter(drop_id=tote.drop_id).order_by("part_no")
    )
    if not stops:
        raise ToteNotExpected(
            _("Slot %(slot)s is on no route: this tote stays here.") % {"slot": tote.drop.slot_code}
        )
    for stop in stops:
        if stop.trip_id == trip.pk:
            return stop
    routes = " + ".join(str(stop.trip) for stop in stops)
    raise ToteNotExpected(
        _("Wrong trip: this tote belongs to %(route)s, slot %(slot)s.")
        % {"route": routes, "slot": tote.drop.slot_code},
        route=routes,
        slot=tote.drop.slot_code,
    )


def require_sealed(tote: Tote) -> None:
    """Let a sealed tote pass; raise `ToteNotExpected` with what the tote is instead."""
    if tote.state == ToteState.SEALED:
        return
    words = {
        ToteState.ASSIGNED: _("Not sealed: slot %(slot)s is still being packed."),
        ToteState.FREE: _("This tote was given back when slot %(slot)s was sealed."),
        ToteState.LOADED: _("Already loaded: a tote of slot %(slot)s."),
        ToteState.DELIVERED: _("This tote was delivered with slot %(slot)s."),
        ToteState.EMPTY: _("This tote came back empty; it was of slot %(slot)s."),
        ToteState.LOST: _("This tote of slot %(slot)s is written down as lost."),
    }
    raise ToteNotExpected(
        words[ToteState(tote.state)] % {"slot": tote.drop.slot_code}, state=str(tote.state)
    )


def _thing(labelled: Labelled) -> str:
    words = {
        Labelled.PORTION: _("the label of a weighed portion"),
        Labelled.PALLET: _("the label of a pallet"),
        Labelled.HOUSEHOLD: _("the label of a household"),
        Labelled.ITEM: _("the label of a resident's item"),
    }
    return words[labelled]
