"""Reasons of drivers in words."""

from django.utils.translation import gettext as _

from fulfillment.domain.driving import FailReason


def reason_words(reason: FailReason) -> str:
    """Why a stop was not handed over, as a driver says it; nothing for a reason of one's own."""
    words = {
        FailReason.ABSENT: _("Nobody there."),
        FailReason.REFUSED: _("Refused."),
        FailReason.NO_ACCESS: _("Could not get there."),
        FailReason.VEHICLE: _("The vehicle broke down."),
        FailReason.NOTHING_LOADED: _("Nothing was loaded."),
        FailReason.OTHER: "",
    }
    return words[reason]
