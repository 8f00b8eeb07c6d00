"""Which labels are meant: a kind, and whose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from fulfillment.domain.label_codes import Labelled
from fulfillment.domain.sorting import SLOT_TEXT, natural_key, parse_slot
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.warehouse import Drop
from leaders.models.accounts import Role, User
from leaders.models.leaders import Leader
from leaders.selectors.access import roles_of
from leaders.selectors.leaders import leader_of_user

# What carries residents' names at a leader's own point is the leader's to print.
LEADERS_KINDS = (Labelled.ITEM, Labelled.HOUSEHOLD)
# Who in the warehouse prints which kind, in the order of the night.
PRINTERS: Mapping[Labelled, frozenset[str]] = {
    Labelled.PALLET: frozenset({Role.WAREHOUSE, Role.RECEIVER}),
    Labelled.PORTION: frozenset({Role.WAREHOUSE, Role.SORTER}),
    Labelled.TOTE: frozenset({Role.WAREHOUSE, Role.SORTER}),
    Labelled.HOUSEHOLD: frozenset({Role.WAREHOUSE}),
    Labelled.ITEM: frozenset({Role.WAREHOUSE}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChoice:
    """Which labels of a run; everything that is named narrows the choice.

    Attributes
    ----------
    of
        The key of one row: a tote, a portion, a count at the dock, an order
        (household) or an allocation (item).
    route_no
        The route a drop is on now.
    leader
        Set for a leader who prints: nobody else's labels are in any choice.
    """

    kind: Labelled
    of: int | None = None
    slot: str = ""
    route_no: int | None = None
    leader_code: str = ""
    sku_code: str = ""
    leader: Leader | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the kind is named."""
        return any(
            (self.of, self.slot, self.route_no, self.leader_code, self.sku_code, self.leader)
        )


def kinds_visible(user: User) -> tuple[Labelled, ...]:
    """The kinds of labels the acting user may print, in the order of the night."""
    if user.role == Role.LEADER and not user.is_superuser:
        return LEADERS_KINDS if leader_of_user(user) is not None else ()
    roles = roles_of(user)
    return tuple(kind for kind, printers in PRINTERS.items() if not roles.isdisjoint(printers))


def drops_chosen(run: CutoffRun, choice: LabelChoice) -> list[Drop]:
    """The drops a choice is about, in the order of their slots."""
    return in_slot_order(
        _drops(run, choice).select_related("pickup_point__leader").prefetch_related("stops__trip")
    )


def in_slot_order(drops: Iterable[Drop]) -> list[Drop]:
    """Drops by slot as numbers; those without a slot come last."""
    return sorted(drops, key=lambda drop: (not drop.slot_code, natural_key(drop.slot_code)))


def _drops(run: CutoffRun, choice: LabelChoice) -> QuerySet[Drop]:
    drops = Drop.objects.filter(wave__run=run)
    if choice.slot:
        drops = drops.filter(slot_code=_slot(choice.slot))
    if choice.route_no is not None:
        drops = drops.filter(stops__trip__route_no=choice.route_no)
    if choice.leader_code:
        drops = drops.filter(pickup_point__leader__code=choice.leader_code)
    if choice.leader is not None:
        drops = drops.filter(pickup_point__leader=choice.leader)
    return drops


def _slot(text: str) -> str:
    """A slot as it is stored: 3-7 is 3-07."""
    return str(parse_slot(text)) if SLOT_TEXT.fullmatch(text.strip()) else text.strip()
