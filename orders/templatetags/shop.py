"""What shop pages show in many places: the operator's foot, days, and time that is left."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders.domain.money import yuan_text
from orders.domain.shelf import BasketChange, ChangeKind
from orders.models.legal import RuleKind
from orders.selectors.legal import operator_name

register = template.Library()

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400


@register.inclusion_tag("orders/shop/_foot.html")
def shop_foot() -> dict[str, object]:
    """The foot of every page a resident sees: who sells, by which licence, under which rules."""
    return {"operator": operator_name(timezone.localdate()), "kinds": RuleKind.choices}


@register.filter
def day_word(day: date) -> str:
    """A day as people say it: today and tomorrow by name, with the date."""
    text = date_format(day, "MONTH_DAY_FORMAT")
    ahead = (day - timezone.localdate()).days
    if ahead == 0:
        return _("today ({day})").format(day=text)
    if ahead == 1:
        return _("tomorrow ({day})").format(day=text)
    return text


@register.filter
def time_word(at: datetime) -> str:
    """A moment as people say it: the clock alone today, otherwise with the date."""
    local = timezone.localtime(at)
    clock = f"{local:%H:%M}"
    if local.date() == timezone.localdate():
        return clock
    return f"{date_format(local.date(), 'MONTH_DAY_FORMAT')} {clock}"


@register.filter
def left_word(at: datetime) -> str:
    """The time left until a moment, to the minute: 3 小时 12 分; a script counts on from there."""
    left_s = max(0, int((at - timezone.now()) / timedelta(seconds=1)))
    days, rest = divmod(left_s, DAY_S)
    hours, rest = divmod(rest, HOUR_S)
    minutes = rest // MINUTE_S
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min").format(minutes=minutes)


@register.filter
def change_word(change: BasketChange) -> str:
    """What became of a line of the basket, in a sentence."""
    if change.kind is ChangeKind.GONE:
        if not change.name:
            return _("Something in your cart is no longer sold; it was taken out.")
        return _("{name} is sold out or no longer on sale; it was taken out.").format(
            name=change.name
        )
    if change.kind is ChangeKind.FEWER:
        return _("{name}: you can have {after} now, not {before}.").format(
            name=change.name, after=change.after, before=change.before
        )
    return _("{name} costs {after} now, not {before}.").format(
        name=change.name, after=yuan_text(change.after), before=yuan_text(change.before)
    )


@register.filter
def progress_percent(done: int, whole: int | None) -> int:
    """How far something has come, 0 to 100."""
    return min(100, done * 100 // whole) if whole else 0


@register.filter
def seconds_left(at: datetime) -> int:
    """Whole seconds until a moment by the server's clock; a phone's own may be wrong."""
    return max(0, int((at - timezone.now()) / timedelta(seconds=1)))
