"""The laws of a closed day, and the lies they find."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from fulfillment.domain.day_counts import Counted
from fulfillment.models.cutoff_run import CutoffRun
from fulfillment.models.delivery import Stop
from fulfillment.models.exceptions import Bearer, Cause, Stage
from fulfillment.models.leftovers import LeftoverMovement
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.book_laws.night import LAWS
from fulfillment.selectors.books import books_check
from fulfillment.selectors.day_close import day_counts
from fulfillment.services.day_close import Declaration, count_declare_unrecorded, day_close
from fulfillment.services.exceptions import (
    CaseDraft,
    case_decide,
    case_open,
    cases_decide_as_proposed,
)
from fulfillment.services.supplier_claims import supplier_claim_raise, supplier_claim_settle
from fulfillment.services.supplier_statements import (
    statement_close,
    statement_make,
    statement_pay,
)
from leaders.models.accounts import Role, User
from orders.models.catalogue import Sku
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

NOW = timezone.now()

# Told behind the back of every constraint and trigger.
LIES = [
    ("day_counts", "DELETE FROM fulfillment_unrecordedcount WHERE stage = 'sort'"),
    ("day_counts", "DELETE FROM fulfillment_unrecordedcount WHERE stage = 'load'"),
    ("day_counts", "DELETE FROM fulfillment_unrecordedcount WHERE stage = 'handover'"),
    ("four_counts", "UPDATE fulfillment_exceptioncase SET qty = 99 WHERE stage = 'load'"),
    (
        "four_counts",
        """
        INSERT INTO fulfillment_sortevent
            (event_id, sort_task_id, stage, drop_id, qty, cause, device, sorter_name, at)
        SELECT gen_random_uuid(), t.id, 'slot', d.id, 99, '', '', '', now()
          FROM fulfillment_sorttask t JOIN fulfillment_drop d ON d.wave_id = t.wave_id
        """,
    ),
    ("day_cases", "UPDATE fulfillment_exceptioncase SET state = 'open', bearer = ''"),
    (
        "day_cases",
        "UPDATE fulfillment_exceptioncase SET stage = 'sort', qty = 99 WHERE stage = 'load'",
    ),
    ("day_balance", "UPDATE orders_refundline SET qty = qty - 1"),
    ("day_balance", "UPDATE fulfillment_stop SET state = 'refused'"),
    (
        "day_balance",
        """
        UPDATE fulfillment_allocation SET allocated_qty = allocated_qty - 1
         WHERE id = (SELECT min(id) FROM fulfillment_allocation)
        """,
    ),
    ("supplier_claims", "UPDATE fulfillment_supplierclaim SET amount_fen = amount_fen + 1"),
    ("supplier_claims", "UPDATE fulfillment_exceptioncase SET bearer = 'driver'"),
    ("supplier_claims", "UPDATE fulfillment_goodsreceiptline SET rejected_qty = arrived_qty"),
    ("supplier_statements", "UPDATE fulfillment_supplierstatement SET goods_fen = goods_fen + 1"),
    ("supplier_statements", "UPDATE fulfillment_supplierclaim SET state = 'accepted'"),
    ("supplier_statements", "DELETE FROM orders_transfer WHERE event = 'supplier_deducted'"),
    ("supplier_statements", "DELETE FROM orders_transfer WHERE event = 'supplier_paid'"),
    ("leftovers", "UPDATE fulfillment_leftovermovement SET qty = qty + 1"),
    ("leftovers", "DELETE FROM fulfillment_leftovermovement"),
    (
        "leftovers",
        """
        INSERT INTO fulfillment_leftovermovement (origin_run_id, sku_id, kind, qty, reason, at)
        SELECT origin_run_id, sku_id, 'disposed', -99, '', now()
          FROM fulfillment_leftovermovement
        """,
    ),
]


def closed() -> CutoffRun:
    """A day on paper, closed and settled.

    Two pieces were missing at the load, the supplier bears one at the door.
    """
    run = played()
    actor: User = UserFactory.create(role=Role.WAREHOUSE)
    cases = []
    for stage, qty, bearer in (
        (Stage.LOAD, 2, Bearer.WAREHOUSE),
        (Stage.HANDOVER, 1, Bearer.SUPPLIER),
    ):
        drop = Drop.objects.filter(wave__run=run).order_by("pk").first()
        assert drop is not None
        draft = CaseDraft(
            stage=stage,
            cause=Cause.SHORT,
            qty=qty,
            sku_id=Sku.objects.get(code="K1").pk,
            drop_id=drop.pk,
        )
        case = case_open(run_id=run.pk, draft=draft, actor=actor, now=NOW)
        case_decide(case_id=case.pk, bearer=bearer, note="", actor=actor, now=NOW)
        cases.append(case)
    cases_decide_as_proposed(run_id=run.pk, stage=Stage.RECEIVE, note="", actor=actor, now=NOW)
    for missing in day_counts(run).missing:
        assert missing.pk is not None
        declaration = Declaration(
            stage=Stage(missing.stage),
            counted=missing.counted or Counted.DROP,
            pk=missing.pk,
            reason="paper",
        )
        count_declare_unrecorded(run=run, declaration=declaration, actor=actor, now=NOW)
    run = day_close(run=run, actor=actor, now=NOW)
    _settle(cases[-1].pk, actor)
    return run


def _settle(case_id: int, actor: User) -> None:
    """Claim the case on its supplier, deduct it, and pay the rest."""
    claim = supplier_claim_raise(case_id=case_id, now=NOW)
    supplier_claim_settle(claim_id=claim.pk, accept=True, note="", actor=actor, now=NOW)
    delivered_on = claim.case.run.campaign.delivery_date
    # The claim is raised as the test runs; its statement reaches back to the goods.
    later = NOW + timedelta(days=2)
    statement = statement_make(
        supplier_id=claim.supplier_id,
        from_on=delivered_on - timedelta(days=2),
        until_on=timezone.localdate(NOW),
        now=later,
    )
    statement_close(statement_id=statement.pk, now=later)
    statement_pay(statement_id=statement.pk, now=later)


def broken() -> list[str]:
    return [result.name for result in books_check(LAWS) if result.violations]


def test_the_books_of_a_closed_day_agree() -> None:
    run = closed()

    assert [result.name for result in books_check() if result.violations] == []
    assert run.day_closed_at is not None
    assert LeftoverMovement.objects.exists()


@pytest.mark.parametrize(("law", "lie"), LIES)
def test_a_lie_about_a_closed_day_is_found_by_the_law_it_breaks(law: str, lie: str) -> None:
    closed()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(lie)

    assert law in broken()


def test_an_open_day_breaks_none_of_them() -> None:
    played()
    Stop.objects.update(state="refused")

    assert broken() == []


def test_every_law_of_the_night_has_a_lie() -> None:
    assert {law for law, _lie in LIES} == {law.name for law in LAWS}
