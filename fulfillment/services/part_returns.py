"""What comes back of a drop that travels in parts: goods count once, however many trips say so."""

from collections.abc import Collection
from dataclasses import dataclass

from fulfillment.domain.exceptions import Cause
from fulfillment.domain.trip_returns import StopResult, pieces_not_handed_over
from fulfillment.models.delivery import Stop, StopState
from fulfillment.models.warehouse import Tote
from fulfillment.selectors.drop_parts import StopTotes
from fulfillment.selectors.totes import SEALED_OR_LATER, drop_contents
from fulfillment.selectors.trip_returns import handover_cases, stops_open

_NOTHING_TAKEN = (StopState.REFUSED, StopState.FAILED)


@dataclass(frozen=True, slots=True)
class NotHandedOver:
    """(SKU, cause) → pieces, and totes that came back full with goods that nobody has named."""

    pieces: dict[tuple[int, Cause], int]
    unknown: tuple[Tote, ...] = ()


def not_handed_over(
    *, here: StopTotes, totes: Collection[Tote], result: StopResult
) -> NotHandedOver:
    """Return what a stop's result says about its goods.

    A whole drop answers for itself. The leader of a drop in parts checks the
    goods of the whole drop, so a difference that another part has told already
    is the same one: only what exceeds it counts. Where a part brings back
    everything, its goods are known if all totes of their class were on it, or
    if no part left anything; otherwise somebody has to look into the totes.

    Parameters
    ----------
    totes
        All totes of the drop.
    """
    held = {sku.sku_id: sku for sku in drop_contents(here.stop.drop)}
    pieces = {sku_id: sku.pieces for sku_id, sku in held.items()}
    if not here.others:
        return NotHandedOver(pieces_not_handed_over(result, pieces))
    if not result.is_nothing_taken:
        told = handover_cases(here.stop.drop_id)
        # What is told is taken off what is held; both together were loaded.
        for (sku_id, cause), qty in told.items():
            if cause is not Cause.OVER:
                pieces[sku_id] = pieces.get(sku_id, 0) + qty
        said = pieces_not_handed_over(result, pieces)
        return NotHandedOver(
            {key: more for key, qty in said.items() if (more := qty - told.get(key, 0)) > 0}
        )
    if _left_nothing(here.others):
        return NotHandedOver(pieces_not_handed_over(result, pieces))
    elsewhere = {
        tote.storage for tote in totes if tote.state in SEALED_OR_LATER and tote not in here.loaded
    }
    return NotHandedOver(
        {
            (sku_id, Cause.RETURNED): sku.pieces
            for sku_id, sku in held.items()
            if sku.storage not in elsewhere and sku.storage in {row.storage for row in here.loaded}
        },
        tuple(row for row in here.loaded if row.storage in elsewhere),
    )


def _left_nothing(parts: Collection[Stop]) -> bool:
    """Whether every one of these stops is entered, and all its goods came back."""
    is_open = stops_open().filter(pk__in=[part.pk for part in parts]).exists()
    return not is_open and all(part.state in _NOTHING_TAKEN for part in parts)
