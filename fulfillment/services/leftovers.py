"""The shelf of leftovers: pieces go onto it at the end of a run and into later ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from fulfillment.domain.leftovers import leftovers_for
from fulfillment.errors import LeftoverNotThere
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.leftovers import LeftoverKind, LeftoverMovement
from fulfillment.selectors.leftovers import leftover_balances, leftovers_used_by_sku
from fulfillment.selectors.receiving import accepted_by_sku
from fulfillment.selectors.spare import spare_by_sku
from fulfillment.services.day_guard import run_locked
from leaders.models.accounts import User
from orders.models.catalogue import Sku

# What people may do with goods on the shelf; the rest is the platform's own doing.
TAKEN_BY_HAND = (LeftoverKind.RETURNED, LeftoverKind.GIVEN, LeftoverKind.DISPOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Pieces that leave the shelf by hand: one of `TAKEN_BY_HAND`, how many, and why."""

    kind: LeftoverKind
    qty: int
    reason: str


@transaction.atomic
def leftovers_use(*, run: CutoffRun, needs: Mapping[int, int], now: datetime) -> dict[int, int]:
    """Take what is still good from the shelf for a run; return the pieces by SKU id.

    `needs` holds pieces by SKU id. A run takes once: asked again it gets the
    answer of the first time.
    """
    run_locked(run.pk)
    if used := leftovers_used_by_sku(run):
        return used
    _shelf_hold(needs)
    uses = leftovers_for(needs, leftover_balances(on=run.campaign.delivery_date))
    LeftoverMovement.objects.bulk_create(
        LeftoverMovement(
            origin_run_id=use.balance.origin_run_id,
            used_run=run,
            sku_id=use.balance.sku_id,
            kind=LeftoverKind.USED,
            qty=-use.qty,
            at=now,
        )
        for use in uses
    )
    return leftovers_used_by_sku(run)


@transaction.atomic
def leftovers_keep(*, run: CutoffRun, actor: User | None, now: datetime) -> dict[int, int]:
    """Put the spare of a run onto the shelf, once; return what came in, by SKU id.

    Pieces that came from the shelf and found nobody again are written off at
    once: they would look a day younger than they are.
    """
    run_locked(run.pk)
    kept = set(
        LeftoverMovement.objects.filter(origin_run=run, kind=LeftoverKind.KEPT).values_list(
            "sku_id", flat=True
        )
    )
    spare = {sku_id: qty for sku_id, qty in spare_by_sku(run).items() if sku_id not in kept}
    stale = _stale(run, spare)
    moves = [(sku_id, LeftoverKind.KEPT, qty, "") for sku_id, qty in sorted(spare.items())]
    moves += [
        (sku_id, LeftoverKind.DISPOSED, -qty, _("Was left over before; not kept a second time."))
        for sku_id, qty in sorted(stale.items())
    ]
    LeftoverMovement.objects.bulk_create(
        LeftoverMovement(
            origin_run=run, sku_id=sku_id, kind=kind, qty=qty, reason=reason, at=now, actor=actor
        )
        for sku_id, kind, qty, reason in moves
    )
    return spare


@transaction.atomic
def leftover_take(
    *, origin_run_id: int, sku_id: int, taking: Taking, actor: User, now: datetime
) -> LeftoverMovement:
    """Note that pieces left the shelf by hand: returned, given as a sample, disposed of.

    Raises `LeftoverNotThere` if fewer lie there.
    """
    _shelf_hold([sku_id])
    held = LeftoverMovement.objects.filter(origin_run_id=origin_run_id, sku_id=sku_id).aggregate(
        pieces=Sum("qty", default=0)
    )["pieces"]
    if not 0 < taking.qty <= held:
        raise LeftoverNotThere("There are not that many pieces on the shelf.", pieces=held)
    return LeftoverMovement.objects.create(
        origin_run_id=origin_run_id,
        sku_id=sku_id,
        kind=taking.kind,
        qty=-taking.qty,
        reason=taking.reason,
        at=now,
        actor=actor,
    )


def _shelf_hold(sku_ids: Collection[int]) -> None:
    """Let one transaction at a time take of these goods.

    The goods are held and not their movements: those are only added to, and
    who may not change a row may not lock it either.
    """
    goods = Sku.objects.filter(pk__in=sku_ids).order_by("pk")
    list(goods.select_for_update(no_key=True).values_list("pk", flat=True))


def _stale(run: CutoffRun, spare: Mapping[int, int]) -> dict[int, int]:
    """Spare pieces that came from the shelf; what arrived for the run is given last."""
    accepted = accepted_by_sku(run)
    stale = {
        sku_id: spare.get(sku_id, 0) - (accepted[sku_id] - used)
        for sku_id, used in leftovers_used_by_sku(run).items()
    }
    return {sku_id: qty for sku_id, qty in stale.items() if qty > 0}
