"""Two plans side by side in a dispatcher's words: cost by cause, moved stops by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fulfillment.models.plan_drafts import PlanDraft
from fulfillment.models.warehouse import Drop
from fulfillment.routing.plan import PlanCosts
from fulfillment.routing.travel import TravelProvider
from fulfillment.selectors.delivery_views import REASON_LABELS
from fulfillment.selectors.plan_drafts import PlanComparison, compare_with_current
from fulfillment.selectors.plan_stand import stop_key_read


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """One cause of cost on both sides; nothing before the first plan."""

    label: str
    before_fen: int | None
    after_fen: int

    @property
    def delta_fen(self) -> int:
        """How much dearer the draft is."""
        return self.after_fen - (self.before_fen or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """A stop that moves, by name; nothing for on no trip."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedRow:
    """A stop on no trip of the draft, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The accepted plan and a draft, ready to be read."""

    comparison: PlanComparison
    causes: tuple[CauseRow, ...]
    moved: tuple[MovedRow, ...]
    unserved: tuple[UnservedRow, ...]


def compared(draft: PlanDraft, travel: TravelProvider) -> Compared:
    """Compare a draft with the accepted plan, on today's goods and roads."""
    comparison = compare_with_current(draft, travel)
    before, after = comparison.before, comparison.after
    keys = [moved.stop_key for moved in comparison.moved]
    names = _names([*keys, *(out.stop_key for out in after.unserved)])
    return Compared(
        comparison=comparison,
        causes=cost_causes(None if before is None else before.costs, after.costs),
        moved=tuple(
            MovedRow(
                name=names[moved.stop_key],
                before=_seat(moved.before),
                after=_seat(moved.after),
            )
            for moved in comparison.moved
        ),
        unserved=tuple(
            UnservedRow(
                name=names[out.stop_key], reason=str(REASON_LABELS.get(out.reason, out.reason))
            )
            for out in after.unserved
        ),
    )


def cost_causes(before: PlanCosts | None, after: PlanCosts) -> tuple[CauseRow, ...]:
    """Return cost by cause, of one plan or of two, with the sum last."""
    return tuple(
        CauseRow(
            label=label,
            before_fen=None if before is None else getattr(before, name),
            after_fen=getattr(after, name),
        )
        for label, name in (
            (_("Vehicles, fixed"), "fixed_fen"),
            (_("Kilometres"), "distance_fen"),
            (_("Working hours"), "hours_fen"),
            (_("Overtime"), "overtime_fen"),
            (_("Lateness"), "lateness_fen"),
            (_("Together"), "total_fen"),
        )
    )


def _names(stop_keys: Iterable[str]) -> Mapping[str, str]:
    """Part key → slot and leader, and which part."""
    parts = {key: stop_key_read(key) for key in stop_keys}
    drops = Drop.objects.select_related("pickup_point__leader").in_bulk(
        {drop_id for drop_id, _part in parts.values()}
    )
    return {
        key: " ".join(
            filter(
                None,
                (
                    drops[drop_id].slot_code,
                    drops[drop_id].pickup_point.leader.name,
                    f"#{part}" if "#" in key else "",
                ),
            )
        )
        for key, (drop_id, part) in parts.items()
        if drop_id in drops
    }


def _seat(seat: tuple[str, int] | None) -> str:
    return "" if seat is None else f"{seat[0]}-{seat[1]}"
