"""Goods that never reached the leader are paid back once, to whoever paid last."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from fulfillment.errors import CaseUndecided
from fulfillment.models.exceptions import Bearer, Cause, ExceptionCase, Stage
from fulfillment.models.supplier_accounts import SupplierClaim
from fulfillment.models.warehouse import Drop
from fulfillment.selectors.books import books_check
from fulfillment.selectors.handover_refunds import residents_due
from fulfillment.services.claim_decisions import refund_sign
from fulfillment.services.exceptions import CaseDraft, case_decide, case_open
from fulfillment.services.handover_refunds import ResidentsRefunded, residents_refund
from leaders.models.accounts import Role, User
from leaders.models.countersignatures import Countersignature
from orders.domain.claims import ClaimRequest
from orders.models.claims import Claim, ClaimState
from orders.models.orders import Order, OrderLine
from orders.models.outbox import OutboxMessage, Topic
from orders.models.payments import RefundLine, RefundReason
from orders.services.claims import claim_file
from tests.factories.countersignatures import FinanceFactory
from tests.factories.leaders import UserFactory
from tests.fulfillment.services.days import played

pytestmark = pytest.mark.django_db

AFTER = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


@pytest.fixture
def buyer() -> User:
    user: User = UserFactory.create(role=Role.BUYER)
    return user


@pytest.fixture
def lines() -> list[OrderLine]:
    """The K1 lines of one point of a played day, whoever paid first first."""
    run = played()
    drop = Drop.objects.filter(wave__run=run).order_by("slot_code").first()
    assert drop is not None
    found = OrderLine.objects.filter(
        sku__code="K1",
        order__pickup_point_id=drop.pickup_point_id,
        allocation__allocated_qty__gt=0,
    )
    return list(found.select_related("order", "sku").order_by("order__paid_at", "line_no"))


def missed(lines: list[OrderLine], qty: int, *, is_decided: bool = True) -> ExceptionCase:
    """A decided case: so many pieces of the goods never reached their leader."""
    drop = Drop.objects.get(pickup_point_id=lines[0].order.pickup_point_id)
    draft = CaseDraft(
        stage=Stage.HANDOVER,
        cause=Cause.SHORT,
        qty=qty,
        sku_id=lines[0].sku_id,
        drop_id=drop.pk,
    )
    case = case_open(run_id=drop.wave.run_id, draft=draft, actor=None, now=AFTER)
    if is_decided:
        worker = UserFactory.create(role=Role.WAREHOUSE)
        case_decide(case_id=case.pk, bearer=Bearer.DRIVER, note="", actor=worker, now=AFTER)
    return case


def refund(case: ExceptionCase, buyer: User) -> ResidentsRefunded:
    return residents_refund(case_id=case.pk, actor=buyer, now=AFTER)


def claims() -> list[tuple[int, int]]:
    return list(Claim.objects.order_by("pk").values_list("order_line_id", "qty"))


def test_whoever_paid_last_goes_without_and_gets_the_money_back(
    lines: list[OrderLine], buyer: User
) -> None:
    last = lines[-1]

    paid = refund(missed(lines, 1), buyer)

    fen = last.amount_fen // last.qty
    assert (paid.lines, paid.pieces) == (1, 1)
    assert abs(paid.fen - fen) <= 1
    assert claims() == [(last.pk, 1)]
    claim = Claim.objects.get()
    assert (claim.state, claim.kind, claim.decided_by) == (ClaimState.APPROVED, "missing", buyer)
    row = RefundLine.objects.get(refund__reason=RefundReason.AFTER_SALES)
    assert (row.order_line_id, row.qty, row.amount_fen) == (last.pk, 1, paid.fen)
    assert OutboxMessage.objects.filter(topic=Topic.CLAIM_DECIDED).count() == 1
    assert [result.name for result in books_check() if result.violations] == []


def test_the_second_press_pays_nothing(lines: list[OrderLine], buyer: User) -> None:
    case = missed(lines, 1)
    refund(case, buyer)

    assert refund(case, buyer) == ResidentsRefunded(lines=0, pieces=0, fen=0)
    assert len(claims()) == 1


def test_more_that_turns_out_missing_is_paid_on_top(lines: list[OrderLine], buyer: User) -> None:
    refund(missed(lines, 1), buyer)

    paid = refund(missed(lines, 1), buyer)

    assert paid.pieces == 1
    assert sum(qty for _line, qty in claims()) == 2


def test_all_that_is_missing_hits_every_line_and_no_more(
    lines: list[OrderLine], buyer: User
) -> None:
    came = sum(line.allocation.allocated_qty for line in lines)

    paid = refund(missed(lines, came), buyer)

    assert paid.pieces == came
    assert {line_id for line_id, _qty in claims()} == {line.pk for line in lines}


def test_what_a_resident_has_claimed_as_missing_is_not_paid_twice(
    lines: list[OrderLine], buyer: User
) -> None:
    first = lines[0]
    claim_file(
        resident_id=first.order.resident_id,
        request=ClaimRequest(
            order_no=first.order.order_no,
            line_no=first.line_no,
            kind="missing",
            qty=1,
            description="",
            photos=(),
            request_key="own",
        ),
        now=AFTER,
    )

    assert residents_due(missed(lines, 1)) == ()


def test_nothing_is_paid_before_somebody_has_decided(lines: list[OrderLine], buyer: User) -> None:
    case = missed(lines, 1, is_decided=False)

    with pytest.raises(CaseUndecided):
        refund(case, buyer)


def test_pieces_too_many_or_lost_elsewhere_are_nobodys_money(lines: list[OrderLine]) -> None:
    case = missed(lines, 1)
    case.stage = Stage.SORT
    assert residents_due(case) == ()

    ExceptionCase.objects.update(cause="over")
    case.refresh_from_db()
    assert residents_due(case) == ()


def test_orders_that_are_cancelled_get_nothing(lines: list[OrderLine]) -> None:
    case = missed(lines, 1)
    Order.objects.filter(pk=lines[-1].order_id).update(state="refunded")

    due = residents_due(case)

    assert lines[-1].pk not in {row.line.pk for row in due}


def test_what_is_above_the_limit_of_a_refund_waits_for_finance(
    lines: list[OrderLine], buyer: User, settings: Settings
) -> None:
    settings.SERVICE_REFUND_MAX_FEN = 0
    case = missed(lines, 1)

    paid = refund(case, buyer)
    again = refund(case, buyer)
    asked = Countersignature.objects.get()
    refund_sign(countersignature=asked, actor=FinanceFactory.create(), now=AFTER)

    claim = Claim.objects.get()
    assert (paid, again) == (
        ResidentsRefunded(lines=0, pieces=0, fen=0, waiting=1),
        ResidentsRefunded(lines=0, pieces=0, fen=0),
    )
    assert asked.asked_by == buyer
    assert (claim.state, claim.bearer, claim.decided_by) == ("approved", "driver", buyer)
    assert not SupplierClaim.objects.exists()
