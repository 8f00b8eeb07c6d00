"""What an import says of rows it refused, and of what it mended."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from orders.domain.foreign_orders.places import Repair
from orders.domain.foreign_orders.understanding import Note, Refusal, Refused, Remark

REFUSALS: Mapping[Refusal, str] = {
    Refusal.NO_NUMBER: gettext_noop("The row has no order number."),
    Refusal.NO_RECEIVER: gettext_noop("The row names nobody who receives the goods."),
    Refusal.NO_GOODS: gettext_noop("The row names no goods."),
    Refusal.QTY_INVALID: gettext_noop("“{words}” is no quantity."),
    Refusal.AMOUNT_INVALID: gettext_noop("“{words}” is no amount of money."),
    Refusal.AMOUNT_NOT_PER_PIECE: gettext_noop(
        "The amount cannot be shared evenly over the pieces: {words}"
    ),
    Refusal.FEWER_PIECES_THAN_ORDERS: gettext_noop(
        "A merged row has fewer pieces than orders: {words}"
    ),
    Refusal.SEVERAL_GOODS_MERGED: gettext_noop(
        "A merged row lists several goods; nobody can tell whose they are."
    ),
    Refusal.CANCELLED: gettext_noop("The order was cancelled there: {words}"),
    Refusal.REFUNDED: gettext_noop("The order was refunded there: {words}"),
    Refusal.PARTLY_REFUNDED: gettext_noop("The refund is no whole number of pieces: {words}"),
    Refusal.NOT_PAID: gettext_noop("The order was not paid there: {words}"),
    Refusal.GOODS_UNKNOWN: gettext_noop("“{words}” is no goods of this campaign."),
    Refusal.GOODS_AMBIGUOUS: gettext_noop("“{words}” may be several goods of this campaign."),
    Refusal.LEADER_UNKNOWN: gettext_noop("There is no such leader: {words}"),
    Refusal.SOLD_OUT: gettext_noop("Sold out here: {words}"),
}
NOTES: Mapping[str, str] = {
    Remark.MERGED: gettext_noop("One row of several orders: {words}"),
    Remark.CORRECTED: gettext_noop("A remark corrects where this order belongs: {words}"),
    Remark.CORRECTION_FOR_NOBODY: gettext_noop(
        "A remark corrects an order that is not here: {words}"
    ),
    Remark.PIECES_SHARED: gettext_noop(
        "The file does not say whose the odd piece of {words} is; the first order has it."
    ),
    Remark.REFUND_TAKEN_OFF: gettext_noop("Refunded pieces were taken off: {words}"),
    Repair.LETTER_FOR_ZERO: gettext_noop("A letter o stood for a zero."),
    Repair.CHARACTER_FOR_ROOM: gettext_noop("是 stood for 室."),
    Repair.DISTRICT_TWICE: gettext_noop("The address named its district twice."),
    Repair.BUILDING_FROM_ADDRESS: gettext_noop("The answer was no building; the address has one."),
    Repair.LANE_FROM_ADDRESS: gettext_noop("The answer was no lane; the address was looked at."),
    Repair.DOOR_IN_ONE_FIELD: gettext_noop("Building and room stood in one answer."),
    Repair.ANSWERS_AGAINST_ADDRESS: gettext_noop(
        "Answers and address name different doors; the answers count."
    ),
}


def refusal_text(refused: Refused) -> str:
    """Why a row does not come in, as a sentence."""
    return _(REFUSALS[refused.reason]).format(words=refused.words)


def note_text(note: Note) -> str:
    """What is told of a row, as a sentence."""
    return _(NOTES[note.code]).format(words=note.words)
