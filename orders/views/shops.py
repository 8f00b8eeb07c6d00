"""What the shop pages share: whose shop it is."""

from django.http import Http404
from django.utils.translation import gettext as _

from leaders.models.leaders import Leader
from orders.selectors.storefront import leader_by_code


def leader_or_404(leader_code: str) -> Leader:
    """The leader whose shop this is."""
    leader = leader_by_code(leader_code)
    if leader is None:
        raise Http404(_("There is no such shop."))
    return leader
