"""Words with which a leader wins a neighbour back; nobody else sends them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def win_back_text(
    *, name: str, script: str, usual: Sequence[str], usual_on_sale: Sequence[str], address: str
) -> str:
    """A word to one neighbour: the operator's script if there is one, their goods, the way back.

    Goods are named as on sale only if they are.
    """
    lines = [_("Hello {name}, it has been a while!").format(name=name) if name else _("Hello!")]
    if script.strip():
        lines.append(script.strip())
    comma = pgettext("between goods", ", ")
    if usual_on_sale:
        goods = comma.join(usual_on_sale)
        lines.append(_("What you like is on sale again: {goods}").format(goods=goods))
    elif usual:
        goods = comma.join(usual)
        lines.append(_("Shall I tell you when there is {goods} again?").format(goods=goods))
    lines.append(_("Have a look → {address}").format(address=address))
    return "\n".join(lines)
