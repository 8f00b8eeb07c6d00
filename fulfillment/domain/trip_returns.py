"""What comes back from a trip: how every stop ended, checked against what was loaded."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.handover import HandoverMethod
from fulfillment.domain.lifecycle import HandoverState, StopState
from fulfillment.errors import ReturnNotPossible

# More empties at one stop than a van holds: a slip of the finger.
EMPTIES_MAX = 500
NOTE_LENGTH = 200
_NOTHING_TAKEN = frozenset({StopState.REFUSED, StopState.FAILED})
_ENDINGS = frozenset({StopState.DELIVERED, StopState.PARTLY}) | _NOTHING_TAKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDifference:
    """Pieces of one SKU that were not handed over, and why; with `over`, too many."""

    sku_id: int
    qty: int
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class StopResult:
    """How one stop ended, as the papers that come back say.

    Attributes
    ----------
    state
        Delivered, partly, refused or failed. Refused and failed bring back
        everything that was loaded.
    brought_back, lost
        Keys of totes that were not handed over: back full, or gone.
    empties
        Empty totes the driver took along.
    differences
        Of a stop delivered in part: which pieces were not handed over.
    is_signed
        The leader signed.
    method
        How the handover was proved.
    note
        Why a stop was refused or failed, or where goods were left unsigned.

    Raises
    ------
    ReturnNotPossible
        If the parts contradict each other.
    """

    stop_id: int
    state: StopState
    brought_back: frozenset[int] = frozenset()
    lost: frozenset[int] = frozenset()
    empties: int = 0
    differences: tuple[LineDifference, ...] = ()
    is_signed: bool = True
    method: HandoverMethod = HandoverMethod.PAPER
    note: str = ""

    def __post_init__(self) -> None:
        if self.state not in _ENDINGS:
            raise ReturnNotPossible("Say how the stop ended.", state=str(self.state))
        if not 0 <= self.empties <= EMPTIES_MAX:
            raise ReturnNotPossible("So many empty totes are not possible.", empties=self.empties)
        if any(difference.qty < 1 for difference in self.differences):
            raise ReturnNotPossible("A difference is at least one piece.")
        if self.state is not StopState.PARTLY and (
            self.brought_back or self.lost or self.differences
        ):
            raise ReturnNotPossible("Differences belong to a stop that was delivered in part.")
        if self.state is StopState.PARTLY and not self.differences:
            raise ReturnNotPossible("Name the goods that were not handed over.")
        if (not self.is_signed or self.state in _NOTHING_TAKEN) and not self.note.strip():
            raise ReturnNotPossible("Say in a note what happened.")

    @property
    def is_nothing_taken(self) -> bool:
        """Whether all goods of the stop came back."""
        return self.state in _NOTHING_TAKEN

    @property
    def handover_state(self) -> HandoverState:
        """What driver and leader agreed on; where nothing was taken, only counted."""
        if self.is_nothing_taken:
            return HandoverState.COUNTED
        return HandoverState.SIGNED if self.is_signed else HandoverState.UNSIGNED


def pieces_not_handed_over(
    result: StopResult, held: Mapping[int, int]
) -> dict[tuple[int, Cause], int]:
    """Return (SKU, cause) → pieces that a stop's result says about its goods.

    Parameters
    ----------
    held
        SKU → pieces that were loaded for the stop and are not explained yet.

    Raises
    ------
    ReturnNotPossible
        If more is said to be missing than was loaded; `sku_id` says of what.
    """
    if result.is_nothing_taken:
        return {(sku_id, Cause.RETURNED): qty for sku_id, qty in held.items() if qty > 0}
    said: Counter[tuple[int, Cause]] = Counter()
    missing: Counter[int] = Counter()
    for difference in result.differences:
        said[difference.sku_id, difference.cause] += difference.qty
        if difference.cause is not Cause.OVER:
            missing[difference.sku_id] += difference.qty
    for sku_id, qty in missing.items():
        if qty > held.get(sku_id, 0):
            raise ReturnNotPossible(
                "So many pieces were not loaded for this stop.", sku_id=sku_id, qty=qty
            )
    return dict(said)


def require_loaded(result: StopResult, loaded: Collection[int]) -> None:
    """Refuse totes that a stop did not have, or that are both back and lost."""
    if (result.brought_back | result.lost) - set(loaded) or result.brought_back & result.lost:
        raise ReturnNotPossible("A tote of this stop was not on the vehicle.")
