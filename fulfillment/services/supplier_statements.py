"""Supplier statements (对账单): goods accepted in a span of days, less what the supplier bears."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.domain.lifecycle import SUPPLIER_CLAIM_LIFECYCLE, SUPPLIER_STATEMENT_LIFECYCLE
from fulfillment.errors import StatementNotPossible
from fulfillment.models.purchasing import Supplier
from fulfillment.models.supplier_accounts import (
    SupplierClaim,
    SupplierClaimState,
    SupplierStatement,
    SupplierStatementState,
)
from fulfillment.selectors.supplier_accounts import (
    Days,
    claims_to_deduct,
    goods_fen,
    runs_open_of,
    statements_overlapping,
    suppliers_with_goods,
)
from leaders.domain.crashpoints import crashpoint
from orders.domain.ledger import supplier_deducted, supplier_paid
from orders.services.ledger import transfers_post


@transaction.atomic
def statement_make(
    *, supplier_id: int, from_on: date, until_on: date, now: datetime
) -> SupplierStatement:
    """Draft the statement of a supplier for whole days that are over.

    A draft that starts on the same day is made anew. Raises
    `StatementNotPossible` for days that are not over or stand in another
    statement.
    """
    supplier = Supplier.objects.select_for_update(no_key=True).get(pk=supplier_id)
    days = Days(from_on=from_on, until_on=until_on)
    if from_on > until_on or until_on >= timezone.localdate(now):
        raise StatementNotPossible(_("A statement is for days that are over."))
    others = statements_overlapping(supplier, days).exclude(
        from_on=from_on, state=SupplierStatementState.DRAFT
    )
    if others.exists():
        raise StatementNotPossible(_("Some of these days stand in another statement."))
    owed_fen = goods_fen(supplier, days)
    claims = claims_to_deduct(supplier, days, at_most_fen=owed_fen)
    statement, _is_new = SupplierStatement.objects.update_or_create(
        supplier=supplier,
        from_on=from_on,
        defaults={
            "statement_no": f"DZ-{supplier.code}-{from_on:%Y%m%d}",
            "until_on": until_on,
            "goods_fen": owed_fen,
            "claims_fen": sum(claim.amount_fen for claim in claims),
            "due_on": until_on + timedelta(days=supplier.terms_days),
            "made_at": now,
        },
    )
    statement.refresh_from_db()
    return statement


def statements_make_weekly(*, now: datetime) -> int:
    """Draft the statements of the last whole week, Monday to Sunday; return how many."""
    today = timezone.localdate(now)
    until_on = today - timedelta(days=today.isoweekday())
    from_on = until_on - timedelta(days=6)
    suppliers = list(suppliers_with_goods(Days(from_on=from_on, until_on=until_on)))
    for supplier in suppliers:
        statement_make(supplier_id=supplier.pk, from_on=from_on, until_on=until_on, now=now)
    return len(suppliers)


@transaction.atomic
def statement_close(*, statement_id: int, now: datetime) -> SupplierStatement:
    """Fix a statement: sum it anew, deduct its claims and post the deductions.

    Raises `StatementNotPossible` if it is no draft, or while a day with its
    goods is not closed: its counts may still change.
    """
    statement = _locked(statement_id)
    supplier = statement.supplier
    days = Days(from_on=statement.from_on, until_on=statement.until_on)
    if open_days := runs_open_of(supplier, days):
        raise StatementNotPossible(
            _("Close the days of these goods first: %(count)d are open.") % {"count": open_days}
        )
    owed_fen = goods_fen(supplier, days)
    claims = claims_to_deduct(supplier, days, at_most_fen=owed_fen)
    changed = SupplierStatement.objects.filter(
        pk=statement_id,
        state__in=SUPPLIER_STATEMENT_LIFECYCLE.sources_of(SupplierStatementState.CLOSED),
    ).update(
        state=SupplierStatementState.CLOSED,
        closed_at=now,
        goods_fen=owed_fen,
        claims_fen=sum(claim.amount_fen for claim in claims),
    )
    if not changed:
        raise StatementNotPossible(_("This statement is closed already."))
    crashpoint("statement.closed")
    _deduct(statement, [claim.pk for claim in claims], now)
    statement.refresh_from_db()
    return statement


@transaction.atomic
def statement_pay(*, statement_id: int, now: datetime) -> SupplierStatement:
    """Note that a closed statement was paid, and post it.

    Raises `StatementNotPossible` for a draft or one that is paid already.
    """
    statement = _locked(statement_id)
    changed = SupplierStatement.objects.filter(
        pk=statement_id,
        state__in=SUPPLIER_STATEMENT_LIFECYCLE.sources_of(SupplierStatementState.PAID),
    ).update(state=SupplierStatementState.PAID)
    if not changed:
        raise StatementNotPossible(_("Only a closed statement is paid, and once."))
    if statement.due_fen:
        transfers_post(
            drafts=[
                supplier_paid(
                    payment_no=statement.statement_no,
                    supplier_code=statement.supplier.code,
                    amount_fen=statement.due_fen,
                    business_date=timezone.localdate(now),
                )
            ],
            now=now,
        )
    statement.refresh_from_db()
    return statement


def _locked(statement_id: int) -> SupplierStatement:
    """The statement with its supplier held: one statement of a supplier at a time."""
    supplier_id = SupplierStatement.objects.values_list("supplier_id", flat=True).get(
        pk=statement_id
    )
    Supplier.objects.select_for_update(no_key=True).get(pk=supplier_id)
    return SupplierStatement.objects.select_related("supplier").get(pk=statement_id)


def _deduct(statement: SupplierStatement, claim_ids: list[int], now: datetime) -> None:
    """Mark the claims as deducted in the statement, and owe the supplier that much less."""
    held = SupplierClaim.objects.select_for_update(no_key=True).filter(
        pk__in=claim_ids,
        state__in=SUPPLIER_CLAIM_LIFECYCLE.sources_of(SupplierClaimState.DEDUCTED),
    )
    claims = list(held.order_by("pk"))
    SupplierClaim.objects.filter(pk__in=[claim.pk for claim in claims]).update(
        state=SupplierClaimState.DEDUCTED, statement=statement
    )
    transfers_post(
        drafts=[
            supplier_deducted(
                statement_no=statement.statement_no,
                claim_no=f"C{claim.pk}",
                supplier_code=statement.supplier.code,
                amount_fen=claim.amount_fen,
                business_date=timezone.localdate(now),
            )
            for claim in claims
            if claim.amount_fen
        ],
        now=now,
    )
