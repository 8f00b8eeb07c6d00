"""Claims in words: why somebody is proposed to bear one, why a rule left it, what happened."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from fulfillment.domain.claim_liability import Ground
from orders.domain.claim_rules import Obstacle

register = template.Library()


@register.filter
def ground_words(ground: Ground) -> str:
    """Why the counts propose a bearer."""
    words = {
        Ground.SORTED_SHORT: _("Fewer pieces were sorted than planned."),
        Ground.NOT_LOADED: _("The load was never signed for."),
        Ground.DRIVER_SHORT: _("The leader counted fewer than were loaded."),
        Ground.LEADER_REPORTED: _("The leader reported it at the handover."),
        Ground.LEADER_COUNTED: _("The leader counted and found nothing wrong."),
        Ground.WRONG_SLOT: _("The goods were put into the wrong slot."),
        Ground.HIDDEN_DEFECT: _("The dock accepted them; the defect was hidden."),
        Ground.PACKED_LIGHT: _("The supplier packed them; we did not weigh them."),
        Ground.WEIGHED_BY_US: _("Our weigh station weighed them."),
        Ground.UNKNOWN: _("The counts do not tell."),
    }
    return words[ground]


@register.filter
def obstacle_words(obstacle: Obstacle) -> str:
    """Why a rule leaves a claim to a person."""
    words = {
        Obstacle.AMOUNT: _("above the amount a rule may approve"),
        Obstacle.NOTHING_DUE: _("within the tolerance: the rules owe nothing"),
        Obstacle.OFTEN: _("a rule has approved this resident's claims often enough lately"),
        Obstacle.RISK: _("many or rejected claims of this resident"),
        Obstacle.PHOTO_KNOWN: _("a photo was seen before"),
        Obstacle.LATE: _("later than 24 hours"),
        Obstacle.LEADER_DISAGREES: _("the leader disagrees"),
    }
    return words[obstacle]


@register.filter
def moment_words(what: str) -> str:
    """What happened to an order or a claim."""
    words = {
        "placed": _("Ordered"),
        "paid": _("Paid"),
        "handed_over": _("Handed to the leader"),
        "picked_up": _("Picked up"),
        "filed": _("Claim filed"),
        "leader": _("Leader's word"),
        "replied": _("First word to the resident"),
        "decided": _("Decided"),
    }
    return words[what]


@register.filter
def minutes_until(due_at: datetime, now: datetime) -> int:
    """`{{ due_at|minutes_until:now }}`: whole minutes left, negative once it is over."""
    return int((due_at - now).total_seconds() // 60)


@register.filter
def span_words(minutes: int) -> str:
    """A span of minutes, such as 25 min or 11 h 5 min, without its sign."""
    hours, rest = divmod(abs(minutes), 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return _("%(minutes)d min") % {"minutes": rest}
