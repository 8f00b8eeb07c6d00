"""What the papers of a run were last made from, and whether that is still all."""

from dataclasses import dataclass, fields

from django.db.models import QuerySet, Sum

from fulfillment.domain.cutoff_run import Step
from fulfillment.models.allocation import AllocationRun
from fulfillment.models.cutoff_run import CutoffRun, StepRecord, StepState
from fulfillment.models.delivery import DeliveryRun
from fulfillment.models.receiving import GoodsReceiptLine, ReceiptLineVoid
from fulfillment.models.totes import ToteEvent
from fulfillment.models.warehouse import ToteState


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersBasis:
    """How many events of each kind a run has; all of them are only added to.

    Counts and not moments: a row that was written before a print but
    committed after it is one more, and clocks play no part. Plans count with
    their revisions.
    """

    allocations: int
    counts: int
    seals: int
    plans: int

    def __str__(self) -> str:
        return " ".join(f"{field.name}={getattr(self, field.name)}" for field in fields(self))


def papers_basis(run: CutoffRun) -> PapersBasis:
    """Count what the papers of a run show."""
    return PapersBasis(
        allocations=AllocationRun.objects.filter(run=run).count(),
        counts=_counts(run),
        seals=ToteEvent.objects.filter(
            tote__drop__wave__run=run, to_state=ToteState.SEALED
        ).count(),
        plans=_plans(run),
    )


def papers_stale(run: CutoffRun) -> bool:
    """Whether something was shared out, counted, sealed or planned since the last print.

    A run whose papers were never printed as a whole is not stale: the night
    has yet to come to its print.
    """
    basis = _printed_basis(run)
    return bool(basis) and basis != str(papers_basis(run))


def allocation_printed(run: CutoffRun) -> bool:
    """Whether the papers show the newest allocation run."""
    newest = AllocationRun.objects.filter(run=run).count()
    return f"allocations={newest}" in _printed_basis(run).split()


def plans_printed(run: CutoffRun) -> bool:
    """Whether the papers show the newest revision of every plan."""
    return f"plans={_plans(run)}" in _printed_basis(run).split()


def basis_with_plans(run: CutoffRun) -> str:
    """What the papers were last made from, but for the plans, which are as they are now."""
    words = (
        f"plans={_plans(run)}" if word.startswith("plans=") else word
        for word in _printed_basis(run).split()
    )
    return " ".join(words)


def runs_with_papers() -> QuerySet[CutoffRun]:
    """Runs whose papers are printed and whose day is not closed, oldest first."""
    printed = StepRecord.objects.filter(name=Step.PRINT, state=StepState.DONE).values("run_id")
    return (
        CutoffRun.objects.filter(pk__in=printed, day_closed_at__isnull=True)
        .exclude(papers_basis="")
        .select_related("campaign")
        .order_by("created_at", "pk")
    )


def _printed_basis(run: CutoffRun) -> str:
    return CutoffRun.objects.values_list("papers_basis", flat=True).get(pk=run.pk)


def _plans(run: CutoffRun) -> int:
    plans = DeliveryRun.objects.filter(cutoff_run=run)
    return int(plans.aggregate(revisions=Sum("revision", default=0))["revisions"])


def _counts(run: CutoffRun) -> int:
    lines = GoodsReceiptLine.objects.filter(purchase_line__purchase_order__run=run).count()
    voids = ReceiptLineVoid.objects.filter(
        receipt_line__purchase_line__purchase_order__run=run
    ).count()
    return lines + voids
