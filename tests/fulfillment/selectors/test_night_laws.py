"""The laws of a closed day, and the lies they find."""

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
    """A day on paper, closed: two pieces missing at the load, one at the door."""
    run = played()
    actor: User = UserFactory.create(role=Role.WAREHOUSE)
    for stage, qty in ((Stage.LOAD, 2), (Stage.HANDOVER, 1)):
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
        case_decide(case_id=case.pk, bearer=Bearer.DRIVER, note="", actor=actor, now=NOW)
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
    return day_close(run=run, actor=actor, now=NOW)


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
