"""Exceptions of totes that are not on the vehicle: opened at the signature, settled when found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid5

from django.utils.translation import gettext as _

from fulfillment.domain.loading import Pieces, missing_pieces
from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, ExceptionCaseState, Stage
from fulfillment.models.warehouse import Tote
from fulfillment.selectors.drop_parts import StopTotes
from fulfillment.selectors.totes import SEALED_OR_LATER, drop_contents, tote_row
from fulfillment.services.exceptions import CaseDraft, case_decide, case_open
from fulfillment.services.tote_moves import MoveNote
from leaders.models.accounts import User
from orders.domain.storage import StorageClass


def missing_cases_open(
    *,
    here: StopTotes,
    totes: Iterable[Tote],
    named: Mapping[int, Pieces],
    note: MoveNote,
) -> None:
    """Open a case for every SKU in every missing tote of a stop, and for a tote without goods.

    `totes` are all of its drop, maybe of others, too; `named` says tote → SKU →
    pieces where nobody can know. Raises `TotesMissing` where somebody has to say more.
    """
    drop = here.stop.drop
    held: defaultdict[StorageClass, dict[int, int]] = defaultdict(dict)
    for sku in drop_contents(drop):
        held[sku.storage][sku.sku_id] = sku.pieces
    gone = missing_pieces(
        totes=[
            tote_row(row)
            for row in totes
            if row.drop_id == drop.pk and row.state in SEALED_OR_LATER
        ],
        missing={row.pk for row in here.waiting},
        contents=held,
        named=named,
    )
    for tote_id, pieces in sorted(gone.items()):
        found: list[tuple[int | None, int]] = [*pieces.items()] or [(None, 0)]
        for sku_id, qty in found:
            draft = CaseDraft(
                stage=Stage.LOAD,
                cause=Cause.SHORT,
                qty=qty,
                sku_id=sku_id,
                drop_id=drop.pk,
                tote_id=tote_id,
                note=note.reason,
                event_id=uuid5(note.key, f"missing {tote_id} {sku_id}"),
            )
            case_open(run_id=drop.wave.run_id, draft=draft, actor=note.actor, now=note.now)


def missing_cases_settle(*, tote: Tote, actor: User, now: datetime) -> None:
    """Nothing of a found tote is missing; whoever looks at its cases sees why."""
    cases = ExceptionCase.objects.filter(tote=tote, stage=Stage.LOAD)
    cases.update(qty=0)
    for case in cases.filter(state=ExceptionCaseState.OPEN).order_by("pk"):
        case_decide(
            case_id=case.pk,
            bearer=Bearer.WAREHOUSE,
            note=_("Found and loaded."),
            actor=actor,
            now=now,
        )
